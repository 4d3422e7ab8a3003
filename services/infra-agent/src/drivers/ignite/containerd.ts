import { type Execute, ToolFailed } from './execute.ts'
import { parseRunningTasks } from './parse-answers.ts'

/** Ignite's namespace (facts §3). */
const NAMESPACE = 'firecracker'
const NOT_THERE = /not found|no such/i

/** What ignite leaves in containerd, seen and removed without asking ignite. */
export interface Containerd {
  containers(): Promise<string[]>
  runningTasks(): Promise<Set<string>>
  /** Ends what runs in it and removes it with its snapshot. Nothing to remove is no fault. */
  remove(container: string): Promise<void>
}

export function createContainerd(execute: Execute, timeoutMs: number): Containerd {
  const ctr = (...args: string[]) => execute('ctr', ['-n', NAMESPACE, ...args], { timeoutMs })

  async function ask(...args: string[]): Promise<string> {
    const outcome = await ctr(...args)
    if (outcome.code === 0) return outcome.text
    throw new ToolFailed(`ctr ${args.join(' ')}`, outcome)
  }

  return {
    containers: async () => (await ask('containers', 'ls', '-q')).split('\n').filter(Boolean),
    runningTasks: async () => parseRunningTasks(await ask('tasks', 'ls')),
    async remove(container) {
      const removals = [
        ['tasks', 'rm', '-f', container],
        ['containers', 'rm', container],
      ]
      for (const args of removals) {
        const outcome = await ctr(...args)
        if (outcome.code === 0 || NOT_THERE.test(outcome.text)) continue
        throw new ToolFailed(`ctr ${args.join(' ')}`, outcome)
      }
    },
  }
}
