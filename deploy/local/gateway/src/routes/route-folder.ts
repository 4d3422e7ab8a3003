import { constants, type FSWatcher, watch } from 'node:fs'
import { mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import {
  RESCAN_EVERY_MS,
  RESCAN_ON_MISS_EVERY_MS,
  ROUTE_FILE_BYTES_MAX,
  ROUTE_FILES_MAX,
} from '../limits.ts'
import { parseRouteFile, type RouteFileContent } from './parse-route-file.ts'
import { buildRouteTable, type FileFault, type RouteTable } from './route-table.ts'

export interface RouteFolder {
  readonly table: RouteTable
  readonly faultCount: number
  /** Looks at the folder again now, or RESCAN_ON_MISS_EVERY_MS after the last look. */
  refresh(): Promise<void>
  close(): Promise<void>
}

interface KnownFile {
  /** Identity, size and time: a write-then-rename changes all of them. */
  readonly mark: string
  /** Null while the file is faulty: what it said before no longer counts. */
  readonly content: RouteFileContent | null
}

const ROUTE_FILE = /^[^.].*\.ya?ml$/
/** A pipe or a link that somebody put there must neither hang the scan nor lead it elsewhere. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW

/** Follows a folder of route files. A faulty file costs its own routes and no others. */
export async function openRouteFolder(dir: string, log: Logger): Promise<RouteFolder> {
  await mkdir(dir, { recursive: true })
  const folder = new WatchedFolder(dir, log)
  await folder.refresh()
  folder.start()
  return folder
}

class WatchedFolder implements RouteFolder {
  table: RouteTable = buildRouteTable(new Map()).table
  faultCount = 0
  readonly #dir: string
  readonly #log: Logger
  #known = new Map<string, KnownFile>()
  #faultsLogged = new Set<string>()
  #scan: Promise<void> | null = null
  #nextLook: Promise<void> | null = null
  #lastScanAt = Number.NEGATIVE_INFINITY
  #watcher: FSWatcher | null = null
  #timer: NodeJS.Timeout | null = null
  #isClosed = false

  constructor(dir: string, log: Logger) {
    this.#dir = dir
    this.#log = log
  }

  start(): void {
    this.#timer = setInterval(() => void this.#rescan(), RESCAN_EVERY_MS)
    this.#watch()
  }

  /** Many who ask at once share one look; it always begins after they asked. */
  refresh(): Promise<void> {
    this.#nextLook ??= this.#lookSoon()
    return this.#nextLook
  }

  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#timer) clearInterval(this.#timer)
    this.#watcher?.close()
    await this.#scan
  }

  /** The watcher only makes it quick; when it breaks, the timer still finds every change. */
  #watch(): void {
    try {
      this.#watcher = watch(this.#dir, () => void this.#rescan())
      this.#watcher.on('error', (err) => this.#log.warn({ err }, 'route folder watcher failed'))
    } catch (err) {
      this.#log.warn({ err }, 'route folder cannot be watched')
    }
  }

  async #lookSoon(): Promise<void> {
    const waitMs = this.#lastScanAt + RESCAN_ON_MISS_EVERY_MS - performance.now()
    await sleep(Math.max(0, waitMs))
    // From here on a newcomer's change may be missed, so newcomers start a look of their own.
    this.#nextLook = null
    await this.#rescan()
  }

  async #rescan(): Promise<void> {
    if (this.#isClosed) return
    // A change during a scan may be missed by it, so whoever comes then waits for one scan more.
    const before = this.#scan
    if (before) {
      await before
      if (this.#scan) return this.#scan
    }
    this.#lastScanAt = performance.now()
    this.#scan = this.#scanOnce().finally(() => {
      this.#scan = null
    })
    return this.#scan
  }

  async #scanOnce(): Promise<void> {
    try {
      const names = (await readdir(this.#dir)).filter((name) => ROUTE_FILE.test(name)).sort()
      if (names.length > ROUTE_FILES_MAX) {
        this.#log.error({ files: names.length, max: ROUTE_FILES_MAX }, 'too many route files')
      }
      const faults: FileFault[] = []
      const found = new Map<string, KnownFile>()
      for (const name of names.slice(0, ROUTE_FILES_MAX)) {
        const file = await this.#read(name, faults)
        if (file) found.set(name, file)
      }
      this.#apply(found, faults)
    } catch (err) {
      this.#log.error({ err, dir: this.#dir }, 'route folder cannot be read')
    }
  }

  /** Null when the file went away meanwhile. */
  async #read(name: string, faults: FileFault[]): Promise<KnownFile | null> {
    const handle = await open(join(this.#dir, name), OPEN_FLAGS).catch(() => null)
    if (!handle) return null
    try {
      const stat = await handle.stat({ bigint: true })
      const mark = `${stat.ino}:${stat.size}:${stat.mtimeNs}`
      const known = this.#known.get(name)
      if (known?.mark === mark && known.content) return known
      try {
        if (!stat.isFile()) throw new Error('not a regular file')
        if (stat.size > ROUTE_FILE_BYTES_MAX) throw new Error('too large')
        return { mark, content: parseRouteFile(await handle.readFile('utf8')) }
      } catch (err) {
        faults.push({ file: name, fault: err instanceof Error ? err.message : String(err) })
        return { mark, content: null }
      }
    } finally {
      await handle.close()
    }
  }

  #apply(found: Map<string, KnownFile>, faults: FileFault[]): void {
    const isChanged =
      found.size !== this.#known.size ||
      [...found].some(([name, file]) => this.#known.get(name)?.mark !== file.mark)
    this.#known = found
    const valid = new Map<string, RouteFileContent>()
    for (const [name, { content }] of found) if (content) valid.set(name, content)

    const built = buildRouteTable(valid)
    this.table = built.table
    this.#report([...faults, ...built.faults])
    if (isChanged) {
      const { routerCount: routers } = this.table
      this.#log.info({ files: found.size, routers, faults: this.faultCount }, 'routes changed')
    }
  }

  /** Each fault is said once, and again only after it changed or went away. */
  #report(faults: readonly FileFault[]): void {
    const now = new Set<string>()
    for (const { file, fault } of faults) {
      const key = `${file}: ${fault}`
      now.add(key)
      if (!this.#faultsLogged.has(key)) this.#log.error({ file, fault }, 'route file refused')
    }
    this.#faultsLogged = now
    this.faultCount = faults.length
  }
}
