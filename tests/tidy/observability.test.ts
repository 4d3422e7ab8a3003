import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { readConfig as readAgentConfig } from '@vessel/infra-agent/testing/config'
import { createMetrics } from '@vessel/infra-agent/testing/metrics'
import { measureFigures } from '@vessel/orchestrator/testing/figure-metrics'
import { measureRequests } from '@vessel/orchestrator/testing/http-metrics'
import { createHubMetrics } from '@vessel/orchestrator/testing/hub-metrics'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { ROOT, readSource } from './files.ts'
import { documentsOf, environmentOf, manifestsOf } from './manifests.ts'

const FOLDER = 'deploy/observability'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string; readonly promise: string }
  readonly annotations: { readonly summary: string; readonly runbook: string }
}
interface Panel {
  readonly id: number
  readonly title: string
  readonly gridPos: { readonly x: number; readonly y: number }
  readonly targets: readonly { readonly expr: string }[]
}
interface Scrape {
  readonly job_name: string
  readonly static_configs?: readonly { readonly targets: readonly string[] }[]
  readonly relabel_configs?: readonly { readonly regex?: string }[]
}

const [ruleFile] = documentsOf(`${FOLDER}/alerts.yml`) as [{ groups: { rules: Rule[] }[] }]
const rules = ruleFile.groups.flatMap((group) => group.rules)
const dashboard: { panels: Panel[] } = JSON.parse(readSource(`${FOLDER}/dashboard.json`).text)
const expressions = [
  ...rules.map(({ expr }) => expr),
  ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
]
const jobs = ['prometheus.yml', 'prometheus-host.yml'].flatMap((file) => {
  const [found] = documentsOf(`${FOLDER}/${file}`) as [{ scrape_configs: Scrape[] }]
  return found.scrape_configs
})

/** What the services register, by their own code. */
async function registeredNames(): Promise<Set<string>> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const none = () => 0
  createHubMetrics(registry, { connections: none, logs: none, ringBytes: none })
  measureFigures(registry, {
    ...{ hosts: () => [], figures: { latest: () => null }, clock: { now: none } },
  })
  const app = { addHook: () => app } as unknown as Parameters<typeof measureRequests>[0]
  measureRequests(app, registry)
  const agent = createMetrics({ sessions: () => null, isConnected: () => true }).registry
  const metrics = [...(await registry.getMetricsAsJSON()), ...(await agent.getMetricsAsJSON())]
  return new Set(
    metrics.flatMap(({ name, type }) =>
      // Text in some releases of its types, a number in others: the parts are there either way.
      String(type) === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : name,
    ),
  )
}

describe('the rules and the dashboard', () => {
  it('name only figures that a service registers', async () => {
    const known = await registeredNames()
    const named = expressions.flatMap((text) => text.match(/\b(vessel|nodejs|process)_\w+/g) ?? [])
    expect(named.length).toBeGreaterThan(30)
    expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([])
  })

  it('name only jobs that are scraped', () => {
    const named = expressions.flatMap((text) =>
      [...text.matchAll(/job="([^"]+)"/g)].map(([, job]) => job),
    )
    const scraped = jobs.map((job) => job.job_name)
    expect(named.filter((job) => !scraped.includes(job ?? ''))).toEqual([])
    expect(named).not.toEqual([])
  })

  it('have panels that do not lie on each other', () => {
    const { panels } = dashboard
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const places = panels.map(({ gridPos: { x, y } }) => `${x},${y}`)
    expect(new Set(places).size).toBe(panels.length)
    expect(panels.length).toBeGreaterThanOrEqual(12)
  })
})

describe('an alarm', () => {
  const list = readSource('docs/runbooks/README.md').text
  /** As docs/invariants.md writes them, in small letters. */
  const promises = [
    ...readSource('docs/invariants.md').text.matchAll(/^\| (Never [^|]+?) +\|/gm),
  ].map(([, name]) => name?.toLowerCase().replace("'", '').replaceAll(' ', '-'))

  it.each(rules)('$alert says what to do, how soon, and for which promise', (rule) => {
    const { runbook, summary } = rule.annotations
    expect(existsSync(join(ROOT, runbook))).toBe(true)
    const page = runbook.replace('docs/runbooks/', '')
    expect(list.split('\n').find((line) => line.includes(`\`${rule.alert}\``))).toContain(page)
    expect(['page', 'ticket']).toContain(rule.labels.severity)
    expect(promises).toContain(rule.labels.promise)
    expect(summary).not.toBe('')
  })

  it('is rung by each row of the list of runbooks', () => {
    const listed = [...list.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)
    expect(listed.sort()).toEqual(rules.map(({ alert }) => alert).sort())
  })
})

describe('what is scraped', () => {
  it('is the Service of the metrics of every orchestrator', () => {
    const services = manifestsOf('deploy/kubernetes/orchestrator.yaml').filter(
      ({ kind, metadata }) => kind === 'Service' && metadata.name.endsWith('-metrics'),
    )
    const [metrics] = services
    const job = jobs.find((one) => one.job_name === 'vessel-orchestrator')
    const wanted = `${metrics?.metadata.name};${metrics?.spec.ports[0]?.name}`
    expect(job?.relabel_configs?.map(({ regex }) => regex)).toContain(wanted)
  })

  it('is the agent of the same host, where it listens by default', () => {
    const { LISTEN_HOST, PORT } = readAgentConfig(
      environmentOf('services/infra-agent/infra-agent.env.example'),
    )
    const job = jobs.find((one) => one.job_name === 'vessel-agent')
    expect(job?.static_configs?.[0]?.targets).toEqual([`${LISTEN_HOST}:${PORT}`])
  })
})
