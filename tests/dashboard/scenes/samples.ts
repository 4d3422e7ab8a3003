import type { ErrorShape } from '@vessel/proto/error-shape'
import type { FeedBody } from '@vessel/proto/events/feed'
import type { ProjectView } from '@vessel/proto/http/project-view'
import type { VersionView } from '@vessel/proto/http/projects'
import type { SessionView } from '@vessel/proto/http/session-view'
import type { StepName } from '@vessel/proto/steps'
import type { ProjectWish } from '../support/mock-levers.ts'

const MINUTE_MS = 60_000
export const inMinutes = (minutes: number): string =>
  new Date(Date.now() + minutes * MINUTE_MS).toISOString()
export const minutesAgo = (minutes: number): string => inMinutes(-minutes)

export const running = (change: Partial<SessionView> = {}): Partial<SessionView> => ({
  state: 'ready',
  createdAt: minutesAgo(42),
  readyAt: minutesAgo(41.9),
  lastSavedAt: minutesAgo(0.7),
  lastActivityAt: minutesAgo(1),
  idleStopAt: inMinutes(29),
  url: 'http://p-storefront.localhost:4180' as never,
  ...change,
})

const ended = (change: Partial<SessionView>): Partial<SessionView> => ({
  createdAt: minutesAgo(300),
  readyAt: minutesAgo(299.9),
  endedAt: minutesAgo(120),
  ...change,
})

export const IDE_FAILURE: ErrorShape & { stage: StepName; isRetryable: boolean } = {
  code: 'IDE_FAILED',
  message: 'the IDE exited with code 1',
  stage: 'ide',
  isRetryable: true,
}

const head = (minutes: number, bytes: number): ProjectView['head'] => ({
  savedAt: minutesAgo(minutes),
  bytes,
  entries: 214,
})

/** One project for each state a card can be in. */
export const SHELF: readonly ProjectWish[] = [
  { name: 'Storefront API', template: 'node', head: head(1, 18_400_000), session: running() },
  {
    name: 'Landing page',
    template: 'react',
    head: head(38, 2_310_000),
    session: ended({ state: 'stopped', endReason: 'idle', createdAt: minutesAgo(301) }),
  },
  {
    name: 'Forecast notebook',
    template: 'python',
    head: head(190, 640_000),
    session: { state: 'starting', createdAt: minutesAgo(302) },
  },
  {
    name: 'Nightly import',
    template: 'python',
    head: head(2_000, 9_100_000),
    session: { state: 'placing', queuePosition: 3, createdAt: minutesAgo(303) },
  },
  {
    name: 'Docs site',
    template: 'static',
    head: head(1_500, 92_000),
    session: { state: 'saving', createdAt: minutesAgo(304), readyAt: minutesAgo(303) },
  },
  {
    name: 'Payments worker',
    template: 'node',
    head: head(2_900, 5_120_000),
    session: ended({
      state: 'failed',
      readyAt: null,
      endReason: 'start_failed',
      failure: IDE_FAILURE,
      createdAt: minutesAgo(305),
    }),
  },
  {
    name: 'A project with a name that is far too long for any card to show in full',
    template: 'import',
    head: head(40_000, 311_000_000),
    session: ended({ state: 'lost', endReason: 'host_lost', createdAt: minutesAgo(306) }),
  },
  { name: 'Scratch', template: 'blank', head: head(52_000, 1_200) },
]

export const step = (
  name: StepName,
  state: 'started' | 'done' | 'skipped' | 'failed',
  durationMs?: number,
): FeedBody =>
  ({ kind: 'step', step: name, state, ...(durationMs ? { durationMs } : {}) }) as FeedBody

export const line = (text: string, level: 'info' | 'warn' | 'error' = 'info'): FeedBody => ({
  kind: 'line',
  source: 'console',
  level,
  text,
})

const ESC = '\u001b'

/** A boot up to the moment before VS Code is up. */
export const HALF_BOOT: readonly FeedBody[] = [
  step('journal', 'skipped'),
  step('volume', 'started'),
  line('volume: 10.0 GiB sparse, ext4'),
  line('volume: mounted at /home/workspace'),
  step('volume', 'done', 212),
  step('boot', 'started'),
  line('[    0.000000] Linux version 6.1.0-vessel (x86_64) #1 SMP'),
  line('[    0.000000] Command line: console=ttyS0 reboot=k panic=1'),
  line('[    0.104211] smpboot: Allowing 2 CPUs'),
  line('[    0.311842] virtio_blk virtio0: [vda] 20971520 512-byte logical blocks'),
  line(`[${ESC}[32m  OK  ${ESC}[0m] Started ${ESC}[1mguest-agent.service${ESC}[0m`),
  line(`[${ESC}[32m  OK  ${ESC}[0m] Reached target ${ESC}[1mMulti-User System${ESC}[0m.`),
  step('boot', 'done', 2_140),
  step('guest', 'started'),
  line('guest-agent 0.1.0 listening on :7000'),
  step('guest', 'done', 310),
  step('download', 'started'),
  line('GET archive 18.4 MB'),
  line('sha256 verified'),
  step('download', 'done', 890),
  step('hydrate', 'started'),
  line('unpacked 214 entries, 3 links, modes kept'),
  step('hydrate', 'done', 640),
  step('ide', 'started'),
  line('code-server 4.139.1 on node 24.21.0'),
  line(`${ESC}[33mwarn${ESC}[0m telemetry is disabled`, 'warn'),
]

export const VERSIONS: readonly Partial<VersionView>[] = [
  { kind: 'head', savedAt: minutesAgo(38), bytes: 2_310_000, entries: 214, isCheckpoint: false },
  { kind: 'earlier', savedAt: minutesAgo(43), bytes: 2_309_100, entries: 213, isCheckpoint: true },
  {
    kind: 'recovery',
    savedAt: minutesAgo(99),
    bytes: 2_288_000,
    entries: 209,
    isCheckpoint: false,
  },
  {
    kind: 'earlier',
    savedAt: minutesAgo(1_600),
    bytes: 1_100_000,
    entries: 120,
    isCheckpoint: false,
  },
].map((version, index) => ({
  id: `00000000-0000-4000-8000-00000000000${index}`,
  format: 'zip',
  ...version,
})) as Partial<VersionView>[]
