import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { type ProcessStat, parseProcessStat } from './parse-proc.ts'

/** A machine of one user has a few hundred; a fork bomb must not stop the metrics. */
const PROCESSES_MAX = 4_096
const FDS_MAX = 1_024

/** Marks every program started for this session, also one that left its parent. */
export const SESSION_VARIABLE = 'VESSEL_GUEST'

/** All processes one can see, as of now. Those that end meanwhile are left out. */
export async function listProcesses(): Promise<ProcessStat[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found: ProcessStat[] = []
  for (const name of names.slice(0, PROCESSES_MAX)) {
    const text = await readFile(`/proc/${name}/stat`, 'latin1').catch(() => '')
    const parsed = parseProcessStat(text)
    if (parsed) found.push(await withProgramName(parsed))
  }
  return found
}

/** Node calls each of its processes `MainThread`; what a person looks for is its program's name. */
async function withProgramName(process: ProcessStat): Promise<ProcessStat> {
  if (process.name !== 'MainThread') return process
  const command = await readFile(`/proc/${process.pid}/cmdline`, 'utf8').catch(() => '')
  const name = basename(command.split('\0', 1)[0] as string)
  return name === '' ? process : { ...process, name: name.slice(0, 200) }
}

export interface SessionProcesses {
  /** Of the given processes those of this session: our descendants, and what carries our mark. */
  pick(all: readonly ProcessStat[]): Promise<ProcessStat[]>
}

/**
 * In a VM nearly everything is the session's; on a laptop it shares the machine with everything
 * else, so who is a child of whom decides, and a mark in the environment for daemons.
 */
export function createSessionProcesses(ownPid: number, mark: string): SessionProcesses {
  /** pid and start of a process to whether it carries the mark: read once per process. */
  let known = new Map<string, boolean>()
  const isMarked = async (process: ProcessStat): Promise<boolean> => {
    const text = await readFile(`/proc/${process.pid}/environ`, 'latin1').catch(() => '')
    return text.split('\0').includes(`${SESSION_VARIABLE}=${mark}`)
  }

  return {
    pick: async (all) => {
      const seen = new Map<string, boolean>()
      const family = descendants(all, ownPid)
      for (const process of all) {
        if (family.has(process.pid) || process.pid === ownPid) continue
        const key = `${process.pid}.${process.startTicks}`
        const isOurs = known.get(key) ?? (await isMarked(process))
        seen.set(key, isOurs)
        if (isOurs) family.add(process.pid)
      }
      known = seen
      return all.filter((process) => family.has(process.pid))
    },
  }
}

export function descendants(all: readonly ProcessStat[], root: number): Set<number> {
  const children = new Map<number, number[]>()
  for (const { pid, parent } of all) {
    const siblings = children.get(parent)
    if (siblings) siblings.push(pid)
    else children.set(parent, [pid])
  }
  const found = new Set<number>()
  const todo = [...(children.get(root) ?? [])]
  while (todo.length > 0) {
    const pid = todo.pop() as number
    if (found.has(pid)) continue
    found.add(pid)
    todo.push(...(children.get(pid) ?? []))
  }
  return found
}

/** Socket inodes a process holds. */
export async function socketInodes(pid: number): Promise<string[]> {
  const fds = await readdir(`/proc/${pid}/fd`).catch(() => [])
  const inodes: string[] = []
  for (const fd of fds.slice(0, FDS_MAX)) {
    const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
    if (inode !== undefined) inodes.push(inode)
  }
  return inodes
}
