import type { NatsConnection } from '@nats-io/transport-node'
import { type Beat, beat } from '@vessel/proto/events/beat'
import { parseJson } from '@vessel/proto/parse'
import { parseSubject, REQUEST_QUEUE, subjects } from '@vessel/proto/subjects'
import type { Log } from '../ports.ts'

export interface BeatListeners {
  /** Every orchestrator hears every beat. */
  readonly onBeat: (beat: Beat) => void
  /** One orchestrator of all, for what is to be done once per beat. */
  readonly onBeatOnce: (beat: Beat) => void
}

export function listenToBeats(
  deps: { nc: NatsConnection; log: Log },
  { onBeat, onBeatOnce }: BeatListeners,
): { stop(): void } {
  const { nc, log } = deps
  const listen = (listener: (beat: Beat) => void, queue?: string) =>
    nc.subscribe(subjects.everyBeat, {
      ...(queue ? { queue } : {}),
      callback: (fault, message) => {
        if (fault) return log.error({ err: fault }, 'beats cannot be heard')
        try {
          const heard = parseJson(beat, message.data)
          const subject = parseSubject(message.subject)
          if (subject?.kind === 'beat' && subject.host === heard.host) listener(heard)
          else log.warn({ subject: message.subject }, 'beat in the name of another host')
        } catch (err) {
          log.warn({ subject: message.subject, err }, 'beat is not valid')
        }
      },
    })
  const subscriptions = [listen(onBeat), listen(onBeatOnce, REQUEST_QUEUE)]
  return {
    stop() {
      for (const subscription of subscriptions) subscription.unsubscribe()
    },
  }
}
