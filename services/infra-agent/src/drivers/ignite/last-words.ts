import { appendFile, stat } from 'node:fs/promises'
import type { IgniteHost } from './host.ts'
import { consoleCopy } from './host-places.ts'
import type { IgniteUid } from './ids.ts'

/** `ignite logs` hangs for good when its copy outgrows a pipe: far below it is safe to ask. */
const COPY_BYTES_MAX = 48 * 1024
const WORDS_CHARS_MAX = 16 * 1024

/**
 * What a machine that never came up left on its console, for the people who look for the reason.
 * The only use of `ignite logs`: reading destroys what is read, takes a second and may hang. It
 * never throws, because it comes on top of another failure.
 */
export async function keepLastWords(
  { ignite, places, log }: IgniteHost,
  uid: IgniteUid,
  file: string,
): Promise<void> {
  try {
    const size = await stat(consoleCopy(places, uid)).then(
      (found) => found.size,
      () => 0,
    )
    if (size > COPY_BYTES_MAX) return
    const words = (await ignite.logs(uid)).slice(-WORDS_CHARS_MAX)
    if (words.trim() !== '') await appendFile(file, words.endsWith('\n') ? words : `${words}\n`)
  } catch (err) {
    log.warn({ vmId: uid, err }, 'console of a failed machine not read')
  }
}
