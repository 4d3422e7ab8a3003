import type { LeanMethods } from '../clients/lean-clients.ts'
import { Worker } from '../process/worker.ts'
import { type Running, type Stack, startStack } from '../servers/stacks.ts'
import { type Bus, Feed } from './feed.ts'

/** One stack under load: its server, its clients, and the agent whose session they watch. */
export interface Bench {
  readonly stack: Stack
  readonly relay: Running
  readonly clients: Worker<LeanMethods>
  readonly feed: Feed
  stop(): Promise<void>
}

export interface BenchOptions {
  readonly stack: Stack
  readonly clients: number
  readonly lineBytes?: number
}

export function startLeanClients(): Worker<LeanMethods> {
  return new Worker<LeanMethods>(new URL('../clients/lean-clients.ts', import.meta.url))
}

export async function startBench(bus: Bus, options: BenchOptions): Promise<Bench> {
  const { stack, lineBytes } = options
  const relay = await startStack(stack, bus.url)
  const clients = startLeanClients()
  const feed = new Feed(bus, lineBytes)
  const stop = async () => {
    await clients.kill()
    await relay.worker.kill()
  }
  try {
    const { url } = relay
    await clients.call('connect', { stack, url, count: options.clients, topic: feed.topic })
    return { stack, relay, clients, feed, stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}

/** The middle one: a round that something else on the machine disturbed does not decide. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}
