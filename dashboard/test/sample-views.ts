import type { ProjectView } from '@vessel/proto/http/project-view'
import { projectView } from '@vessel/proto/http/project-view'
import { type SessionView, sessionView } from '@vessel/proto/http/session-view'
import { parseValue } from '@vessel/proto/parse'

const AT = '2026-11-20T12:00:00.000Z'
const spec = { cpuCount: 2, memoryMib: 1_024, diskMib: 10_240 }

/** A session as the API sends it; what a test is about is given. */
export function sampleSession(change: Partial<SessionView> = {}): SessionView {
  return parseValue(sessionView, {
    id: '7d9f4f0e-52a4-4a1c-9a53-0f6f0f2d8a11',
    projectId: '3c1b7a52-8f0e-4d0e-b7a1-5a3f1c9e2b44',
    state: 'ready',
    revision: 3,
    epoch: 1,
    bootId: null,
    url: null,
    spec,
    queuePosition: null,
    createdAt: AT,
    readyAt: null,
    endedAt: null,
    lastActivityAt: null,
    lastSavedAt: null,
    idleStopAt: null,
    endReason: null,
    failure: null,
    ...change,
  })
}

export function sampleProject(change: Partial<ProjectView> = {}): ProjectView {
  return parseValue(projectView, {
    id: '3c1b7a52-8f0e-4d0e-b7a1-5a3f1c9e2b44',
    name: 'API server',
    slug: 'api-server',
    template: 'node',
    revision: 5,
    createdAt: AT,
    updatedAt: AT,
    deletedAt: null,
    head: { savedAt: AT, bytes: 4_213, entries: 7 },
    settings: {
      spec,
      idleStopMs: null,
      countRunningCommand: false,
      ignore: [],
      environment: {},
    },
    session: null,
    ...change,
  })
}
