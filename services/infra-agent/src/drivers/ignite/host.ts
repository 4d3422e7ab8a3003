import type { Paths } from '../../paths.ts'
import type { Clock, Log } from '../../vm/ports.ts'
import { type Containerd, createContainerd } from './containerd.ts'
import { createExecute } from './execute.ts'
import { createHostMutex, type HostMutex } from './host-mutex.ts'
import type { HostPlaces } from './host-places.ts'
import { createIgnite, type Ignite } from './ignite.ts'
import { createLoopDevices, type LoopDevices } from './loop-devices.ts'
import { createMappings, type Mappings } from './mappings.ts'
import type { Timeouts } from './timeouts.ts'

/** Every tool of the host that the driver works with. */
export interface IgniteHost {
  readonly ignite: Ignite
  readonly containerd: Containerd
  readonly loops: LoopDevices
  readonly mappings: Mappings
  readonly mutex: HostMutex
  readonly places: HostPlaces
  readonly timeouts: Timeouts
  readonly clock: Clock
  readonly log: Log
}

export interface IgniteHostSettings {
  readonly path: string
  readonly paths: Paths
  readonly places: HostPlaces
  readonly timeouts: Timeouts
  readonly clock: Clock
  readonly log: Log
}

export function createIgniteHost(settings: IgniteHostSettings): IgniteHost {
  const { path, paths, places, timeouts, clock, log } = settings
  const execute = createExecute(path)
  return {
    ignite: createIgnite({ execute, timeouts, lastOutput: paths.igniteOutput }),
    containerd: createContainerd(execute, timeouts.toolMs),
    loops: createLoopDevices(execute, timeouts.toolMs),
    mappings: createMappings(execute, timeouts.toolMs),
    mutex: createHostMutex({ execute, lockFile: places.lockFile, waitMs: timeouts.lockMs }),
    ...{ places, timeouts, clock, log },
  }
}
