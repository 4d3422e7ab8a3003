import { randomUUID } from 'node:crypto'
import { VesselError } from '@vessel/proto/errors'
import { type HostId, opId } from '@vessel/proto/ids'
import type { CommandResult, HostCommands } from '../placement/ports.ts'
import type { Hosts } from '../ports.ts'
import type { Beats } from './beats.ts'

/** What administrators do with hosts. */
export function createHosts(deps: { beats: Beats; commands: HostCommands }): Hosts {
  const { beats, commands } = deps
  const known = (host: HostId) => {
    if (!beats.view(host)) throw new VesselError('HOST_NOT_FOUND')
  }
  return {
    list: () => beats.views(),
    async drain(host) {
      known(host)
      const order = { opId: opId.parse(randomUUID()) }
      answered(await commands.send(host, 'drain', order))
      return true
    },
    async resume(host) {
      known(host)
      const order = { opId: opId.parse(randomUUID()) }
      return answered(await commands.send(host, 'resume', order)).draining
    },
  }
}

function answered<T>(result: CommandResult<T>): T {
  if (result.kind !== 'answered') throw new VesselError('HOST_UNREACHABLE')
  if (!result.reply.ok) throw VesselError.fromShape(result.reply.error)
  return result.reply.value
}
