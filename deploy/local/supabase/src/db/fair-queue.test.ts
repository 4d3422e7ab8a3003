import { describe, expect, it } from '@jest/globals'
import { FairQueue, WAITING_PER_CALLER_MAX } from './fair-queue.ts'

function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { promise, open: resolve }
}

describe('the queue', () => {
  it('serves callers in turn, not in the order of arrival', async () => {
    const queue = new FairQueue()
    const served: string[] = []
    const first = gate()
    const running = queue.run('busy', () => first.promise)
    const work = (caller: string, name: string) =>
      queue.run(caller, async () => void served.push(name))
    const all = [
      ...['b1', 'b2', 'b3'].map((name) => work('busy', name)),
      work('other', 'o1'),
      work('third', 't1'),
      work('other', 'o2'),
    ]
    expect(queue.waiting).toBe(6)
    first.open()
    await Promise.all([running, ...all])
    expect(served).toEqual(['b1', 'o1', 't1', 'b2', 'o2', 'b3'])
    expect(queue.waiting).toBe(0)
  })

  it('runs one at a time and goes on after a failure', async () => {
    const queue = new FairQueue()
    let running = 0
    let most = 0
    const work = async (n: number): Promise<number> => {
      running += 1
      most = Math.max(most, running)
      await Promise.resolve()
      running -= 1
      if (n % 2 === 1) throw new Error('odd')
      return n
    }
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => queue.run(`caller ${n % 3}`, () => work(n))),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    expect(most).toBe(1)
    await expect(queue.run('a', () => Promise.resolve('free'))).resolves.toBe('free')
  })

  it('refuses a caller with too many waiting and still serves the others', async () => {
    const queue = new FairQueue()
    const first = gate()
    const all = [queue.run('busy', () => first.promise)]
    for (let n = 0; n < WAITING_PER_CALLER_MAX; n += 1) {
      all.push(queue.run('busy', () => Promise.resolve()))
    }
    await expect(queue.run('busy', () => Promise.resolve())).rejects.toMatchObject({
      code: 'queue-full',
    })
    const other = queue.run('other', () => Promise.resolve('served'))
    first.open()
    await expect(other).resolves.toBe('served')
    await Promise.all(all)
  })
})
