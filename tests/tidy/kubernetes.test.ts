import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { CONFIG_KEYS, readConfig } from '@vessel/orchestrator/testing/config'
import { load } from 'js-yaml'
import { ROOT, readSource } from './files.ts'
import { environmentOf, type Manifest, manifestsOf } from './manifests.ts'

const FOLDER = 'deploy/kubernetes'
const FILES = ['namespace', 'orchestrator', 'dashboard', 'ingress', 'network-policies']

interface Kustomization {
  readonly resources: readonly string[]
  readonly configMapGenerator: readonly { readonly name: string; readonly envs: string[] }[]
  readonly images: readonly { readonly name: string; readonly newTag: string }[]
}

const all = FILES.flatMap((file) => manifestsOf(`${FOLDER}/${file}.yaml`))
const kustomization = load(readSource(`${FOLDER}/kustomization.yaml`).text) as Kustomization
const example = manifestsOf(`${FOLDER}/secrets.example.yaml`)[0]

const find = (kind: string, name: string): Manifest => {
  const found = all.find((one) => one.kind === kind && one.metadata.name === name)
  if (!found) throw new Error(`there is no ${kind} ${name}`)
  return found
}
const podOf = (name: string) => find('Deployment', `vessel-${name}`).spec.template.spec
const containerOf = (name: string) => {
  const [container, ...others] = podOf(name).containers
  if (!container || others.length > 0) throw new Error(`${name} is not one container`)
  return container
}

const PARTS = [
  { name: 'orchestrator', folder: 'services/orchestrator' },
  { name: 'dashboard', folder: 'dashboard' },
] as const

/** The environment of a pod without its secrets: the image's, the generated map's, its own. */
function environmentOfPod(name: string): Record<string, string> {
  const folder = PARTS.find((part) => part.name === name)?.folder
  const dockerfile = readSource(`${folder}/Dockerfile`).text.split('\nFROM ').at(-1) ?? ''
  const ofImage = [...dockerfile.matchAll(/^ENV (.*)$/gm)].flatMap(([, line]) =>
    (line ?? '').split(' ').map((pair) => pair.split('=') as [string, string]),
  )
  const own = (containerOf(name).env ?? []).filter(({ value }) => value !== undefined)
  return {
    ...Object.fromEntries(ofImage),
    ...environmentOf(`${FOLDER}/${name}.env`),
    ...Object.fromEntries(own.map((one) => [one.name, one.value ?? ''])),
  }
}

const ofSecret = (containerOf('orchestrator').env ?? []).filter(({ valueFrom }) => valueFrom)
const config = readConfig({
  ...environmentOfPod('orchestrator'),
  ...{ REDIS_URL: 'rediss://:a@redis:6379', SUPABASE_SERVICE_ROLE_KEY: 'a' },
})

describe('the configuration of the pods', () => {
  it('is one that the orchestrator takes, with no name that it does not know', () => {
    const named = [
      ...Object.keys(environmentOf(`${FOLDER}/orchestrator.env`)),
      ...(containerOf('orchestrator').env ?? []).map(({ name }) => name),
    ]
    expect(named.filter((name) => !CONFIG_KEYS.includes(name))).toEqual([])
    expect(config.METRICS_HOST).toBe('0.0.0.0')
    expect(config.HOST).toBe('0.0.0.0')
  })

  it('sets all that the dashboard asks for, and nothing else', () => {
    const asked = Object.keys(environmentOf('dashboard/dashboard.env.example'))
    expect(Object.keys(environmentOf(`${FOLDER}/dashboard.env`)).sort()).toEqual(asked.sort())
  })

  it('reaches each pod by its generated map', () => {
    for (const { name } of PARTS) {
      const generated = { name: `vessel-${name}`, envs: [`${name}.env`] }
      expect(kustomization.configMapGenerator).toContainEqual(generated)
      const [from] = containerOf(name).envFrom
      expect(from?.configMapRef.name).toBe(generated.name)
    }
  })

  it('takes secrets by reference: every key is in the example, and none has a value there', () => {
    const volume = podOf('orchestrator').volumes.find(({ secret }) => secret)
    const files = volume?.secret?.items ?? []
    const keys = [
      ...ofSecret.map(({ valueFrom }) => valueFrom?.secretKeyRef.key),
      ...files.map(({ key }) => key),
    ]
    expect(Object.keys(example?.stringData ?? {}).sort()).toEqual([...keys].sort())
    expect(Object.values(example?.stringData ?? {}).filter((value) => value !== '')).toEqual([])
    expect(kustomization.resources).not.toContain('secrets.example.yaml')

    const { volumeMounts } = containerOf('orchestrator')
    const mount = volumeMounts.find(({ name }) => name === volume?.name)?.mountPath ?? ''
    const paths = files.map(({ path }) => join(mount, path))
    expect(paths).toEqual([config.NATS_NKEY_FILE, config.TICKET_KEY_FILE])
  })
})

