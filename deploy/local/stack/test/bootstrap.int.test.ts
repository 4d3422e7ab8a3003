import { execFile } from 'node:child_process'
import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { inRepository } from '../src/paths.ts'

/**
 * The script runs for real in a small checkout of its own. What would change this machine, the
 * package managers and root, is played by programs that write down how they were called.
 */
let dir: string
let bin: string

const FAKES: Record<string, string> = {
  id: 'echo 0',
  'dpkg-query': 'grep -qx "$3" "$STATE/installed" && printf "install ok installed"',
  'apt-cache': 'test -e "$STATE/lists"',
  'apt-get': `
    case "$*" in
      *update*) touch "$STATE/lists" ;;
      *install*)
        test -e "$STATE/broken" && { echo "E: no space left"; exit 100; }
        test -e "$VESSEL_POLICY_RC" || { echo "no policy"; exit 1; }
        for a in "$@"; do echo "$a" >> "$STATE/installed"; done ;;
    esac`,
  npm: `
    case "$1" in
      ci) test -e "$STATE/partial-lock" && { echo "EUSAGE"; exit 1; } ;;&
      ci|install) mkdir -p node_modules/.bin
          printf '#!/bin/sh\\nmkdir -p proto/dist\\necho "tsc $*" >> "$STATE/calls"\\n' > node_modules/.bin/tsc
          chmod 755 node_modules/.bin/tsc ;;&
      install) mkdir -p .toolchain/node_modules/node/bin
          printf '#!/bin/sh\\necho v24.21.0\\n' > .toolchain/node_modules/node/bin/node
          chmod 755 .toolchain/node_modules/node/bin/node ;;
    esac`,
}

async function addFake(name: string, body: string): Promise<void> {
  const record = name === 'npm' || name === 'apt-get' ? `echo "${name} $*" >> "$STATE/calls"` : ''
  await writeFile(join(bin, name), `#!/bin/bash\n${record}\n${body}\n`, { mode: 0o755 })
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vessel-bootstrap-'))
  bin = join(dir, 'bin')
  for (const folder of ['bin', 'state', 'repo/deploy/local', 'repo/proto/src']) {
    await mkdir(join(dir, folder), { recursive: true })
  }
  await cp(inRepository('deploy/local/bootstrap.sh'), join(dir, 'repo/deploy/local/bootstrap.sh'))
  await writeFile(join(dir, 'repo/package-lock.json'), '{}')
  await writeFile(join(dir, 'repo/proto/tsconfig.json'), '{}')
  await writeFile(join(dir, 'state/installed'), '')
  for (const [name, body] of Object.entries(FAKES)) await addFake(name, body)
})
afterEach(() => rm(dir, { recursive: true, force: true }))

interface Ran {
  readonly code: number
  readonly output: string
  /** Calls of package managers and compilers during this run. */
  readonly calls: string[]
}

async function run(purpose = 'up', path = `${bin}:/usr/bin:/bin`): Promise<Ran> {
  const callsFile = join(dir, 'state/calls')
  await writeFile(callsFile, '')
  const env = {
    PATH: path,
    STATE: join(dir, 'state'),
    VESSEL_POLICY_RC: join(dir, 'policy-rc.d'),
  }
  const script = join(dir, 'repo/deploy/local/bootstrap.sh')
  const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
    execFile('/bin/bash', [script, purpose], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, output: `${stdout}${stderr}` })
    })
  })
  const calls = (await readFile(callsFile, 'utf8')).split('\n').filter(Boolean)
  return { code, output, calls }
}

describe('the bootstrap', () => {
  it('brings everything to a fresh machine, then has nothing to do', async () => {
    const first = await run('test')
    expect(first).toMatchObject({ code: 0 })
    expect(first.output).toMatch(/installing nats-server redis-server .*chromium.*: done \(\d+ s\)/)
    expect(first.calls[0]).toContain('apt-get update')
    expect(first.calls.filter((call) => call.startsWith('npm'))).toEqual([
      expect.stringContaining('node@24.21.0'),
      expect.stringContaining('npm ci'),
    ])
    expect(await run('test')).toEqual({ code: 0, output: '', calls: [] })
  })

  it('leaves no policy behind that would keep other servers from starting', async () => {
    await run()
    await expect(stat(join(dir, 'policy-rc.d'))).rejects.toThrow('ENOENT')
  })

  it('keeps a policy the machine had before', async () => {
    await writeFile(join(dir, 'policy-rc.d'), 'theirs')
    await run()
    expect(await readFile(join(dir, 'policy-rc.d'), 'utf8')).toBe('theirs')
  })

  it('asks apt only for what is missing, and updates its lists only when it must', async () => {
    await run()
    const { calls } = await run('test')
    expect(calls).toEqual([
      expect.stringMatching(/^apt-get .*install .*chromium zip unzip qemu-system-x86 .+$/),
    ])
  })

  it('installs the Node packages again only when the lock file changed', async () => {
    await run()
    await appendFile(join(dir, 'repo/package-lock.json'), '\n')
    expect((await run()).calls).toEqual([expect.stringContaining('npm ci')])
  })

  it('takes the locked versions also when npm finds the lock to lack other platforms', async () => {
    await writeFile(join(dir, 'state/partial-lock'), '')
    const { code, calls } = await run()
    expect(code).toBe(0)
    expect(calls).toContainEqual(expect.stringContaining('npm install --no-save'))
  })

  it('compiles the contracts again only when they changed', async () => {
    await run()
    const changed = join(dir, 'repo/proto/src/new.ts')
    await writeFile(changed, '')
    // File times are coarse: without this it could have the same one as the build before.
    await utimes(changed, new Date(Date.now() + 5_000), new Date(Date.now() + 5_000))
    expect((await run()).calls).toEqual(['tsc -b proto'])
  })

  it('shows why apt failed', async () => {
    await writeFile(join(dir, 'state/broken'), '')
    const { code, output } = await run()
    expect(code).toBe(1)
    expect(output).toContain('E: no space left')
    expect(output).toMatch(/installing .*: failed/)
  })

  /** Only these programs, so that what the machine itself has is not found. */
  async function folderOf(fakes: readonly string[]): Promise<string> {
    const folder = join(dir, 'only')
    await mkdir(folder)
    const tools = ['dirname', 'mktemp', 'tail', 'rm', 'mkdir', 'sha256sum', 'cut', 'find', 'touch']
    for (const tool of tools) await symlink(`/usr/bin/${tool}`, join(folder, tool))
    for (const fake of fakes) await cp(join(bin, fake), join(folder, fake))
    return folder
  }

  it('names the packages where there is no apt', async () => {
    const { code, output } = await run('up', await folderOf(['id', 'npm']))
    expect(code).toBe(1)
    expect(output).toMatch(/Install these yourself.*nats-server redis-server/)
  })

  it('says that root is needed where there is no sudo', async () => {
    await addFake('id', 'echo 1000')
    const fakes = ['id', 'npm', 'apt-get', 'apt-cache', 'dpkg-query']
    const { code, output } = await run('up', await folderOf(fakes))
    expect(code).toBe(1)
    expect(output).toContain('root is needed')
  })
})
