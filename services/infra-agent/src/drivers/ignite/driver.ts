import { VesselError } from '@vessel/proto/errors'
import { bootId, sessionId } from '@vessel/proto/ids'
import { parseValue } from '@vessel/proto/parse'
import { z } from 'zod'
import type { Driver, MachineHandle } from '../../vm/ports.ts'
import { GUEST_PORT } from '../machine-guest.ts'
import { followConsole } from '../process/console.ts'
import { untilCalledOff } from './called-off.ts'
import { setVmmState, type VmmState, vmmState } from './firecracker.ts'
import { controlSocket } from './host-places.ts'
import { igniteUid } from './ids.ts'
import type { LaunchDeps } from './launch.ts'
import { makeMachine, unmakeMachine } from './make-machine.ts'
import { ownMachines } from './own-machines.ts'
import { wordsOf } from './parse-log.ts'

const handleShape = z.object({ session: sessionId, bootId, uid: igniteUid })

/**
 * Firecracker machines through the `ignite` command. What that command reports is never believed:
 * whether a machine lives is Firecracker's own word, and what is left after a removal is looked
 * for. "Facts" and their paragraphs, here and beside, are those of docs/ignite.md.
 */
export function createIgniteDriver(deps: LaunchDeps): Driver {
  const { host, paths, settings } = deps
  const socketOf = (handle: MachineHandle) =>
    controlSocket(host.places, parseValue(handleShape, handle).uid)

  async function change(
    handle: MachineHandle,
    state: 'Paused' | 'Resumed',
    isNothingToDo: (state: VmmState) => boolean,
  ): Promise<void> {
    const socket = socketOf(handle)
    if (!isNothingToDo(await vmmState(socket))) await setVmmState(socket, state)
  }

  return {
    name: 'ignite',
    capabilities: { isIsolated: true, canRestartOverVolume: true },

    async create(order, signal) {
      try {
        const uid = await makeMachine(deps, order, untilCalledOff(signal))
        return { session: order.session, bootId: order.bootId, uid }
      } catch (thrown) {
        throw VesselError.from(thrown, 'BOOT_FAILED')
      }
    },

    isAlive: async (handle) => (await vmmState(socketOf(handle))) !== 'dead',

    /** Known before the guest has booted: whoever wants an answer has to ask for one. */
    async address(handle) {
      const found = await host.ignite.inspect(parseValue(handleShape, handle).uid)
      if (!found?.isSaidToRun || found.ip === null) return null
      return { ip: found.ip, port: GUEST_PORT }
    },

    async destroy(machine) {
      try {
        await unmakeMachine(deps, machine)
      } catch (thrown) {
        throw VesselError.from(thrown, 'DESTROY_FAILED')
      }
    },

    // A machine that died has no processors to stop; one that does not answer is told all the same.
    pause: (handle) => change(handle, 'Paused', (state) => state === 'dead' || state === 'paused'),
    resume: (handle) =>
      change(handle, 'Resumed', (state) => state === 'dead' || state === 'running'),

    list: async () =>
      (await ownMachines(host, settings.owner)).map(({ session, bootId: boot, handle }) => ({
        ...{ session, bootId: boot, handle },
      })),

    console: (session, onLine, signal) =>
      followConsole(paths.console(session), (line) => onLine(wordsOf(line)), signal),
  }
}
