import { readdir } from 'node:fs/promises'
import { createPaths } from '@vessel/infra-agent/testing/paths'
import { markOf, readProcessTable } from '@vessel/infra-agent/testing/process-table'
import { qemuProcesses } from '@vessel/infra-agent/testing/qemu-processes'
import { ASLEEP_FILE } from '@vessel/infra-agent/testing/route-files'
import { runTool } from '@vessel/infra-agent/testing/run-tool'
import { tapsOf } from '@vessel/infra-agent/testing/taps'
import type { Cluster, Host } from './cluster.ts'
import { recordsOf } from './records.ts'

const list = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])

/** What of a host is looked at. */
export type HostFolders = Pick<Host, 'id' | 'stateDir' | 'routesDir'>

/** Machines of any driver, disks, taps, routes and live records. */
export async function leftOn(host: HostFolders): Promise<string[]> {
  const paths = createPaths(host.stateDir)
  const found: Record<string, string[]> = {
    disk: await list(paths.vmsDir),
    tap: await tapsOf(host.stateDir, runTool),
    route: (await list(host.routesDir)).filter((name) => name !== ASLEEP_FILE),
    // The record of one that ended stays for a while, so that a lost event heals.
    record: (await recordsOf(host)).filter(({ end }) => !end).map(({ session }) => session),
  }
  const own = (await readProcessTable()).filter((row) => row.environ.includes(paths.vmsDir))
  const processes = [...new Set(own.map(markOf).filter((mark) => mark !== null))]
  const machines = (await qemuProcesses(paths.vmsDir)).map(({ bootId }) => bootId)
  return Object.entries({ ...found, machine: [...processes, ...machines] }).flatMap(
    ([kind, names]) => names.map((name) => `${kind} ${name} on ${host.id}`),
  )
}

/** Machines, disks, routes and records that are still on any host. */
export async function leftovers(cluster: Cluster): Promise<string[]> {
  return (await Promise.all(cluster.hosts.map(leftOn))).flat()
}
