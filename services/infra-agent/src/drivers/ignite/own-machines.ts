import type { FoundMachine } from '../../vm/ports.ts'
import type { IgniteHost } from './host.ts'
import { type IgniteUid, parseMachineName } from './ids.ts'

export interface OwnMachine extends FoundMachine {
  readonly uid: IgniteUid
}

/** The machines of this agent, running or not: a dead one still holds much of the host. */
export async function ownMachines({ ignite }: IgniteHost, owner: string): Promise<OwnMachine[]> {
  return (await ignite.machines()).flatMap(({ name, uid }) => {
    const known = parseMachineName(name)
    if (known?.owner !== owner) return []
    const { session, bootId } = known
    return [{ session, bootId, uid, handle: { session, bootId, uid } }]
  })
}
