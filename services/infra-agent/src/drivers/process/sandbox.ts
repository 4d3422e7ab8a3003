import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import type { SessionId } from '@vessel/proto/ids'
import type { Paths } from '../../paths.ts'

const run = promisify(execFile)
const PROBE_TIMEOUT_MS = 5_000

/** The system's own programs and libraries, read-only. */
const SYSTEM_PATHS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/opt']
/** Of /etc only what programs need and what holds no secret: a root agent could read the rest. */
const ETC_PATHS = [
  'alternatives',
  'bash.bashrc',
  'ca-certificates',
  'ca-certificates.conf',
  'debian_version',
  'group',
  'host.conf',
  'hosts',
  'inputrc',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'magic',
  'mime.types',
  'nsswitch.conf',
  'os-release',
  'passwd',
  'profile',
  'profile.d',
  'protocols',
  'python3',
  'python3.11',
  'resolv.conf',
  'services',
  'skel',
  'ssl/certs',
  'ssl/openssl.cnf',
  'terminfo',
  'timezone',
].map((name) => `/etc/${name}`)

/** Namespaces of its own. The network is shared: the gateway reaches the guest on loopback. */
const ISOLATION = ['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--hostname', 'workspace']

export interface SandboxPaths {
  readonly session: SessionId
  /** What the guest agent, its runtime and the IDE need besides the system's own. */
  readonly readable: readonly string[]
}

/**
 * The arguments of bubblewrap before the command. Order matters: what comes later lies on top, so
 * the state folder is covered before the session's own folders are laid over it.
 *
 * Not `--die-with-parent`: the session outlives a restart of the agent.
 */
export function sandboxArguments(paths: Paths, own: SandboxPaths): string[] {
  const readOnly = (path: string) => ['--ro-bind-try', path, path]
  const bind = (path: string) => ['--bind', path, path]
  const config = paths.guestConfig(own.session)
  return [
    ...ISOLATION,
    // An agent that is root would otherwise hand its powers on.
    ...['--new-session', '--cap-drop', 'ALL'],
    ...SYSTEM_PATHS.flatMap(readOnly),
    ...ETC_PATHS.flatMap(readOnly),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['--tmpfs', '/tmp', '--tmpfs', '/run', '--tmpfs', '/var/tmp', '--tmpfs', '/dev/shm'],
    ...own.readable.flatMap(readOnly),
    ...['--tmpfs', paths.stateDir],
    ...bind(paths.workspace(own.session)),
    ...bind(paths.home(own.session)),
    ...bind(paths.guestState(own.session)),
    ...['--ro-bind', config, config],
    ...['--remount-ro', paths.stateDir],
    ...['--chdir', paths.workspace(own.session)],
  ]
}

/** Node itself may live outside the system's folders. */
export function runtimePaths(execPath: string): string[] {
  return execPath.startsWith('/usr/') ? [] : [dirname(dirname(execPath))]
}

/**
 * Whether bubblewrap works here: asked of bubblewrap itself, since kernels forbid it in many ways.
 */
export async function probeSandbox(): Promise<{ works: boolean; detail: string }> {
  const systemPaths = SYSTEM_PATHS.filter((path) => existsSync(path))
  const binds = systemPaths.flatMap((path) => ['--ro-bind', path, path])
  const probe = [...ISOLATION, ...binds, '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp']
  try {
    await run('bwrap', [...probe, 'true'], { timeout: PROBE_TIMEOUT_MS })
    return { works: true, detail: 'bubblewrap works' }
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown)
    return { works: false, detail: detail.slice(0, 500) }
  }
}
