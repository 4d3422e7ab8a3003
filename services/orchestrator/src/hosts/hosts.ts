import { randomUUID } from 'node:crypto'
import { VesselError } from '@vessel/proto/errors'
import { type HostId, opId, type UserId } from '@vessel/proto/ids'
import type { CommandResult, HostCommands } from '../placement/ports.ts'
import type { Hosts } from '../ports.ts'
import type { Beats } from './beats.ts'

export type HostAction = 'host.drain' | 'host.resume'

export interface HostsDeps {
  readonly beats: Beats
  readonly commands: HostCommands
  /** Writes down who asked for what. */
  readonly note: (by: UserId, action: HostAction, host: HostId) => Promise<void>
}

/** What administrators do with hosts. */
export function createHosts({ beats, commands, note }: HostsDeps): Hosts {
  /** Written down before it is done: nothing is done that nobody can be asked about. */
  const order = async (action: HostAction, host: HostId, by: UserId) => {
    if (!beats.view(host)) throw new VesselError('HOST_NOT_FOUND')
    await note(by, action, host)
    return { opId: opId.parse(randomUUID()) }
  }
  return {
    list: () => beats.views(),
    async drain(host, by) {
      answered(await commands.send(host, 'drain', await order('host.drain', host, by)))
      return true
    },
    async resume(host, by) {
      const command = await order('host.resume', host, by)
      return answered(await commands.send(host, 'resume', command)).draining
    },
  }
}

function answered<T>(result: CommandResult<T>): T {
  if (result.kind !== 'answered') throw new VesselError('HOST_UNREACHABLE')
  if (!result.reply.ok) throw VesselError.fromShape(result.reply.error)
  return result.reply.value
}
