import { z } from 'zod'
import { archiveSource } from '../archive.ts'
import { gitSource } from '../git.ts'
import { bootId, epoch, opId, projectId, projectSlug, sessionId, traceparent } from '../ids.ts'
import { environment, machineSpec } from '../machine.ts'
import { defineCommand, type RequestOf } from '../message.ts'

/** A public Ed25519 key by which the host checks tickets on its own. */
export const ticketKey = z.object({
  kid: z.string().max(100),
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().max(100),
})
export type TicketKey = z.infer<typeof ticketKey>

/**
 * Asks a host to bring a session's machine up.
 *
 * The reply means "written to the journal", not "running": progress arrives in the log stream and
 * the end as a `ready` or `failed` event. Sending the same `opId` twice has one effect.
 */
export const start = defineCommand('start', 'Bring a session up.', {
  request: z.object({
    opId,
    session: sessionId,
    project: projectId,
    slug: projectSlug,
    /** Fence: a host refuses an epoch lower than the highest it has seen for this project. */
    epoch,
    spec: machineSpec,
    /** Null: the project starts empty. */
    archive: archiveSource.nullable(),
    /** Cloned in the machine, where nothing was ever saved. Null: it is not from a repository. */
    git: gitSource.nullable().default(null),
    ignore: z.array(z.string().max(1_024)).max(1_000).default([]),
    environment: environment.default({}),
    ticketKeys: z.array(ticketKey).min(1).max(10),
    /** How long the lease lasts from the moment of sending; the agent renews it. */
    leaseMs: z.int().positive(),
    bootDeadlineMs: z.int().positive(),
    traceparent: traceparent.optional(),
  }),
  reply: z.object({ bootId }),
})
export type StartCommand = RequestOf<typeof start>
