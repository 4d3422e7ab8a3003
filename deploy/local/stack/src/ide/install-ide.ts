import { copyFile, cp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { installOnce } from '../cache/install-once.ts'
import { cacheFolder, inRepository } from '../paths.ts'
import { type Job, runTool } from '../process/run-tool.ts'
import { patchWorkbench } from './patch-workbench.ts'
import { verifyIde } from './verify-ide.ts'

export const IDE_VERSION = '4.139.1'
/** Changes when the recipe below does, so that an older install is not taken for this one. */
const RECIPE = 3
/** About 80 s on two cores; a slow machine with a slow line may need much longer. */
const INSTALL_TIMEOUT_MS = 20 * 60_000
const PROGRESS_EVERY_MS = 10_000
/** What a compiler says in between is nothing to whoever waits. */
const COMPILES = /Release\/obj\.target\/([\w-]+)/

export interface Ide {
  /** The one folder everything lies in: Node, code-server and the launcher. */
  readonly root: string
  readonly node: string
  /** argv with `{socket}`, `{userData}` and `{workspace}` to be filled in. */
  readonly command: readonly string[]
  readonly healthPath: string
}

export function ideAt(root: string): Ide {
  const node = join(root, 'node', 'bin', 'node')
  const flags = ['--auth', 'none', '--socket', '{socket}', '--socket-mode', '600']
  const folders = ['--user-data-dir', '{userData}', '--extensions-dir', '{userData}/extensions']
  const quiet = [
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-workspace-trust',
    '--disable-getting-started-override',
    '--disable-proxy',
    '--ignore-last-opened',
  ]
  const config = ['--config', '{userData}/code-server.yaml']
  return {
    root,
    node,
    command: [
      node,
      join(root, 'launch.ts'),
      ...flags,
      ...folders,
      ...config,
      ...quiet,
      '{workspace}',
    ],
    healthPath: '/healthz',
  }
}

/** Node 24 as the npm package brings it: the binary and the headers native modules need. */
function nodeDistribution(): string {
  const require = createRequire(inRepository('.toolchain', 'package.json'))
  const node = dirname(require.resolve('node/package.json'))
  const platform = `${process.platform}-${process.arch}`
  return dirname(createRequire(join(node, 'x')).resolve(`node-${platform}/package.json`))
}

/** Puts VS Code into the user's cache, once per version, and checks that it runs. */
export async function installIde({ say, signal }: Job): Promise<Ide> {
  const folder = cacheFolder('ide', `code-server-${IDE_VERSION}-r${RECIPE}`)
  await installOnce({
    folder,
    onWait: () => say('another checkout is installing the IDE; waiting for it'),
    fill: async (temporary) => {
      say(`installing code-server ${IDE_VERSION} (once, a few minutes)`)
      await fillIde(temporary, { say, signal })
      await verifyIde(ideAt(temporary))
      say('the IDE answers')
    },
  })
  const ide = ideAt(folder)
  await publish(ide)
  return ide
}

async function fillIde(root: string, { say, signal }: Job): Promise<void> {
  const node = join(root, 'node')
  const distribution = nodeDistribution()
  await cp(join(distribution, 'bin'), join(node, 'bin'), { recursive: true })
  await cp(join(distribution, 'include'), join(node, 'include'), { recursive: true })
  // node-gyp looks for these at the root of `nodedir`; the npm package keeps them with the headers.
  for (const name of ['common.gypi', 'config.gypi']) {
    await symlink(join('include', 'node', name), join(node, name))
  }
  await copyFile(inRepository('deploy/local/stack/src/ide/launch.ts'), join(root, 'launch.ts'))
  await writeFile(join(root, 'package.json'), '{"private":true,"type":"module"}\n')

  const startedAt = Date.now()
  let module = ''
  const progress = setInterval(() => {
    const seconds = Math.round((Date.now() - startedAt) / 1_000)
    say(`  still building, ${seconds} s${module ? `: ${module}` : ''}`)
  }, PROGRESS_EVERY_MS)
  try {
    await runTool({
      command: 'npm',
      args: ['install', '--no-package-lock', '--no-save', `code-server@${IDE_VERSION}`],
      cwd: root,
      env: buildEnvironment(node),
      timeoutMs: INSTALL_TIMEOUT_MS,
      signal,
      onLine: (line) => {
        module = COMPILES.exec(line)?.[1] ?? module
      },
    })
  } finally {
    clearInterval(progress)
  }
  await rm(join(node, 'include'), { recursive: true, force: true })
  await patchWorkbench(root)
}

function buildEnvironment(node: string): Record<string, string | undefined> {
  return {
    ...process.env,
    NODE_OPTIONS: '',
    PATH: `${join(node, 'bin')}:${process.env.PATH}`,
    // Settings of the user's own npm, such as another `nodedir`, give way to these.
    npm_config_nodedir: node,
    npm_config_unsafe_perm: 'true',
    // Newer npm runs no install scripts unless told; building native modules is such a script.
    npm_config_dangerously_allow_all_scripts: 'true',
    npm_config_foreground_scripts: 'true',
    npm_config_fund: 'false',
    npm_config_audit: 'false',
  }
}

/** Leaves the launch command where tools outside the stack find it. */
async function publish(ide: Ide): Promise<void> {
  const file = cacheFolder('ide', 'current.json')
  const text = `${JSON.stringify(ide, null, 2)}\n`
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return
  await writeFile(`${file}.${process.pid}`, text)
  await rename(`${file}.${process.pid}`, file)
}
