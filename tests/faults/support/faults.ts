import { mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createPaths } from '@vessel/infra-agent/testing/paths'
import { sessionId } from '@vessel/proto/ids'
import { Redis } from 'ioredis'
import type { Cluster, Host } from './cluster.ts'
import type { Random } from './random.ts'

/** One thing that goes wrong, and how it is mended. `mend` is called once, also after a restart. */
export interface Fault {
  readonly text: string
  inject(): Promise<void> | void
  mend(): Promise<void> | void
}

type Maker = (cluster: Cluster, random: Random) => Fault

const NOTHING = () => undefined
const SERVERS = ['o1', 'o2', 'h1', 'h2', 'h3', 'nats', 'redis'] as const
/** Postgres stands still when the stand-in does: it is one process. */
const FREEZABLE = [...SERVERS, 'supabase'] as const

async function askStore(cluster: Cluster, rule: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${cluster.storeUrl}/__faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rule),
    signal: AbortSignal.timeout(5_000),
  }).catch(() => null)
  // It may itself be frozen right now: then there is one fault less.
  if (response && !response.ok) throw new Error(`fault refused: ${await response.text()}`)
}

function storeFault(text: string, rule: Record<string, unknown>): Maker {
  return (cluster) => ({ text, inject: () => askStore(cluster, rule), mend: NOTHING })
}

async function flushRedis(cluster: Cluster): Promise<void> {
  const redis = new Redis(cluster.ground.made.redisUrl, {
    connectTimeout: 1_000,
    commandTimeout: 1_000,
    retryStrategy: () => null,
  })
  redis.on('error', NOTHING)
  // It may be down or frozen right now: then there is one fault less.
  await redis.flushall().catch(NOTHING)
  redis.disconnect()
}

/** The next archives of every machine on the host meet a disk without room. */
async function fillDisk(host: Host): Promise<void> {
  const paths = createPaths(host.stateDir)
  for (const name of await readdir(paths.vmsDir).catch(() => [])) {
    const session = sessionId.parse(name)
    const record = await readFile(paths.record(session), 'utf8').catch(() => null)
    if (!record) continue
    const { epoch, archiveSeq } = JSON.parse(record) as { epoch: number; archiveSeq: number }
    for (const seq of [archiveSeq + 1, archiveSeq + 2]) {
      const file = paths.packed(session, `${epoch}-${seq}.part.zip`)
      await mkdir(dirname(file), { recursive: true }).catch(NOTHING)
      // The kernel answers every write there as a full disk does. It may be gone, or be there.
      await symlink('/dev/full', file).catch(NOTHING)
    }
  }
}

const UPLOAD = '/storage/v1/object/upload/sign'
const MAKERS: Readonly<Record<string, Maker>> = {
  kill: (cluster, random) => {
    const name = random.pick(SERVERS)
    return {
      text: `kill -9 ${name}`,
      inject: () => cluster.kill(name),
      mend: () => cluster.start(name),
    }
  },
  freeze: (cluster, random) => {
    const name = random.pick(FREEZABLE)
    return {
      text: `freeze ${name}`,
      inject: () => cluster.freeze(name),
      mend: () => cluster.thaw(name),
    }
  },
  cut: (cluster, random) => {
    const { id, network } = random.pick(cluster.hosts)
    return { text: `cut ${id} off`, inject: () => network.cut(), mend: () => network.heal() }
  },
  slow: (cluster, random) => {
    const { id, network } = random.pick(cluster.hosts)
    const ms = random.whole(50, 400)
    return {
      text: `${ms} ms to ${id}`,
      inject: () => network.delay(ms),
      mend: () => network.delay(0),
    }
  },
  flush: (cluster) => ({ text: 'flush redis', inject: () => flushRedis(cluster), mend: NOTHING }),
  fullDisk: (cluster, random) => {
    const host = random.pick(cluster.hosts)
    return { text: `no room on ${host.id}`, inject: () => fillDisk(host), mend: NOTHING }
  },
  refuse: storeFault('refuse uploads', { match: `PUT ${UPLOAD}`, status: 503, times: 6 }),
  cutUpload: storeFault('cut uploads', { match: `PUT ${UPLOAD}`, cutAfterBytes: 100, times: 4 }),
  loseAnswers: storeFault('lose answers', { match: `PUT ${UPLOAD}`, isAnswerLost: true, times: 3 }),
  slowStore: storeFault('slow database', { match: '* /rest/v1', latencyMs: 400, times: 60 }),
  brokenStore: storeFault('failing database', { match: '* /rest/v1', status: 503, times: 30 }),
}

export function makeFault(cluster: Cluster, random: Random): Fault {
  const kind = random.pick(Object.keys(MAKERS))
  const maker = MAKERS[kind]
  if (!maker) throw new Error(`no fault ${kind}`)
  return maker(cluster, random)
}

export async function clearStoreFaults(cluster: Cluster): Promise<void> {
  await fetch(`${cluster.storeUrl}/__faults`, { method: 'DELETE' })
}
