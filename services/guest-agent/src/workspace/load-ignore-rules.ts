import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { IGNORE_FILE } from '@vessel/proto/archive'
import { createIgnoreRules, type IgnoreRules, splitLines } from './ignore-rules.ts'
import { isMountPoint, LOST_AND_FOUND } from './place-tree.ts'

/** The rules of a workspace: its own ignore file, and what the host adds. */
export async function loadIgnoreRules(
  workspaceDir: string,
  more: readonly string[],
): Promise<IgnoreRules> {
  const own = splitLines(await readIgnoreFile(workspaceDir))
  const rules = createIgnoreRules([...own, ...more])
  if (!(await isMountPoint(workspaceDir))) return rules
  return {
    ...rules,
    isIgnored: (path, isDirectory) => path === LOST_AND_FOUND || rules.isIgnored(path, isDirectory),
  }
}

/** Not being there, or not a file, must not stop a save: then more is saved, not less. */
async function readIgnoreFile(dir: string): Promise<string> {
  return readFile(join(dir, IGNORE_FILE), 'utf8').catch(() => '')
}
