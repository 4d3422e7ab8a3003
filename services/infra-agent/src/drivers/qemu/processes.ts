import { readdir, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type BootId, bootId, type SessionId, sessionId } from '@vessel/proto/ids'
import { startTicksOf } from '../process/proc-table.ts'
import { QEMU, readArguments } from './arguments.ts'

export interface QemuProcess {
  readonly pid: number
  readonly startTicks: string
  readonly session: SessionId
  readonly bootId: BootId
  readonly ip: string
  readonly port: number
}

async function readProcess(pid: number, folder: string): Promise<QemuProcess | null> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const argv = text.split('\0')
  if (basename(argv[0] ?? '') !== QEMU || !text.includes(`${folder}/`)) return null
  const known = readArguments(argv)
  const [, session, boot] = known?.name.split(':') ?? []
  const ids = { session: sessionId.safeParse(session), boot: bootId.safeParse(boot) }
  const startTicks = await startTicksOf(pid)
  if (!known || !ids.session.success || !ids.boot.success || startTicks === null) return null
  const { ip, port } = known
  return { pid, startTicks, session: ids.session.data, bootId: ids.boot.data, ip, port }
}

/** The machines whose files lie below the folder, as the kernel knows them. */
export async function qemuProcesses(folder: string): Promise<QemuProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(pids.map((pid) => readProcess(pid, folder)))
  return found.filter((machine) => machine !== null)
}