describe('the pods', () => {
  it.each(PARTS)('$name may do no more than it must', ({ name, folder }) => {
    expect(readSource(`${folder}/Dockerfile`).text).toContain('\nUSER node\n')
    expect(podOf(name)).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: {
        ...{ runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000 },
        seccompProfile: { type: 'RuntimeDefault' },
      },
    })
    const { securityContext, resources } = containerOf(name)
    expect(securityContext).toMatchObject({
      ...{ allowPrivilegeEscalation: false, privileged: false, readOnlyRootFilesystem: true },
      capabilities: { drop: ['ALL'] },
    })
    expect(resources).toMatchObject({
      requests: { cpu: expect.any(String), memory: expect.any(String) },
      limits: { memory: expect.any(String) },
    })
    expect(resources.limits.cpu).toBeUndefined()
  })

  it.each(PARTS)('$name is replaced without a gap', ({ name }) => {
    const { spec } = find('Deployment', `vessel-${name}`)
    expect(spec.replicas).toBeGreaterThanOrEqual(2)
    expect(spec.strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 })
    const budget = find('PodDisruptionBudget', `vessel-${name}`)
    expect(budget.spec.selector.matchLabels).toEqual(spec.template.metadata.labels)
  })

  it('an orchestrator may take as long to leave as it says it does', () => {
    const main = readSource('services/orchestrator/src/main.ts').text
    const turn = Number(/TURN_MS = ([\d_]+)/.exec(main)?.[1]?.replaceAll('_', ''))
    const leavingMs = config.LEAVE_NOTICE_MS + config.SOCKET_DRAIN_MS + turn
    expect(podOf('orchestrator').terminationGracePeriodSeconds * 1_000).toBeGreaterThan(leavingMs)
  })

  it.each(PARTS)('$name listens and is asked where it answers', ({ name, folder }) => {
    const container = containerOf(name)
    const exposed = /^EXPOSE (.*)$/m.exec(readSource(`${folder}/Dockerfile`).text)?.[1]
    const ports = container.ports.map(({ containerPort }) => containerPort)
    expect(ports.join(' ')).toBe(exposed)
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' })
    expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' })
  })

  it('ask for ports and routes that are in the code', () => {
    const [http, metrics] = containerOf('orchestrator').ports
    expect([http?.containerPort, metrics?.containerPort]).toEqual([
      config.PORT,
      config.METRICS_PORT,
    ])
    const health = readSource('services/orchestrator/src/http/health.ts').text
    for (const route of ['healthz', 'readyz']) {
      expect(health).toContain(`app.get('/${route}'`)
      expect(existsSync(join(ROOT, `dashboard/app/${route}/route.ts`))).toBe(true)
    }
  })

  it.each(PARTS)('$name is pinned to the version of its package', ({ name, folder }) => {
    const { version } = JSON.parse(readSource(`${folder}/package.json`).text)
    expect(containerOf(name).image).toBe(`vessel/${name}:${version}`)
    const image = kustomization.images.find((one) => one.name === `vessel/${name}`)
    expect(image?.newTag).toBe(version)
  })
})

describe('the ways between pods', () => {
  const labelsOf = (name: string) => find('Deployment', name).spec.template.metadata.labels

  it('are closed but for the policies of each', () => {
    expect(find('NetworkPolicy', 'nobody').spec).toEqual({
      ...{ podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    })
    for (const { name } of PARTS) {
      const { spec } = find('NetworkPolicy', `vessel-${name}`)
      expect(spec.podSelector.matchLabels).toEqual(labelsOf(`vessel-${name}`))
      const open = spec.ingress.flatMap(({ ports }) => ports.map(({ port }) => port))
      expect(open).toEqual(containerOf(name).ports.map((port) => port.name))
    }
  })

  it('lead from a Service to a port of its pods', () => {
    for (const { spec, metadata } of all.filter(({ kind }) => kind === 'Service')) {
      const part = PARTS.find(({ name }) => metadata.name.startsWith(`vessel-${name}`))
      const ports = containerOf(part?.name ?? '').ports.map(({ name }) => name)
      expect(spec.selector).toEqual(labelsOf(`vessel-${part?.name}`))
      expect(ports).toEqual(expect.arrayContaining(spec.ports.map((port) => port.targetPort)))
    }
  })

  it('lead from outside to API and pages, and never to the metrics', () => {
    const { rules } = find('Ingress', 'vessel').spec
    const ways = rules.map(({ host, http }) => [host, http.paths[0]?.backend.service])
    const { hostname: api } = new URL(environmentOfPod('dashboard').API_URL ?? '')
    expect(ways).toEqual([
      [
        new URL(config.DASHBOARD_URL).hostname,
        { name: 'vessel-dashboard', port: { name: 'http' } },
      ],
      [api, { name: 'vessel-orchestrator', port: { name: 'http' } }],
    ])
  })
})

it('kustomization.yaml holds every manifest', () => {
  expect(kustomization.resources).toEqual(FILES.map((file) => `${file}.yaml`))
})
