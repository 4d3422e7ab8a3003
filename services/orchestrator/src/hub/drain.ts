import type { Connection } from './connection.ts'
import type { HubContext } from './context.ts'

export interface DrainDeps {
  readonly drainMs: number
  readonly random: () => number
}

/**
 * Sends every browser away, evenly over `drainMs`: they all come back somewhere at once otherwise.
 * Resolves when the last was told.
 */
export async function drain(ctx: HubContext, { drainMs, random }: DrainDeps): Promise<void> {
  const connections = shuffled([...ctx.connections], random)
  const stepMs = connections.length > 0 ? drainMs / connections.length : 0
  const leaving = connections.map(
    (connection, at) =>
      new Promise<void>((resolve) => {
        ctx.clock.setTimer(() => {
          connection.close('goingAway', Math.round(random() * 500))
          resolve()
        }, at * stepMs)
      }),
  )
  await Promise.all(leaving)
  for (const connection of [...ctx.connections]) connection.close('goingAway')
}

function shuffled(connections: Connection[], random: () => number): Connection[] {
  return connections
    .map((connection) => ({ connection, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ connection }) => connection)
}
