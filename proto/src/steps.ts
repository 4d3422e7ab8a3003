import { z } from 'zod'

/**
 * The steps a user sees, in order, with the sentence shown and how long one may make no progress.
 * Drivers differ in how a step is done, never in which steps there are.
 */
export const BOOT_STEPS = {
  place: { label: 'Finding a host', progressMs: 60_000 },
  journal: { label: 'Reserving room', progressMs: 10_000 },
  volume: { label: 'Preparing the disk', progressMs: 60_000 },
  boot: { label: 'Starting the machine', progressMs: 120_000 },
  guest: { label: 'Waiting for the machine to answer', progressMs: 120_000 },
  download: { label: 'Downloading files', progressMs: 60_000 },
  hydrate: { label: 'Unpacking files', progressMs: 60_000 },
  ide: { label: 'Starting VS Code', progressMs: 60_000 },
  route: { label: 'Connecting your browser', progressMs: 30_000 },
} as const
export type BootStep = keyof typeof BOOT_STEPS

export const SAVE_STEPS = {
  pack: { label: 'Packing files', progressMs: 60_000 },
  upload: { label: 'Uploading files', progressMs: 60_000 },
  commit: { label: 'Making the save final', progressMs: 30_000 },
  unroute: { label: 'Closing the connection', progressMs: 30_000 },
  destroy: { label: 'Removing the machine', progressMs: 60_000 },
} as const
export type SaveStep = keyof typeof SAVE_STEPS

export type StepName = BootStep | SaveStep
export const STEPS: Record<StepName, { label: string; progressMs: number }> = {
  ...BOOT_STEPS,
  ...SAVE_STEPS,
}
export const BOOT_STEP_ORDER = Object.keys(BOOT_STEPS) as readonly BootStep[]
export const SAVE_STEP_ORDER = Object.keys(SAVE_STEPS) as readonly SaveStep[]
export const stepName = z.enum(Object.keys(STEPS) as [StepName, ...StepName[]])
