import type { JetStreamManager } from '@nats-io/jetstream'
import type { NatsConnection, Subscription } from '@nats-io/transport-node'
import { guestMessage, type SystemMetrics } from '@vessel/proto/guest/messages'
import type { SessionId } from '@vessel/proto/ids'
import { parseJson } from '@vessel/proto/parse'
import { STREAMS } from '@vessel/proto/streams'
import { subjects } from '@vessel/proto/subjects'
import type { HubLogger, MetricSource } from '../ports.ts'

export interface NatsMetricsDeps {
  readonly nc: NatsConnection
  readonly jsm: JetStreamManager
  readonly log: HubLogger
}

type Listener = (message: SystemMetrics) => void

/**
 * Load samples. A stream's messages also reach plain subscribers, and of load only the newest
 * matters, so live samples need no consumer; the stream serves the one before the first.
 */
export function createNatsMetrics({ nc, jsm, log }: NatsMetricsDeps): MetricSource {
  return {
    watch(session: SessionId, listener: Listener) {
      const subject = subjects.metricOf(session)
      let hasLive = false
      let isStopped = false
      const subscription: Subscription = nc.subscribe(subject, {
        callback: (error, message) => {
          const sample = error ? null : parseSample(message.data)
          if (!sample) return
          hasLive = true
          listener(sample)
        },
      })
      jsm.streams
        .getMessage(STREAMS.metric.name, { last_by_subj: subject })
        .then((last) => {
          const sample = last ? parseSample(last.data) : null
          if (sample && !hasLive && !isStopped) listener(sample)
        })
        .catch((cause) => log.warn({ session, err: String(cause) }, 'last metric not read'))
      return () => {
        isStopped = true
        subscription.unsubscribe()
      }
    },
  }
}

/** Other things a guest says share the subject; they are not load. */
function parseSample(data: Uint8Array): SystemMetrics | null {
  try {
    const message = parseJson(guestMessage, data)
    return message.type === 'system_metrics' ? message : null
  } catch {
    return null
  }
}
