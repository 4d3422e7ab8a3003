import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { STREAMS, type StreamSpec, streamConfigOf, streamFaults } from '@vessel/proto/streams'

const API_TIMEOUT_MS = 5_000

/**
 * Creates the streams where they are missing and reads them back: a server that silently ignored
 * something we rely on is refused. Called again after every reconnect, because a stream in memory
 * is gone with its server.
 */
export async function ensureStreams(nc: NatsConnection, replicas: number): Promise<void> {
  // No account check: that request is not among the few an orchestrator may make.
  const manager = await jetstreamManager(nc, { checkAPI: false, timeout: API_TIMEOUT_MS })
  const faults: string[] = []
  for (const spec of Object.values(STREAMS)) {
    const { config } = await findOrCreate(manager, spec, replicas)
    faults.push(...streamFaults(spec, config))
  }
  if (faults.length > 0) {
    throw new Error(`the streams are not as Vessel needs them:\n  ${faults.join('\n  ')}`)
  }
}

const STREAM_NOT_FOUND = 10_059

async function findOrCreate(manager: JetStreamManager, spec: StreamSpec, replicas: number) {
  try {
    return await manager.streams.info(spec.name)
  } catch (thrown) {
    if (!isNotFound(thrown)) throw thrown
  }
  return manager.streams.add(streamConfigOf(spec, replicas))
}

function isNotFound(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === STREAM_NOT_FOUND
}
