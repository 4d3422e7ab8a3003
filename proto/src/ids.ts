import { z } from 'zod'

/**
 * Ids are branded, so a project id cannot stand where a session id is meant.
 * Every id also is a safe NATS token, file name and URL segment: nothing else passes its parser.
 */
export const userId = z.uuid().brand<'UserId'>()
export type UserId = z.infer<typeof userId>

export const projectId = z.uuid().brand<'ProjectId'>()
export type ProjectId = z.infer<typeof projectId>

/**
 * By what somebody comes into a workspace: one of their logins, or one of their tokens for scripts.
 */
export const visitorId = z.uuid().brand<'VisitorId'>()
export type VisitorId = z.infer<typeof visitorId>

/** One *run* of a project. Nothing of run N may touch run N+1, so every message carries it. */
export const sessionId = z.uuid().brand<'SessionId'>()
export type SessionId = z.infer<typeof sessionId>

/** One attempt of an agent to run a session. Log sequence numbers count within it. */
export const bootId = z.uuid().brand<'BootId'>()
export type BootId = z.infer<typeof bootId>

/** Idempotency key of a command: the same `opId` takes effect once. */
export const opId = z.uuid().brand<'OpId'>()
export type OpId = z.infer<typeof opId>

export const HOST_ID_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/
export const hostId = z.string().regex(HOST_ID_PATTERN).brand<'HostId'>()
export type HostId = z.infer<typeof hostId>

/**
 * The DNS label a project answers under: `<slug>.<base domain>`.
 * It has no `--`, because `<port>--<slug>` names a port preview, and one canonical spelling only.
 */
export const PROJECT_SLUG_PATTERN = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
export const projectSlug = z.string().max(40).regex(PROJECT_SLUG_PATTERN).brand<'ProjectSlug'>()
export type ProjectSlug = z.infer<typeof projectSlug>

/** Fence of a project: rises with every lease, and an older one is refused everywhere. */
export const epoch = z.int().positive()

/** Position of a line or event within one boot of a session, from 1, without holes. */
export const seq = z.int().positive()

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** W3C `traceparent`: one trace id follows a click from the browser to the VM. */
export const traceparent = z.string().regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)

export const portNumber = z.int().min(1).max(65_535)

/** ISO 8601 with an offset, as `Date.toISOString()` and Postgres both write it. */
export const timestamp = z.iso.datetime({ offset: true })
