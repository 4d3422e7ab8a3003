import { isTest, type SourceFile } from './files.ts'

export interface BannedText {
  readonly pattern: RegExp
  /** What to do instead: every message names the remedy. */
  readonly remedy: string
  readonly appliesTo: (path: string) => boolean
}

const product = (path: string): boolean => !isTest(path)
const everywhere = (): boolean => true

/** One place per process may read the environment and end it. */
const mayTouchProcess = (path: string): boolean =>
  /(^|\/)(main|config|config\.server)\.ts$/.test(path) ||
  path.startsWith('deploy/local/stack/') ||
  isTest(path)

export const BANNED: readonly BannedText[] = [
  {
    pattern: /\bprocess\.env\b/,
    remedy: 'read the environment in config.ts and pass the value in',
    appliesTo: (path) => !mayTouchProcess(path) && !/^dashboard\/[\w.-]+\.(ts|mjs)$/.test(path),
  },
  {
    pattern: /\bprocess\.exit\(/,
    remedy: 'throw; only main.ts ends the process',
    appliesTo: (path) => !mayTouchProcess(path),
  },
  {
    pattern: /\b(execSync|spawnSync|execFileSync)\(/,
    remedy: 'use execFile or spawn: a synchronous child freezes every session',
    appliesTo: (path) => path.startsWith('services/') && product(path),
  },
  {
    pattern: /shell:\s*true|[^.\w]exec\(['"`]/,
    remedy: 'pass an argument array to execFile or spawn; never a shell string',
    appliesTo: product,
  },
  {
    pattern: /\bconsole\.\w+\(/,
    remedy: 'log through the logger passed in',
    appliesTo: (path) => path.startsWith('services/') && product(path),
  },
  {
    pattern: /^\s*(export\s+)?(const\s+)?enum\s/m,
    remedy: 'use an `as const` object or a union',
    appliesTo: everywhere,
  },
  {
    pattern: /\b(describe|it|test)\.(only|skip|todo|failing)\(|\b(xit|xdescribe|fit|fdescribe)\(/,
    remedy: 'run the test or delete it',
    appliesTo: (path) => isTest(path) && !path.startsWith('tests/tidy'),
  },
  {
    pattern: /\b(TODO|FIXME|HACK)\b/,
    remedy: 'finish it, or open an issue',
    appliesTo: (path) => !path.startsWith('tests/tidy'),
  },
  {
    pattern: /catch(\s*\([^)]*\))?\s*\{\s*\}/,
    remedy: 'handle the error, or say in a comment why it may be ignored',
    appliesTo: product,
  },
]

/** Who may import what. The key is a prefix of the importing file's path. */
export const LAYERS: readonly {
  readonly from: RegExp
  readonly mayNot: RegExp
  readonly remedy: string
}[] = [
  {
    from: /^proto\/src\//,
    mayNot: /^(?!\.|zod$)/,
    remedy: 'proto imports its schema library and nothing else',
  },
  {
    from: /^services\/(infra-agent|guest-agent|orchestrator)\/src\//,
    mayNot: /^@vessel\/(?!proto\/)/,
    remedy: 'services know each other only through proto',
  },
  {
    from: /^dashboard\//,
    mayNot: /^@vessel\/(?!proto\/)/,
    remedy: 'the dashboard knows the others only through proto',
  },
  {
    from: /^dashboard\/(app|modules|ui|lib|live)\/(?!.*\.test\.)/,
    mayNot: /(^|\/)mock\//,
    remedy: 'the mock is for development and tests only',
  },
  {
    from: /^dashboard\/live\/(?!.*\.test\.)/,
    mayNot: /^react/,
    remedy: 'the live client is free of any framework; hooks stand on top of it',
  },
  {
    from: /^services\/infra-agent\/src\/(vm|steps)\/(?!.*\.test\.)/,
    mayNot: /\/drivers\/|\/bus\/|@nats-io|^fastify/,
    remedy: 'depend on a port in vm/ports.ts',
  },
  {
    from: /^services\/orchestrator\/src\/(sessions|placement)\/(?!.*\.test\.)/,
    mayNot: /@nats-io|^fastify|@supabase|^ioredis/,
    remedy: 'depend on a port; main.ts wires the tool',
  },
  {
    from: /^(services|proto|deploy|tests|dashboard)\//,
    mayNot: /(^|\/)index(\.tsx?)?$/,
    remedy: 'import the file itself; there are no barrels',
  },
]

export function importsOf(file: SourceFile): string[] {
  const found = file.text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g,
  )
  const bare = file.text.matchAll(/(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g)
  return [...found, ...bare].map(([, target]) => target ?? '')
}
