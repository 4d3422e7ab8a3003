import { type JetStreamManager, jetstreamManager, type StreamConfig } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { STREAMS, type StreamSpec, streamConfigOf, streamFaults } from '@vessel/proto/streams'
import type { Clock, Log } from '../vm/ports.ts'

const API_TIMEOUT_MS = 5_000
/** An orchestrator makes the streams where the agent may not; this is how often we look. */
const LOOK_EVERY_MS = 1_000
const LOOKS_MAX = 120

/**
 * Creates the streams or waits until someone did, reads them back, and throws on any difference.
 */
export async function ensureStreams(
  nats: NatsConnection,
  options: { replicas: number },
  deps: { clock: Clock; log: Log },
): Promise<void> {
  // No account check: that request is not among the few an agent may make.
  const manager = await jetstreamManager(nats, { checkAPI: false, timeout: API_TIMEOUT_MS })
  const faults: string[] = []
  for (const spec of Object.values(STREAMS)) {
    const found = await findOrCreate(manager, spec, { ...options, ...deps })
    faults.push(...streamFaults(spec, found))
  }
  if (faults.length > 0) {
    throw new Error(`the streams are not as Vessel needs them:\n  ${faults.join('\n  ')}`)
  }
}

async function findOrCreate(
  manager: JetStreamManager,
  spec: StreamSpec,
  context: { replicas: number; clock: Clock; log: Log },
): Promise<Partial<StreamConfig>> {
  for (let look = 1; ; look += 1) {
    try {
      return (await manager.streams.info(spec.name)).config
    } catch (thrown) {
      if (look >= LOOKS_MAX) {
        throw new Error(`stream ${spec.name} cannot be read or created`, { cause: thrown })
      }
    }
    try {
      return (await manager.streams.add(streamConfigOf(spec, context.replicas))).config
    } catch (thrown) {
      context.log.info({ stream: spec.name, err: thrown }, 'waiting for the stream')
      await context.clock.sleep(LOOK_EVERY_MS)
    }
  }
}
