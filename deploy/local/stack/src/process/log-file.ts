import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'

/** Two of these per service at most: the current one and the one before. */
const LOG_BYTES_MAX = 16 * 1024 * 1024

export interface LogFile {
  write(line: string): void
  close(): void
}

/** Appends lines; a full file becomes `<file>.1` and the one before that goes. */
export function openLogFile(file: string): LogFile {
  let handle = openSync(file, 'a', 0o600)
  let bytes = statSync(file).size
  let isClosed = false
  return {
    write(line) {
      if (isClosed) return
      if (bytes > LOG_BYTES_MAX) {
        closeSync(handle)
        rmSync(`${file}.1`, { force: true })
        renameSync(file, `${file}.1`)
        handle = openSync(file, 'a', 0o600)
        bytes = 0
      }
      bytes += writeSync(handle, `${line}\n`)
    },
    close() {
      if (!isClosed) closeSync(handle)
      isClosed = true
    },
  }
}
