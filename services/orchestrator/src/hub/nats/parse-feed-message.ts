import { type FeedItem, feedItem } from '@vessel/proto/events/feed'
import type { SessionId } from '@vessel/proto/ids'
import { parseJson } from '@vessel/proto/parse'
import { parseSubject } from '@vessel/proto/subjects'

/**
 * A message of the log stream as an item, or null when it is not one.
 *
 * The server enforces that the host in the subject is the sender; what the message says of itself
 * has to agree with it, or one host could write into another's session.
 */
export function parseFeedMessage(
  session: SessionId,
  message: { readonly subject: string; readonly data: Uint8Array },
): FeedItem | null {
  const subject = parseSubject(message.subject)
  if (subject?.kind !== 'log' || subject.session !== session) return null
  try {
    const item = parseJson(feedItem, message.data)
    return item.session === session && item.host === subject.host ? item : null
  } catch {
    // The caller logs it; to the reader the missing number is a gap.
    return null
  }
}
