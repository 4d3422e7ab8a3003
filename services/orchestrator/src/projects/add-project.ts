import { randomInt, randomUUID } from 'node:crypto'
import { archivePath } from '@vessel/proto/archive'
import { VesselError } from '@vessel/proto/errors'
import { type ProjectId, projectId } from '@vessel/proto/ids'
import type { Log } from '../ports.ts'
import type { ArchiveObjects } from '../store/archive-objects.ts'
import { makeSlug } from './slug.ts'
import type { NewProject, ProjectStore } from './store-port.ts'

/** Two random suffixes that collide are rare; five in a row are a fault. */
const SLUG_TRIES_MAX = 5

export type ProjectWish = Omit<NewProject, 'id' | 'slug' | 'path'> & {
  readonly signal?: AbortSignal
}

export interface AddDeps {
  readonly store: ProjectStore
  readonly objects: ArchiveObjects
  readonly log: Log
}

/** Stores the first files, then the project with them as its head: both or neither. */
export async function addProject(wish: ProjectWish, deps: AddDeps): Promise<ProjectId> {
  const { signal, ...fields } = wish
  const before = await madeBefore(fields, deps.store)
  if (before) return before
  const id = projectId.parse(randomUUID())
  const { userId, files } = fields
  const path = archivePath({
    ...{ userId, projectId: id, epoch: 1, seq: 1, format: 'zip' },
    sha256: files.sha256,
  })
  try {
    await deps.objects.put(path, files.content, signal)
  } catch (thrown) {
    await discard(path, deps)
    throw thrown
  }
  try {
    await insert({ ...fields, id, path }, deps.store)
  } catch (thrown) {
    if (await isThereAfterAll(thrown, { userId, id, path }, deps)) return id
    // The same request, sent twice at once: the other one was first.
    const other = await madeBefore(fields, deps.store)
    if (other) return other
    throw thrown
  }
  return id
}

/** The project an earlier request of the same key made. */
async function madeBefore(
  { userId, request }: Pick<ProjectWish, 'userId' | 'request'>,
  store: ProjectStore,
): Promise<ProjectId | null> {
  const made = request && (await store.byKey(userId, request.key))
  if (!request || !made) return null
  if (made.print !== request.print) throw new VesselError('KEY_REUSED')
  return made.id
}

async function insert(project: Omit<NewProject, 'slug'>, store: ProjectStore): Promise<void> {
  for (let tries = 0; tries < SLUG_TRIES_MAX; tries += 1) {
    const slug = makeSlug(project.name, randomInt)
    if ((await store.create({ ...project, slug })) === 'created') return
  }
  throw new VesselError('INTERNAL', { detail: 'no free slug was found' })
}

/**
 * After a refusal nothing points at the object, so it goes. After silence the insert may have been
 * done, or be done yet: then the object stays, because a head without its object is a lost project.
 */
async function isThereAfterAll(
  thrown: unknown,
  made: Pick<NewProject, 'id' | 'userId' | 'path'>,
  deps: AddDeps,
): Promise<boolean> {
  const isUnanswered = thrown instanceof VesselError && thrown.kind === 'unavailable'
  if (!isUnanswered) {
    await discard(made.path, deps)
    return false
  }
  const query = { userId: made.userId, projectId: made.id, limit: 1 }
  const found = await deps.store.page(query).catch(() => [])
  if (found.length === 0) deps.log.warn({ path: made.path }, 'object may be without a project')
  return found.length > 0
}

async function discard(path: string, { objects, log }: AddDeps): Promise<void> {
  await objects.remove(path).catch((err) => {
    log.warn({ path, err }, 'object without a project was not removed')
  })
}
