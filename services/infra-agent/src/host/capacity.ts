import { statfs } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import type { MachineSpec } from '@vessel/proto/machine'
import { BOOTS_PER_HOST_MAX } from '@vessel/proto/placement'

const MIB = 1024 * 1024
/** What the host itself and the agent need when the total is measured rather than configured. */
const MEMORY_MIB_FOR_HOST = 512

export interface CapacityLimits {
  readonly cpuTotal: number
  readonly cpuOvercommit: number
  readonly memoryMibTotal: number
  readonly diskMibKeepFree: number
  readonly vmMax: number
}
/** What sessions and held bids take of the host. */
export interface Usage {
  readonly cpu: number
  readonly memoryMib: number
  readonly vmCount: number
  readonly bootsInFlight: number
}
export interface DiskSpace {
  readonly totalMib: number
  readonly freeMib: number
}

export function measuredLimits(configured: CapacityLimits): CapacityLimits {
  const measuredMib = Math.max(0, Math.floor(totalmem() / MIB) - MEMORY_MIB_FOR_HOST)
  return {
    ...configured,
    cpuTotal: configured.cpuTotal || availableParallelism(),
    memoryMibTotal: configured.memoryMibTotal || measuredMib,
  }
}

export async function diskSpace(folder: string): Promise<DiskSpace> {
  const found = await statfs(folder)
  return {
    totalMib: Math.floor((found.blocks * found.bsize) / MIB),
    freeMib: Math.floor((found.bavail * found.bsize) / MIB),
  }
}

export function usageOf(
  specs: readonly MachineSpec[],
  counts: { vmCount: number; bootsInFlight: number },
): Usage {
  return {
    cpu: specs.reduce((sum, spec) => sum + spec.cpuCount, 0),
    memoryMib: specs.reduce((sum, spec) => sum + spec.memoryMib, 0),
    ...counts,
  }
}

export type Shortage = 'memory' | 'cpu' | 'disk' | 'count' | 'boots'

/** What is missing for one more machine; null when there is room. */
export function shortageFor(
  spec: MachineSpec,
  usage: Usage,
  host: { limits: CapacityLimits; disk: DiskSpace },
): Shortage | null {
  const { limits, disk } = host
  if (usage.vmCount + 1 > limits.vmMax) return 'count'
  if (usage.bootsInFlight + 1 > BOOTS_PER_HOST_MAX) return 'boots'
  if (usage.memoryMib + spec.memoryMib > limits.memoryMibTotal) return 'memory'
  if (usage.cpu + spec.cpuCount > limits.cpuTotal * limits.cpuOvercommit) return 'cpu'
  // A volume grows into what it was promised, so only a part of the promise must be free now.
  if (disk.freeMib < limits.diskMibKeepFree + spec.diskMib / DISK_OVERCOMMIT) return 'disk'
  return null
}

/** Few projects fill their disk: promises may exceed what is there by this factor. */
const DISK_OVERCOMMIT = 10
