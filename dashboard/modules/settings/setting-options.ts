import { formatMemory } from '../../lib/format-bytes.ts'

export interface Option {
  readonly value: string
  readonly label: string
}

const MEMORY_MIB = [512, 1_024, 2_048, 4_096, 8_192, 16_384]
const MINUTE_MS = 60_000

export const memoryOptions = (): Option[] =>
  MEMORY_MIB.map((mib) => ({ value: String(mib), label: formatMemory(mib) }))

export const CPU_OPTIONS: readonly Option[] = [
  { value: '1', label: '1 core' },
  { value: '2', label: '2 cores' },
  { value: '4', label: '4 cores' },
  { value: '8', label: '8 cores' },
]

export const IDLE_OPTIONS: readonly Option[] = [
  { value: '', label: 'Server default' },
  { value: String(10 * MINUTE_MS), label: '10 minutes' },
  { value: String(30 * MINUTE_MS), label: '30 minutes' },
  { value: String(60 * MINUTE_MS), label: '1 hour' },
  { value: String(240 * MINUTE_MS), label: '4 hours' },
]

/** A value set by other means is shown as it is, never silently replaced. */
export function withCurrent(
  options: readonly Option[],
  value: string,
  unit: string,
): readonly Option[] {
  if (options.some((option) => option.value === value)) return options
  return [...options, { value, label: `${value} ${unit}` }]
}
