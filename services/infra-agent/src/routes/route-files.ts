import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { VesselError } from '@vessel/proto/errors'
import { type RouteFile, routeFile } from '@vessel/proto/gateway/route-file'
import { type SessionId, sessionId } from '@vessel/proto/ids'
import { dump } from 'js-yaml'
import { readIfThere, writeDurably } from '../host/files.ts'
import type { Routes } from '../vm/ports.ts'
import type { VmRecord } from '../vm/record.ts'
import { type RouteContext, renderAsleep, renderRoute } from './render-route.ts'

/** Beside those of the sessions, always there. */
export const ASLEEP_FILE = 'asleep.yml'

export interface RouteFiles extends Routes {
  /** What answers for names that nothing runs under. */
  publishAsleep(): Promise<void>
  /** Sessions that have a file here, known to us or not. */
  list(): Promise<SessionId[]>
}

/** One file per session in the folder the gateway watches. */
export function createRouteFiles(folder: string, context: RouteContext): RouteFiles {
  const fileOf = (session: SessionId) => join(folder, `${session}.yml`)

  function toYaml(route: RouteFile): string {
    // Checked by the very schema the gateway reads with: what it would refuse is never written.
    const checked = routeFile.safeParse(route)
    if (!checked.success) {
      throw new VesselError('ROUTE_FAILED', { detail: checked.error.message, cause: checked.error })
    }
    return dump(checked.data, { lineWidth: -1, noRefs: true })
  }

  function render(record: VmRecord): string {
    const route = renderRoute(record, context)
    if (!route) throw new VesselError('ROUTE_FAILED', { detail: 'the machine has no address' })
    return toYaml(route)
  }

  async function write(file: string, text: string): Promise<void> {
    await mkdir(folder, { recursive: true })
    // Readable for a gateway of another user; there is no secret in it.
    await writeDurably(file, text, 0o644)
  }

  return {
    async isPublished(record) {
      return (
        record.endpoint !== null && (await readIfThere(fileOf(record.session))) === render(record)
      )
    },
    publish: (record) => write(fileOf(record.session), render(record)),
    publishAsleep: () => write(join(folder, ASLEEP_FILE), toYaml(renderAsleep(context))),
    async withdraw(session) {
      await rm(fileOf(session), { force: true })
    },
    async list() {
      await mkdir(folder, { recursive: true })
      const names = (await readdir(folder)).filter((name) => name.endsWith('.yml'))
      const sessions = names.map((name) => sessionId.safeParse(name.slice(0, -'.yml'.length)))
      return sessions.flatMap((parsed) => (parsed.success ? [parsed.data] : []))
    },
  }
}
