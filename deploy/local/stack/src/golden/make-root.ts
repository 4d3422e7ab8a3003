import { appendFile, cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import type { Ide } from '../ide/install-ide.ts'
import { type Job, runTool } from '../process/run-tool.ts'

const NPM_VERSION = '11.6.2'
const SUITE = 'bookworm'
const TIMEOUT_MS = 15 * 60_000
const USER_ID = 1_000

/** Where things lie inside a machine. */
export const GUEST_PATHS = { ide: '/opt/vessel/ide' } as const

/** Nobody logs in at the console, and nothing runs by a timer in a machine that lives for hours. */
const MASKED = [
  'getty@tty1.service',
  'serial-getty@ttyS0.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'systemd-pstore.service',
  'getty-static.service',
  'getty.target',
  'systemd-binfmt.service',
  'proc-sys-fs-binfmt_misc.automount',
  'systemd-update-utmp.service',
  'systemd-update-utmp-runlevel.service',
  'systemd-user-sessions.service',
  'systemd-machine-id-commit.service',
]

interface RootParts {
  readonly sources: string
  readonly ide: Ide
  readonly job: Job
}

/** Fills a folder with `root/`, the tree of a machine, and the kernel it is started with. */
export async function makeRoot(target: string, parts: RootParts): Promise<void> {
  const { sources, ide, job } = parts
  const root = join(target, 'root')
  job.say('making the golden image (once, about two minutes): the system')
  await installSystem(root, sources, job)
  job.say('making the golden image: VS Code, Node and npm')
  await addUser(root)
  await cp(ide.root, join(root, GUEST_PATHS.ide), { recursive: true, verbatimSymlinks: true })
  await addNode(root, job)
  await forgetIdentity(root)
  await enableUnits(root)
  const boot = await readdir(join(root, 'boot'))
  for (const name of ['vmlinuz', 'initrd.img']) {
    const found = boot.find((file) => file.startsWith(`${name}-`))
    if (!found) throw new Error(`the system has no ${name}`)
    await cp(join(root, 'boot', found), join(target, name))
  }
}

/** The machine's own list of package sources, so that its mirror and keys serve here as well. */
async function aptSources(): Promise<string[]> {
  const folder = '/etc/apt/sources.list.d'
  const names = await readdir(folder).catch(() => [])
  const debian = names.filter((name) => /^(debian|ubuntu)\.(sources|list)$/.test(name))
  if (debian.length > 0) return debian.map((name) => join(folder, name))
  return ['/etc/apt/sources.list']
}

async function installSystem(root: string, sources: string, job: Job): Promise<void> {
  // Before the kernel is installed, which builds its initrd from what stands there.
  const first = ['etc', 'usr', 'opt'].map((name) => join(sources, 'root', name)).join(' ')
  const packages = (await readFile(join(sources, 'packages.txt'), 'utf8')).trim().split('\n')
  let last = ''
  const progress = setInterval(() => job.say(`  still at it: ${last.slice(0, 70)}`), 10_000)
  try {
    await runTool({
      command: 'mmdebstrap',
      args: [
        '--variant=minbase',
        '--aptopt=Acquire::Languages "none"',
        '--dpkgopt=path-exclude=/usr/share/man/*',
        '--dpkgopt=path-exclude=/usr/share/doc/*',
        `--essential-hook=copy-in ${first} /`,
        `--include=${packages.join(',')}`,
        SUITE,
        root,
        ...(await aptSources()),
      ],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeoutMs: TIMEOUT_MS,
      signal: job.signal,
      onLine: (line) => {
        last = line
      },
    })
  } finally {
    clearInterval(progress)
  }
}

async function addUser(root: string): Promise<void> {
  const id = `${USER_ID}:${USER_ID}`
  await appendFile(join(root, 'etc/passwd'), `workspace:x:${id}::/home/workspace/home:/bin/bash\n`)
  await appendFile(join(root, 'etc/group'), `workspace:x:${USER_ID}:\n`)
  await appendFile(join(root, 'etc/shadow'), 'workspace:!:19000:0:99999:7:::\n')
  await mkdir(join(root, 'home/workspace'), { recursive: true })
}

async function addNode(root: string, job: Job): Promise<void> {
  const bin = join(root, 'usr/local/bin')
  await symlink(join(GUEST_PATHS.ide, 'node/bin/node'), join(bin, 'node'))
  await runTool({
    command: 'npm',
    args: ['install', '--global', `--prefix=${join(root, 'usr/local')}`, `npm@${NPM_VERSION}`],
    env: { ...process.env, NODE_OPTIONS: '', npm_config_audit: 'false', npm_config_fund: 'false' },
    timeoutMs: TIMEOUT_MS,
    signal: job.signal,
  })
}

/** Each boot makes its own: nothing that tells machines apart may be baked in. */
async function forgetIdentity(root: string): Promise<void> {
  await writeFile(join(root, 'etc/machine-id'), '')
  await writeFile(join(root, 'etc/resolv.conf'), 'nameserver 10.0.2.3\n')
  await writeFile(join(root, 'etc/hosts'), '127.0.0.1 localhost vessel\n')
}

async function enableUnits(root: string): Promise<void> {
  const units = join(root, 'etc/systemd/system')
  for (const name of MASKED) await symlink('/dev/null', join(units, name)).catch(ignoreThere)
  const wanted = join(units, 'multi-user.target.wants')
  await mkdir(wanted, { recursive: true })
  await symlink('../vessel-guest.service', join(wanted, 'vessel-guest.service'))
  const network = '/lib/systemd/system/systemd-networkd.service'
  await symlink(network, join(wanted, 'systemd-networkd.service')).catch(ignoreThere)
}

function ignoreThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
