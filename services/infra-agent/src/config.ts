import { isIPv4 } from 'node:net'
import { isAbsolute } from 'node:path'
import { archiveFormat } from '@vessel/proto/archive'
import { hostId } from '@vessel/proto/ids'
import { z } from 'zod'
import { PLACE_PREFIX } from './drivers/qemu/network/places.ts'
import { type Network, parseNetwork } from './host/ipv4.ts'

/** Everything the agent is told from outside. Read once in `main.ts`, then passed down. */

const milliseconds = (fallback: number) => z.coerce.number().int().positive().default(fallback)
const absolutePath = z.string().refine(isAbsolute, 'must be an absolute path')

/** A command is a JSON list of arguments, so that no shell ever splits it. */
const argv = z.string().transform((text, context) => {
  try {
    const list = z.array(z.string()).min(1).safeParse(JSON.parse(text))
    if (list.success) return list.data
  } catch {
    // Falls through to the one message for both kinds of fault.
  }
  context.addIssue({ code: 'custom', message: 'must be a JSON list of strings' })
  return z.NEVER
})

/** As ignite keeps it: a name that is not in full would be found under another one. */
const imageName = z
  .string()
  .regex(
    /^[^\s@:-][^\s@:]*(?::\d+\/[^\s@:]+)?:[\w.-]+$/,
    'must be a name with its tag, without a digest',
  )

/** `:`-separated absolute paths, like PATH. */
const pathList = z
  .string()
  .default('')
  .transform((text) => text.split(':').filter((part) => part !== ''))
  .pipe(z.array(absolutePath))

const commaList = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

const network = z.string().transform((text, context): Network => {
  const parsed = parseNetwork(text)
  if (parsed) return parsed
  context.addIssue({ code: 'custom', message: `${text} is no network such as 10.1.0.0/16` })
  return z.NEVER
})

const networkList = (fallback: string) =>
  z.string().default(fallback).transform(commaList).pipe(z.array(network))

/** Each machine gets a network of its own out of it. */
const machineRange = network.refine(({ prefix }) => prefix >= 8 && prefix <= PLACE_PREFIX, {
  message: `must have a prefix from 8 to ${PLACE_PREFIX}`,
})

/** Null: those of the host; an empty list: none. */
const nameServers = z
  .string()
  .default('host')
  .transform((text) => (text === 'host' ? null : text === 'none' ? [] : commaList(text)))
  .pipe(z.array(z.ipv4()).nullable())

/** What is somebody's own network: private, shared by a provider's customers, or for tests. */
const PRIVATE_NETWORKS =
  '10.0.0.0/8,100.64.0.0/10,172.16.0.0/12,192.0.0.0/24,192.168.0.0/16,198.18.0.0/15'

const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())

const loopback = z.string().refine((host) => isIPv4(host) && host.startsWith('127.'), {
  message: 'must be a loopback address: the gateway runs on the same host',
})

/** What a driver cannot do without. */
const NEEDED_BY: Record<string, readonly string[]> = {
  process: ['GUEST_COMMAND', 'IDE_COMMAND'],
  qemu: ['GOLDEN_IMAGE'],
  ignite: ['IGNITE_IMAGE', 'IGNITE_KERNEL_IMAGE', 'IDE_COMMAND'],
}

