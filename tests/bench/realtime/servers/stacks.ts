import { Worker } from '../process/worker.ts'
import type { RelayMethods } from './relay.ts'

/** Vessel and what it is measured beside. */
export const STACKS = ['vessel', 'ws', 'socket.io', 'socket.io + recovery'] as const
export type Stack = (typeof STACKS)[number]

const FILES: Readonly<Record<Stack, { file: URL; args: readonly string[] }>> = {
  vessel: { file: new URL('./vessel.ts', import.meta.url), args: [] },
  ws: { file: new URL('./raw-ws.ts', import.meta.url), args: [] },
  'socket.io': { file: new URL('./socket-io.ts', import.meta.url), args: [] },
  'socket.io + recovery': { file: new URL('./socket-io.ts', import.meta.url), args: ['recovery'] },
}

export interface Running {
  readonly stack: Stack
  readonly url: string
  readonly worker: Worker<RelayMethods>
}

export async function startStack(stack: Stack, natsUrl: string): Promise<Running> {
  const { file, args } = FILES[stack]
  const worker = new Worker<RelayMethods>(file, args)
  try {
    return { stack, worker, url: await worker.call('start', { natsUrl, port: 0 }) }
  } catch (cause) {
    await worker.kill()
    throw cause
  }
}
