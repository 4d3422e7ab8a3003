import { pino } from 'pino'
import type { Projects } from '../../../src/projects/ports.ts'
import { createProjects } from '../../../src/projects/projects.ts'
import type { World } from './world.ts'

const USERS = 20

/** Other people's projects and runs; no pass of a reconciler is due for them. */
export async function addCrowd(
  world: World,
  { projects, live }: { projects: number; live: number },
): Promise<void> {
  for (let index = 0; index < USERS; index += 1) {
    const { userId } = await world.owner()
    await world.supabase.script(`
      insert into projects (user_id, name, slug, template_type)
      select '${userId}', 'crowd ' || n, 'crowd' || left(md5('${userId}'), 8) || '-' || n, 'blank'
      from generate_series(1, ${Math.ceil(projects / USERS)}) n;
      insert into archives (project_id, user_id, epoch, seq, path, sha256, bytes, format, status,
        committed_at)
      select id, user_id, 1, 1, 'crowd/' || id, repeat('a', 64), 3, 'zip', 'head', now()
      from projects where user_id = '${userId}' and name like 'crowd%';
      insert into sessions (project_id, user_id, status, epoch, host_id, boot_id, ready_at,
        cpu_count, memory_mib, disk_mib, wake_at)
      select id, user_id, 'ready', 1, 'far', gen_random_uuid(), now(), 1, 256, 256,
        now() + interval '1 day'
      from projects where user_id = '${userId}' and name like 'crowd%'
      limit ${Math.ceil(live / USERS)};`)
  }
  await world.supabase.script('analyze')
}

/** What people do with projects, over the world's database. */
export function projectsOf(world: World): Projects {
  const nobody = () => undefined
  return createProjects({
    db: world.db,
    announcer: { session: nobody, project: nobody, projectRemoved: nobody },
    templatesDir: '/nowhere',
    undeleteWithinMs: 60_000,
    settings: { workspaceBaseUrl: 'http://localhost:8080', idleStopMs: 1_800_000 },
    log: pino({ level: 'silent' }),
  })
}
