import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startStack } from '@vessel/local-stack/stack'
import type { Stack, StackOptions } from '@vessel/local-stack/stack-options'

export type ProductOptions = Partial<Pick<StackOptions, 'env' | 'only' | 'driver'>>

export interface Product extends Stack {
  /** The last lines of every service, for whoever reads a failure. */
  log(): string
}

const LINES_KEPT = 2_000
/** Machines have taps where that is possible, but nothing they send leaves this host. */
const OFFLINE = { QEMU_DENIED_NETWORKS: '0.0.0.0/0', QEMU_DNS: 'none' }

/** The whole product in a folder and on ports of its own, as `make up` starts it. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const stateDir = await mkdtemp(join(tmpdir(), 'vessel-product-'))
  const lines: string[] = []
  const keep = (line: string) => {
    lines.push(line)
    if (lines.length > LINES_KEPT) lines.shift()
  }
  try {
    const stack = await startStack({
      ...options,
      env: { ...options.env, agent: { ...OFFLINE, ...options.env?.agent } },
      stateDir,
      ports: 'ephemeral',
      output: { say: keep, child: (name, line) => keep(`${name}: ${line}`) },
    })
    const stop = async () => {
      await stack.stop()
      await rm(stateDir, { recursive: true, force: true })
    }
    return Object.assign(Object.create(stack) as Stack, { log: () => lines.join('\n'), stop })
  } catch (cause) {
    throw new Error(`the product did not start:\n${lines.slice(-60).join('\n')}`, { cause })
  }
}
