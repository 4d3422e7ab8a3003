import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, mkdir, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Config } from '../config.ts'
import { igniteLooks } from '../drivers/ignite/needs.ts'
import { probeSandbox } from '../drivers/process/sandbox.ts'
import { readGoldenImage } from '../drivers/qemu/image.ts'
import { probeKvm } from '../drivers/qemu/kvm-probe.ts'
import { judgeNetwork } from '../drivers/qemu/network/choose.ts'
import { runTool } from '../drivers/qemu/run-tool.ts'
import { diskSpace } from '../host/capacity.ts'
import { findProgram } from '../host/find-program.ts'
import { readHostBootId } from '../host/identity.ts'

const run = promisify(execFile)

export interface Finding {
  readonly check: string
  readonly isOk: boolean
  /** What was found, and what to do when it is not as it should be. */
  readonly detail: string
}

async function finds(check: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { check, isOk: true, detail: await look() }
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown)
    return { check, isOk: false, detail: detail.slice(0, 500) }
  }
}

type Look = readonly [check: string, look: () => Promise<string>]

function processLooks(config: Config, path: string): Look[] {
  return [
    ['guest agent', () => findProgram(config.GUEST_COMMAND[0] ?? '', path)],
    ['VS Code', () => findProgram(config.IDE_COMMAND[0] ?? '', path)],
    [
      'nice and prlimit',
      async () => {
        await run('nice', ['prlimit', '--version'])
        return 'found'
      },
    ],
    ['sandbox', () => lookAtSandbox(config)],
  ]
}

/** sbin is not on everybody's PATH. */
const withSbin = (path: string): string => `${path}:/usr/local/sbin:/usr/sbin:/sbin`

function qemuLooks(config: Config, path: string): Look[] {
  const folders = withSbin(path)
  const tools: Look[] = ['qemu-system-x86_64', 'qemu-img', 'mke2fs'].map((tool) => [
    tool,
    () => findProgram(tool, folders),
  ])
  return [
    ...tools,
    [
      'golden image',
      async () => {
        const image = await readGoldenImage(config.GOLDEN_IMAGE ?? '')
        for (const file of [image.disk, image.kernel, image.initrd]) {
          await access(file, constants.R_OK)
        }
        return config.GOLDEN_IMAGE ?? ''
      },
    ],
    ['KVM', () => lookAtKvm(config)],
    ['network', () => lookAtNetwork(config)],
  ]
}

async function lookAtSandbox(config: Config): Promise<string> {
  if (config.SANDBOX === 'off') return 'switched off: sessions see the whole host'
  const { works, detail } = await probeSandbox()
  if (works) return detail
  throw new Error(`${detail}. Install bubblewrap, or allow user namespaces`)
}

/** Without it machines are emulated, which is slow but no fault unless KVM was asked for. */
async function lookAtKvm(config: Config): Promise<string> {
  const image = await readGoldenImage(config.GOLDEN_IMAGE ?? '')
  const stateDir = config.STATE_DIR
  const verdict = await probeKvm({ image, stateDir, hostBootId: await readHostBootId() })
  if (verdict.works) return verdict.detail
  const remedy = 'switch virtualisation on in the firmware, or in the host of this machine'
  if (config.QEMU_ACCELERATION === 'kvm') throw new Error(`${verdict.detail}: ${remedy}`)
  return `${verdict.detail}: machines are emulated and slow; ${remedy}`
}

async function lookAtNetwork(config: Config): Promise<string> {
  const image = await readGoldenImage(config.GOLDEN_IMAGE ?? '')
  const { mode, words, facts } = await judgeNetwork({ config, image, run: runTool })
  const rest = Object.entries(facts).map(([name, fact]) => `; ${name}: ${fact}`)
  return [`${mode}: ${words}`, ...rest].join('')
}

async function lookAtCredentials(file: string | undefined): Promise<string> {
  if (!file) return 'none: the bus lets everybody in'
  const { mode } = await stat(file)
  if ((mode & 0o077) !== 0) throw new Error(`${file} is readable by others: chmod 600`)
  return file
}

async function lookAtState(config: Config): Promise<string> {
  await mkdir(config.STATE_DIR, { recursive: true, mode: 0o700 })
  await access(config.STATE_DIR, constants.W_OK)
  const { freeMib } = await diskSpace(config.STATE_DIR)
  if (freeMib > config.DISK_MIB_KEEP_FREE) return `${freeMib} MiB free`
  throw new Error(`${freeMib} MiB free: free some, or lower DISK_MIB_KEEP_FREE`)
}

const LOOKS: Record<Config['DRIVER'], (config: Config, path: string) => Look[]> = {
  process: processLooks,
  qemu: qemuLooks,
  ignite: (_config, path) => igniteLooks(withSbin(path)),
}

/** What this host's driver needs, each with its remedy. */
export async function examine(config: Config, path: string): Promise<Finding[]> {
  const looks: Look[] = [
    ...LOOKS[config.DRIVER](config, path),
    ['credentials of the bus', () => lookAtCredentials(config.NATS_NKEY_FILE)],
    ['state folder', () => lookAtState(config)],
    [
      'route folder',
      async () => {
        await mkdir(config.ROUTES_DIR, { recursive: true })
        await access(config.ROUTES_DIR, constants.W_OK)
        return 'writable'
      },
    ],
  ]
  return Promise.all(looks.map(([check, look]) => finds(check, look)))
}