const variables = z.object({
  HOST_ID: hostId,
  NATS_URL: z.string().min(1).default('nats://127.0.0.1:4222'),
  NATS_NKEY_FILE: optional(absolutePath),
  NATS_CONNECT_TRIES_MAX: z.coerce.number().int().positive().default(60),
  STREAM_REPLICAS: z.coerce.number().int().min(1).max(5).default(1),
  STATE_DIR: absolutePath,
  ROUTES_DIR: absolutePath,
  LISTEN_HOST: loopback.default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(7070),
  WORKSPACE_BASE_URL: z.url({ protocol: /^https?$/ }),
  DASHBOARD_URL: z.url({ protocol: /^https?$/ }),
  DRIVER: z.enum(['process', 'qemu', 'ignite']).default('process'),
  GOLDEN_IMAGE: optional(absolutePath),
  QEMU_ACCELERATION: z.enum(['auto', 'kvm', 'tcg']).default('auto'),
  QEMU_NETWORK: z.enum(['auto', 'tap', 'restricted', 'open']).default('auto'),
  QEMU_TAP_RANGE: z.string().default('10.62.0.0/16').pipe(machineRange),
  QEMU_DNS: nameServers,
  QEMU_DENIED_NETWORKS: networkList(PRIVATE_NETWORKS),
  QEMU_ALLOWED_NETWORKS: networkList(''),
  IGNITE_IMAGE: optional(imageName),
  IGNITE_KERNEL_IMAGE: optional(imageName),
  IGNITE_SANDBOX_IMAGE: optional(imageName),
  IGNITE_ROOT_GIB: z.coerce.number().int().min(1).max(1_024).default(10),
  SANDBOX: z.enum(['auto', 'off', 'require']).default('auto'),
  SANDBOX_PATHS: pathList,
  GUEST_COMMAND: argv.default([]),
  IDE_COMMAND: argv.default([]),
  IDE_HEALTH_PATH: z.string().startsWith('/').default('/healthz'),
  ARCHIVE_FORMAT: archiveFormat.default('zip'),
  CPU_TOTAL: z.coerce.number().nonnegative().default(0),
  CPU_OVERCOMMIT: z.coerce.number().min(1).max(64).default(4),
  MEMORY_MIB_TOTAL: z.coerce.number().int().nonnegative().default(0),
  WARM_POOL_SIZE: z.coerce.number().int().min(0).max(64).default(0),
  DISK_MIB_KEEP_FREE: z.coerce.number().int().nonnegative().default(1_024),
  VM_MAX: z.coerce.number().int().positive().default(20),
  CHECKPOINT_EVERY_MS: milliseconds(300_000),
  SAVE_RETRY_MS_MAX: milliseconds(60_000),
  DEAD_MAN_MS: milliseconds(1_800_000),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})
type Environment = z.infer<typeof variables>

export const CONFIG_KEYS = Object.keys(variables.shape)

/** Where browsers reach workspaces: `<slug>.<domain>` under this scheme and port. */
export interface WorkspaceBase {
  readonly scheme: 'http' | 'https'
  readonly domain: string
  /** With its colon, empty for the scheme's own port. */
  readonly portSuffix: string
}

export interface Config extends Readonly<Omit<Environment, 'WORKSPACE_BASE_URL'>> {
  readonly workspaceBase: WorkspaceBase
}

function workspaceBase(url: string): WorkspaceBase {
  const parsed = new URL(url)
  return {
    scheme: parsed.protocol === 'https:' ? 'https' : 'http',
    domain: parsed.hostname,
    portSuffix: parsed.port === '' ? '' : `:${parsed.port}`,
  }
}

const faultsOf = (error: z.ZodError | undefined): string[] =>
  (error?.issues ?? []).map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)

function missingOf(environment: Readonly<Record<string, string | undefined>>): string[] {
  const driver = environment.DRIVER || 'process'
  const missing = (NEEDED_BY[driver] ?? []).filter((name) => !environment[name])
  return missing.map((name) => `  ${name}: the ${driver} driver needs it`)
}

/** Throws one error that names every faulty variable. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const parsed = variables.safeParse(environment)
  const faults = [...faultsOf(parsed.error), ...missingOf(environment)]
  if (!parsed.success || faults.length > 0) {
    throw new Error(`the configuration is not valid:\n${faults.join('\n')}`)
  }
  const { WORKSPACE_BASE_URL, ...rest } = parsed.data
  return Object.freeze({ ...rest, workspaceBase: workspaceBase(WORKSPACE_BASE_URL) })
}
