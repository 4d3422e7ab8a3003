import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { VesselError } from '@vessel/proto/errors'
import { BesideWriter } from './beside-writer.ts'

/** An upload that brings nothing for this long is given up. */
const IDLE_MS = 60_000

export interface ReceiveInput {
  readonly body: Readable
  readonly bytes: number
  readonly sha256: string
  readonly file: string
  readonly signal: AbortSignal
}

/** Stores the body in a file of ours and checks that it is the archive that was announced. */
export async function receiveArchive(input: ReceiveInput): Promise<void> {
  const hash = createHash('sha256')
  const file = await open(input.file, 'wx', 0o600)
  const writer = new BesideWriter(file)
  let bytes = 0
  try {
    for await (const chunk of readIdle(input.body, input.signal)) {
      bytes += chunk.length
      if (bytes > input.bytes) throw new VesselError('ARCHIVE_MISMATCH')
      await writer.write(chunk)
      hash.update(chunk)
    }
    await writer.finish()
  } catch (thrown) {
    await writer.abandon()
    await rm(input.file, { force: true })
    throw thrown
  } finally {
    await file.close()
  }
  const isSame = bytes === input.bytes && hash.digest('hex') === input.sha256
  if (isSame) return
  await rm(input.file, { force: true })
  throw new VesselError('ARCHIVE_MISMATCH', {
    detail: `the archive has ${bytes} bytes of another content than was announced`,
  })
}

/**
 * The chunks of a body. It does not destroy the body when the reader stops: the answer that says
 * why still has to go out on the same socket.
 */
async function* readIdle(body: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  const iterator = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>
  for (;;) {
    const next = await withIdleLimit(() => iterator.next(), signal)
    if (next.done) return
    yield next.value
  }
}

async function withIdleLimit<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T> {
  // Before the read is begun: a read that nobody waits for would fail unheard.
  signal.throwIfAborted()
  let release = () => {}
  const ended = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => {
      reject(new VesselError('TIMEOUT', { detail: 'the upload brought nothing for too long' }))
    }, IDLE_MS)
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    release = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
  })
  try {
    return await Promise.race([read(), ended])
  } finally {
    release()
  }
}
