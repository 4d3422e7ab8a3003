import { randomUUID } from 'node:crypto'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { startSupabase } from '../../src/start.ts'

/** The Supabase under test: a real one when the environment names it, else the stand-in. */
export interface Target {
  readonly url: string
  readonly anonKey: string
  readonly serviceRoleKey: string
  readonly isReal: boolean
  /** A client that nobody is signed in with. */
  anon(): SupabaseClient
  /** The service role: it may do everything. */
  admin(): SupabaseClient
  /** A new user, signed in. */
  user(): Promise<TestUser>
  stop(): Promise<void>
}

export interface TestUser {
  readonly id: string
  readonly email: string
  readonly password: string
  readonly client: SupabaseClient
}

const OPTIONS = { auth: { persistSession: false, autoRefreshToken: false } }

interface Address {
  readonly url: string
  readonly anonKey: string
  readonly serviceRoleKey: string
  readonly stop: () => Promise<void>
}

async function addressOf(env: NodeJS.ProcessEnv): Promise<Address & { isReal: boolean }> {
  const { SUPABASE_URL: url, SUPABASE_ANON_KEY: anonKey, SUPABASE_SERVICE_ROLE_KEY: key } = env
  if (url === undefined || anonKey === undefined || key === undefined) {
    return { ...(await startSupabase()), isReal: false }
  }
  return { url, anonKey, serviceRoleKey: key, isReal: true, stop: async () => undefined }
}

/** Opens the target. What the tests make is removed at `stop`, so a real project stays clean. */
export async function openTarget(): Promise<Target> {
  const address = await addressOf(process.env)
  const { url, anonKey, serviceRoleKey, isReal } = address
  const admin = createClient(url, serviceRoleKey, OPTIONS)
  const userIds: string[] = []
  const anon = (): SupabaseClient => createClient(url, anonKey, OPTIONS)

  const user = async (): Promise<TestUser> => {
    const email = `test-${randomUUID()}@vessel.example`
    const password = `pw-${randomUUID()}`
    const { data, error } = await admin.auth.admin.createUser({
      ...{ email, password, email_confirm: true },
    })
    if (error !== null) throw error
    userIds.push(data.user.id)
    const client = anon()
    const signedIn = await client.auth.signInWithPassword({ email, password })
    if (signedIn.error !== null) throw signedIn.error
    return { id: data.user.id, email, password, client }
  }

  const stop = async (): Promise<void> => {
    for (const id of userIds) await admin.auth.admin.deleteUser(id)
    await address.stop()
  }
  return { url, anonKey, serviceRoleKey, isReal, anon, admin: () => admin, user, stop }
}

export interface TestProject {
  readonly id: string
  readonly name: string
  readonly slug: string
}

/** A project with its first archive, made the way the API makes one. */
export async function createProject(
  target: Target,
  userId: string,
  name = `project ${randomUUID()}`,
): Promise<TestProject> {
  const id = randomUUID()
  const slug = `t${id.replaceAll('-', '').slice(0, 20)}`
  const { error } = await target.admin().rpc('project_create', {
    ...{ p_id: id, p_user: userId, p_name: name, p_slug: slug, p_template: 'blank' },
    ...{ p_settings: { spec: { cpuCount: 4 } }, p_path: `${userId}/${id}/1-1-00000000.zip` },
    ...{ p_sha256: 'a'.repeat(64), p_bytes: 100, p_entries: 2, p_unpacked_bytes: 300 },
  })
  if (error !== null) throw error
  return { id, name, slug }
}

/** A live session of a project. */
export async function requestSession(target: Target, projectId: string, userId: string) {
  const { data, error } = await target
    .admin()
    .rpc('session_request', {
      ...{ p_session: randomUUID(), p_project: projectId, p_user: userId, p_sessions_max: 100 },
      ...{ p_memory_mib_max: 1_000_000, p_deadline_ms: 60_000 },
    })
    .select('id,status')
    .single()
  if (error !== null) throw error
  return data as { id: string; status: string }
}
