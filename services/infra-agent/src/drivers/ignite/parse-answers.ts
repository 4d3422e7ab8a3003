import { VesselError } from '@vessel/proto/errors'
import { parseJson } from '@vessel/proto/parse'
import { z } from 'zod'
import { type IgniteUid, igniteUid } from './ids.ts'
import { withoutLog } from './parse-log.ts'

export interface ListedMachine {
  readonly name: string
  readonly uid: IgniteUid
}

/** `ps` knows no JSON. These fields exist in every machine, whatever its state. */
export const LISTING_TEMPLATE = '{{.Name}} {{.UID}}'
const LISTED = /^(\S+) ([0-9a-f]{16})$/

/** The output of `ps` with the template above; warnings may stand below the machines (§2.1). */
export function parseListing(text: string): ListedMachine[] {
  return withoutLog(text)
    .split('\n')
    .flatMap((line) => {
      const [, name, uid] = LISTED.exec(line.trim()) ?? []
      const parsed = igniteUid.safeParse(uid)
      return name !== undefined && parsed.success ? [{ name, uid: parsed.data }] : []
    })
}

const inspected = z.object({
  metadata: z.object({ uid: igniteUid, name: z.string() }),
  status: z
    .object({
      running: z.boolean().default(false),
      network: z.object({ ipAddresses: z.array(z.ipv4()).nullish() }).nullish(),
    })
    .default({ running: false }),
})
export interface Inspected {
  readonly uid: IgniteUid
  readonly name: string
  /** What ignite wrote down when it started the machine; it may have died since. */
  readonly isSaidToRun: boolean
  readonly ip: string | null
}

/** The output of `inspect vm`: one JSON document, with the logger's lines around it. */
export function parseInspected(text: string): Inspected {
  const { metadata, status } = parseJson(inspected, withoutLog(text))
  return { ...metadata, isSaidToRun: status.running, ip: status.network?.ipAddresses?.[0] ?? null }
}

export interface StoredImage {
  readonly id: IgniteUid
  readonly name: string
}

/** The table of `image ls` and `kernel ls`: IMAGE ID, NAME, CREATED, SIZE, aligned by tabs. */
export function parseImages(text: string): StoredImage[] {
  return withoutLog(text)
    .split('\n')
    .flatMap((line) => {
      const [id, name] = line.split(/\t+| {2,}/).map((cell) => cell.trim())
      const parsed = igniteUid.safeParse(id)
      return parsed.success && name ? [{ id: parsed.data, name }] : []
    })
}

const loopTable = z.object({
  loopdevices: z.array(z.object({ name: z.string(), 'back-file': z.string().nullable() })),
})
export interface LoopDevice {
  readonly device: string
  readonly file: string
}

const GONE = ' (deleted)'

/** The output of `losetup --list --json`, which is empty where there is none. */
export function parseLoops(text: string): LoopDevice[] {
  if (text.trim() === '') return []
  return parseJson(loopTable, text).loopdevices.flatMap(({ name, 'back-file': file }) => {
    if (file === null) return []
    // The file was removed while the device still stood on it.
    return [{ device: name, file: file.endsWith(GONE) ? file.slice(0, -GONE.length) : file }]
  })
}

/** The containers whose task runs, of the table TASK, PID, STATUS. */
export function parseRunningTasks(text: string): Set<string> {
  const [head, ...rows] = text.trim().split('\n')
  if (!head?.startsWith('TASK')) {
    throw new VesselError('INTERNAL', { detail: `not a table of tasks: ${head?.slice(0, 200)}` })
  }
  const running = rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , status]) => status === 'RUNNING' || status === 'PAUSED')
  return new Set(running.flatMap(([name]) => name ?? []))
}

/** `dmsetup ls`: a name and a device number a line, or a sentence where there is none. */
export const parseMappings = (text: string): string[] =>
  text.split('\n').flatMap((line) => /^(\S+)\s+\(\d+[:,]\s*\d+\)$/.exec(line.trim())?.[1] ?? [])
