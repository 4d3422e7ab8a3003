import { writeSync } from 'node:fs'

/** §2.1: log lines and errors go to standard output; a message is quoted only when it must be. */
export function say(message: string, level = 'info'): void {
  const time = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  const text = /^[A-Za-z0-9._/@^+-]+$/.test(message) ? message : JSON.stringify(message)
  writeSync(1, `time="${time}" level=${level} msg=${text}\n`)
}

/** §2.1: exit code 1 for any error. */
export class Fatal extends Error {}

export function print(text: string): void {
  writeSync(1, text)
}
