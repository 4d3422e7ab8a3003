import { existsSync } from 'node:fs'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createPaths } from '@vessel/infra-agent/testing/paths'
import { sessionId } from '@vessel/proto/ids'
import type { Host } from './cluster.ts'

export const EDITS = 'edits.txt'

export function parseEdits(text: string): number[] {
  return text.split('\n').filter(Boolean).map(Number)
}

/** The file a user of the faults test writes: one number a line, each once, in order. */
export function editsFile(hosts: readonly Host[], session: string): string | null {
  const id = sessionId.parse(session)
  const folders = hosts.map(({ stateDir }) => createPaths(stateDir).workspace(id))
  const folder = folders.find((path) => existsSync(path))
  return folder ? join(folder, EDITS) : null
}

/** As a program in the machine would write it; null when the machine's disk is gone. */
export async function addEdit(file: string | null, line: number): Promise<boolean> {
  if (!file) return false
  return appendFile(file, `${line}\n`).then(
    () => true,
    () => false,
  )
}

export async function readEdits(file: string | null): Promise<number[] | null> {
  if (!file) return null
  try {
    return parseEdits(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return existsSync(join(file, '..')) ? [] : null
    throw error
  }
}
