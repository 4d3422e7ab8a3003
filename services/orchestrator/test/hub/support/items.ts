import type { hostChanged, projectChanged, sessionChanged } from '@vessel/proto/browser/topic-items'
import type { SystemMetrics } from '@vessel/proto/guest/messages'
import type { ProjectId, SessionId } from '@vessel/proto/ids'
import type { z } from 'zod'

type ProjectItem = z.infer<typeof projectChanged>
type SessionItem = z.infer<typeof sessionChanged>
export type HostItem = z.infer<typeof hostChanged>

const AT = '2026-01-01T00:00:00.000Z'

export function projectItem(id: ProjectId, revision: number): ProjectItem {
  return {
    kind: 'project',
    project: {
      id,
      name: 'a project',
      slug: 'a-project' as ProjectItem['project']['slug'],
      template: 'blank',
      git: null,
      revision,
      createdAt: AT,
      updatedAt: AT,
      deletedAt: null,
      head: null,
      settings: {
        spec: SPEC,
        idleStopMs: null,
        countRunningCommand: false,
        ignore: [],
        environment: {},
      },
      session: null,
    },
  }
}

const SPEC: SessionItem['session']['spec'] = { cpuCount: 1, memoryMib: 512, diskMib: 1_024 }

export function sessionItem(id: SessionId, projectId: ProjectId, revision: number): SessionItem {
  return {
    kind: 'session',
    session: {
      id,
      projectId,
      state: 'starting',
      revision,
      epoch: 1,
      bootId: null,
      url: null,
      spec: SPEC,
      queuePosition: null,
      createdAt: AT,
      readyAt: null,
      endedAt: null,
      lastActivityAt: null,
      lastSavedAt: null,
      idleStopAt: null,
      endReason: null,
      failure: null,
    },
  }
}

let samples = 0

export function sampleOf(cpuPercent: number): SystemMetrics {
  samples += 1
  return {
    type: 'system_metrics',
    timestamp: new Date(Date.parse(AT) + samples).toISOString(),
    metrics: {
      cpu: { usage_percent: cpuPercent, cores_usage: [cpuPercent] },
      memory: {
        total_kb: 1,
        used_kb: 1,
        available_kb: 0,
        swap_total_kb: 0,
        swap_used_kb: 0,
      },
      disk: { usage_stats: [], io_stats: { read_bytes_per_sec: 0, write_bytes_per_sec: 0 } },
      network: { stats: [] },
      system: { uptime: 1, load_average: { load1min: 0, load5min: 0, load15min: 0 } },
    },
  }
}
