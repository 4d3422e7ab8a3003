import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FeedBody } from '@vessel/proto/events/feed'
import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import { isEnded } from '@vessel/proto/session-state'
import { BOOT_STEP_ORDER, type BootStep, SAVE_STEP_ORDER, type StepName } from '@vessel/proto/steps'
import { as, feed, nowIso, patch, patchSession, type World } from './world.ts'

const ESC = '\u001b'

/** Lines a step prints, with colours as real tools print them. */
const LINES: Partial<Record<StepName, string[]>> = {
  journal: ['journal: record written and synced'],
  volume: ['volume: 10.0 GiB sparse, ext4', 'volume: mounted at /home/workspace'],
  boot: [
    '[    0.000000] Linux version 6.1.0-vessel (x86_64) #1 SMP',
    '[    0.000000] Command line: console=ttyS0 reboot=k panic=1',
    '[    0.104211] smpboot: Allowing 2 CPUs',
    '[    0.311842] virtio_blk virtio0: [vda] 20971520 512-byte logical blocks',
    `[${ESC}[32m  OK  ${ESC}[0m] Started ${ESC}[1mguest-agent.service${ESC}[0m`,
    `[${ESC}[32m  OK  ${ESC}[0m] Reached target ${ESC}[1mMulti-User System${ESC}[0m.`,
  ],
  guest: ['guest-agent 0.1.0 listening on :7000'],
  download: ['GET archive 4.2 kB', 'sha256 verified'],
  hydrate: ['unpacked 7 entries, 1 link, modes kept'],
  ide: [
    'code-server 4.139.1 on node 24.21.0',
    `${ESC}[33mwarn${ESC}[0m telemetry is disabled`,
    'HTTP server listening on the workspace socket',
  ],
  route: ['route written: p.localhost → 10.0.0.12'],
}

/** Words in a project's name that make its boot go a special way. */
const has = (project: ProjectView, word: string): boolean =>
  project.name.toLowerCase().includes(word)

interface Run {
  readonly world: World
  readonly project: ProjectView
  session: SessionView
}

const isOver = ({ world, session }: Run): boolean => {
  const now = world.projects.get(session.projectId)?.session
  return now?.id !== session.id || isEnded(now.state) || now.state === 'saving'
}

const step = (name: StepName, state: 'started' | 'done' | 'failed', durationMs?: number) =>
  as<FeedBody>({ kind: 'step', step: name, state, durationMs })
const line = (text: string, level: 'info' | 'warn' | 'error' = 'info') =>
  as<FeedBody>({ kind: 'line', source: 'console', level, text })

async function runStep(run: Run, name: StepName): Promise<void> {
  const { world, project } = run
  const startedMs = Date.now()
  const pace = has(project, 'slow') ? 900 : 90
  feed(world, run.session, step(name, 'started'))
  for (const text of LINES[name] ?? []) {
    await sleep(pace)
    if (isOver(run)) return
    feed(world, run.session, line(text))
  }
  if (name === 'boot' && has(project, 'flood')) {
    for (let n = 1; n <= 3_000; n += 1) {
      if (n % 40 === 0) await sleep(40)
      feed(world, run.session, line(`npm http fetch GET 200 package-${n} 12ms`))
    }
  }
  await sleep(pace * 2)
  feed(world, run.session, step(name, 'done', Date.now() - startedMs))
}

function fail(run: Run, stage: BootStep): void {
  const { world } = run
  feed(world, run.session, line('Error: EADDRINUSE: address already in use', 'error'))
  feed(world, run.session, step(stage, 'failed', 4_211))
  patchSession(world, run.session, {
    state: 'failed',
    endReason: 'start_failed',
    failure: {
      code: 'IDE_FAILED',
      message: 'the IDE exited with code 1',
      stage,
      isRetryable: true,
    },
  })
}

/** Boots a project as its name says: plain, `slow`, `queue`, `fail`, `flood`. */
export async function boot(world: World, project: ProjectView, first: SessionView): Promise<void> {
  const run: Run = { world, project, session: first }
  await sleep(150)
  run.session = patchSession(world, run.session, { state: 'placing', bootId: as(randomUUID()) })
  for (let place = has(project, 'queue') ? 4 : 0; place > 0; place -= 1) {
    run.session = patchSession(world, run.session, { queuePosition: place })
    await sleep(2_500)
    if (isOver(run)) return
  }
  run.session = patchSession(world, run.session, { state: 'starting', queuePosition: null })
  for (const name of BOOT_STEP_ORDER) {
    if (has(project, 'fail') && name === 'ide') return fail(run, name)
    await runStep(run, name)
    if (isOver(run)) return
  }
  run.session = patchSession(world, run.session, {
    state: 'ready',
    readyAt: nowIso(),
    lastActivityAt: nowIso(),
    url: `http://${project.slug}.localhost:4180`,
    idleStopAt: new Date(Date.now() + 30 * 60_000).toISOString(),
  })
}

/** Saves and ends a session, or throws its work away. */
export async function shutDown(
  world: World,
  from: SessionView,
  options: { discard: boolean },
): Promise<void> {
  const project = world.projects.get(from.projectId)
  if (!project) return
  if (from.state !== 'ready') {
    patchSession(world, from, { state: 'stopped', endReason: 'cancelled' })
    return
  }
  const run: Run = { world, project, session: patchSession(world, from, { state: 'saving' }) }
  for (const name of SAVE_STEP_ORDER) {
    const startedMs = Date.now()
    feed(world, run.session, step(name, 'started'))
    await sleep(has(project, 'slow') ? 1_500 : 350)
    feed(world, run.session, step(name, 'done', Date.now() - startedMs))
  }
  if (!options.discard) {
    patch(world, project.id, { head: { savedAt: nowIso(), bytes: 5_310, entries: 9 } })
  }
  patchSession(world, run.session, {
    state: 'stopped',
    endReason: options.discard ? 'user_discard' : 'user_exit',
    ...(options.discard ? {} : { lastSavedAt: nowIso() }),
  })
}
