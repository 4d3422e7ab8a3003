import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { at, isAlive, names, read, remove, write } from './state.ts'

interface Task {
  readonly pid: number
}

/** Containers survive everything; tasks are processes. */
export const containers = (): string[] => names(at('containerd', 'containers'))
export const isContainer = (id: string): boolean => containers().includes(id)
export const makeContainer = (id: string): void => write(at('containerd', 'containers', id), {})
export const removeContainer = (id: string): void => remove(at('containerd', 'containers', id))

export const tasks = () =>
  names(at('containerd', 'tasks')).map((id) => {
    const pid = read<Task>(at('containerd', 'tasks', id))?.pid ?? 0
    return { id, pid, isRunning: isAlive(pid) }
  })
export const taskOf = (id: string) => tasks().find((task) => task.id === id)

/** Starts a program as the first process of a container: a group that ends as a whole. */
export function startTask(id: string, program: string, args: readonly string[]): number {
  const argv = [join(import.meta.dirname, program), ...args]
  const child = spawn(process.execPath, argv, { detached: true, stdio: 'ignore' })
  child.unref()
  write(at('containerd', 'tasks', id), { pid: child.pid ?? 0 })
  return child.pid ?? 0
}

export function killTask(id: string): void {
  const task = taskOf(id)
  if (!task) return
  try {
    process.kill(-task.pid, 'SIGKILL')
  } catch {
    // It had ended.
  }
}

export function removeTask(id: string): void {
  killTask(id)
  remove(at('containerd', 'tasks', id))
}
