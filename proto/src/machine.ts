import { z } from 'zod'

/** What a session asks of a host. */
export const machineSpec = z.object({
  cpuCount: z.int().min(1).max(32),
  memoryMib: z.int().min(128).max(262_144),
  diskMib: z.int().min(64).max(1_048_576),
})
export type MachineSpec = z.infer<typeof machineSpec>

export const DEFAULT_MACHINE: MachineSpec = { cpuCount: 2, memoryMib: 1_024, diskMib: 10_240 }

/** Names that carry Vessel's own meaning in the workspace may not be set by a project. */
export const environment = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/),
  z.string().max(8_192),
)
