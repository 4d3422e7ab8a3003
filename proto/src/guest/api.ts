import { z } from 'zod'
import { archiveFormat } from '../archive.ts'
import { errorShape } from '../error-shape.ts'
import { sha256, visitorId } from '../ids.ts'

/**
 * The guest agent's own HTTP interface, on one port, opened by the session's token in
 * `x-vessel-guest-token`. A request with `x-vessel-target` is proxied instead (HEADERS.target).
 */
export const GUEST_ROUTES = {
  health: { method: 'GET', path: '/v1/health' },
  /** Body: the archive. Answer: NDJSON of `hydrateProgress`, the last line `done` or `error`. */
  hydrate: { method: 'PUT', path: '/v1/workspace' },
  /** The other way to the first files. Body: `gitSource`. Answer: as of `hydrate`. */
  clone: { method: 'POST', path: '/v1/workspace/clone' },
  /**
   * Answer: the archive as it is packed, or with the header `archiveBase` what is new in it (see
   * `archive-delta.ts`); sha256 of what was sent, entries and bytes in HTTP trailers.
   */
  pack: { method: 'POST', path: '/v1/workspace/pack' },
  /** Body: `previewRequest`. Answer: `savePreview`. */
  preview: { method: 'POST', path: '/v1/workspace/preview' },
  startIde: { method: 'POST', path: '/v1/ide' },
  stream: { method: 'GET', path: '/v1/stream' },
  exec: { method: 'POST', path: '/v1/exec' },
  /** Body: `endVisitsRequest`. Answer: `endVisitsReply`. Asking again does no harm. */
  endVisits: { method: 'POST', path: '/v1/visits/end' },
} as const

/** `ready` only after a complete hydrate; a tree that is not `ready` is never packed. */
export const WORKSPACE_STATES = ['empty', 'hydrating', 'ready', 'failed'] as const
export const IDE_STATES = ['stopped', 'starting', 'up', 'failed'] as const

export const guestHealth = z.object({
  status: z.literal('ok'),
  version: z.string().max(50),
  workspace: z.enum(WORKSPACE_STATES),
  ide: z.enum(IDE_STATES),
  /** Rises with every change of a saved file: a checkpoint is due when it moved. */
  changeCount: z.int().nonnegative(),
})
export type GuestHealth = z.infer<typeof guestHealth>

export const hydrateProgress = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    entriesDone: z.int().nonnegative(),
    entriesTotal: z.int().nonnegative(),
    bytesDone: z.int().nonnegative(),
    bytesTotal: z.int().nonnegative(),
  }),
  z.object({
    type: z.literal('done'),
    entries: z.int().nonnegative(),
    unpackedBytes: z.int().nonnegative(),
  }),
  z.object({ type: z.literal('error'), error: errorShape }),
])
export type HydrateProgress = z.infer<typeof hydrateProgress>

const ignoreLines = z.array(z.string().max(1_024)).max(1_000).default([])

export const archiveName = z.string().regex(/^[0-9a-f-]{36}$/)

export const packRequest = z.object({
  format: archiveFormat,
  ignore: ignoreLines,
  /** The asker still has the archive of this name: what it holds already need not be sent. */
  base: archiveName.optional(),
})
export type PackRequest = z.infer<typeof packRequest>

export const previewRequest = z.object({ ignore: ignoreLines })
/** Paths left out that are named; the others are counted. */
export const PREVIEW_PATHS_MAX = 20
/** What a save would hold now, and what it would leave out. */
export const savePreview = z.object({
  files: z.int().nonnegative(),
  unpackedBytes: z.int().nonnegative(),
  /** Time was up before the end of the tree: every number is of what was seen by then. */
  isMore: z.boolean().optional(),
  leftOut: z.array(z.string().max(400)).max(PREVIEW_PATHS_MAX),
  leftOutCount: z.int().nonnegative(),
  /** With `isMore` only what was measured in time. Guests of an older version do not say. */
  leftOutSize: z.object({ bytes: z.int().nonnegative(), isMore: z.boolean() }).optional(),
})
export type SavePreview = z.infer<typeof savePreview>

/** What the trailers of a pack say; all three must be there, and the sum that of the body. */
export const packSummary = z.object({
  sha256,
  entries: z.int().nonnegative(),
  unpackedBytes: z.int().nonnegative(),
})
export type PackSummary = z.infer<typeof packSummary>

export const startIdeReply = z.object({ state: z.enum(IDE_STATES) })

export const guestExecRequest = z.object({
  argv: z.array(z.string().max(32_768)).min(1).max(256),
  timeoutMs: z.int().min(100).max(600_000),
})
export const guestExecReply = z.object({
  exitCode: z.int().nullable(),
  stdout: z.string(),
  stderr: z.string(),
  isTruncated: z.boolean(),
  isTimedOut: z.boolean(),
})

/** Visitors of one session that a host remembers. */
export const VISITORS_PER_SESSION_MAX = 200
/** Ends what these visitors have open through the proxy, and nothing of others. */
export const endVisitsRequest = z.object({
  visitors: z.array(visitorId).min(1).max(VISITORS_PER_SESSION_MAX),
})
export const endVisitsReply = z.object({ ended: z.int().nonnegative() })

/** The one file the host gives the guest agent, mode 0600: nothing secret stands in argv or env. */
export const guestConfig = z.object({
  listen: z.object({ host: z.string(), port: z.int().min(0).max(65_535) }),
  token: z.string().min(32).max(200),
  workspaceDir: z.string(),
  /** Home of the workspace user; outside the workspace, so never saved. */
  homeDir: z.string(),
  /** Scratch and state of the guest agent itself. */
  stateDir: z.string(),
  ide: z.object({
    /** argv with `{socket}`, `{workspace}`, `{userData}` filled in; it listens on that socket. */
    command: z.array(z.string()).min(1),
    healthPath: z.string().startsWith('/'),
  }),
  environment: z.record(z.string(), z.string()).default({}),
})
export type GuestConfig = z.infer<typeof guestConfig>
