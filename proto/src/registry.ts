import type { z } from 'zod'
import { clientFrame } from './browser/client-frames.ts'
import { serverFrame } from './browser/server-frames.ts'
import { drain } from './commands/drain.ts'
import { exec } from './commands/exec.ts'
import { list } from './commands/list.ts'
import { preview } from './commands/preview.ts'
import { resume } from './commands/resume.ts'
import { save } from './commands/save.ts'
import { start } from './commands/start.ts'
import { stop } from './commands/stop.ts'
import { beat } from './events/beat.ts'
import { feedItem, stampedEvent } from './events/feed.ts'
import { guestMessage } from './guest/messages.ts'
import type { Exchange } from './message.ts'
import { bid, placeRequest } from './placement.ts'
import { commit } from './requests/commit.ts'
import { downloadUrl } from './requests/download-url.ts'
import { endedVisitors } from './requests/ended-visitors.ts'
import { redeem } from './requests/redeem.ts'
import { renewLease } from './requests/renew-lease.ts'
import { uploadUrl } from './requests/upload-url.ts'
import type { CommandVerb, RequestVerb } from './subjects.ts'

/** Every exchange by its verb: a verb without a shape, or the other way round, does not compile. */
export const COMMANDS = {
  start,
  stop,
  save,
  drain,
  resume,
  list,
  exec,
  preview,
} satisfies Record<CommandVerb, Exchange<z.ZodType, z.ZodType>>
export const REQUESTS = {
  'upload-url': uploadUrl,
  'download-url': downloadUrl,
  commit,
  'renew-lease': renewLease,
  redeem,
  'ended-visitors': endedVisitors,
} satisfies Record<RequestVerb, Exchange<z.ZodType, z.ZodType>>

/** Messages that go one way: on the bus, from the guest, and between browser and server. */
export const ONE_WAY_MESSAGES = {
  'place-request': placeRequest,
  bid,
  beat,
  'feed-item': feedItem,
  'stamped-event': stampedEvent,
  'guest-message': guestMessage,
  'client-frame': clientFrame,
  'server-frame': serverFrame,
} satisfies Record<string, z.ZodType>
