import type { StepName } from '@vessel/proto/steps'
import type { VmRecord } from './record.ts'

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']
const MS_PER_S = 1_000

/** Three digits and a unit: `1.85 MB`. */
export function bytesInWords(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  return `${Number((bytes / 1_000 ** power).toPrecision(3))} ${UNITS[power]}`
}

function durationInWords(ms: number): string {
  return ms < MS_PER_S ? `${ms} ms` : `${(ms / MS_PER_S).toFixed(1)} s`
}

type Known = Pick<VmRecord, 'spec' | 'archive' | 'git' | 'pending'>

const packed = ({ pending }: Known): string =>
  pending ? `${pending.entries} files, ${bytesInWords(pending.bytes)}` : 'nothing'

/** What a step did, as the log tells it once it is done. Ends without its time. */
const WORDS: Record<StepName, (known: Known) => string> = {
  place: () => 'found a host',
  journal: ({ spec }) => `reserved ${spec.cpuCount} CPU and ${spec.memoryMib} MiB of memory`,
  volume: ({ spec }) => `made a disk of ${spec.diskMib} MiB`,
  boot: () => 'started the machine',
  guest: () => 'the machine answers',
  download: ({ archive }) => `downloaded ${bytesInWords(archive?.bytes ?? 0)} and checked them`,
  hydrate: ({ archive, git }) => {
    if (git) return 'cloned the repository'
    return archive ? 'unpacked the files' : 'made an empty workspace'
  },
  ide: () => 'VS Code answers',
  route: () => 'opened the gateway',
  pack: (known) => `packed ${packed(known)}`,
  upload: () => 'uploaded the files',
  commit: () => 'the save is final',
  unroute: () => 'closed the gateway',
  destroy: () => 'removed the machine and its disk',
}

export function stepInWords(step: StepName, durationMs: number, known: Known): string {
  return `${WORDS[step](known)} (${durationInWords(durationMs)})`
}
