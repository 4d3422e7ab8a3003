import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readIfThere, writeDurably } from '../../host/files.ts'
import type { Acceleration } from './arguments.ts'
import { QEMU } from './arguments.ts'
import type { GoldenImage } from './image.ts'

/** A kernel that runs prints within a second; one on a broken KVM never does. */
const PROBE_TIMEOUT_MS = 8_000
const MEMORY_MIB = 128

const verdictFile = z.object({ hostBootId: z.string(), works: z.boolean(), detail: z.string() })
export interface KvmVerdict {
  readonly works: boolean
  readonly detail: string
}

export interface ProbeDeps {
  readonly image: GoldenImage
  readonly stateDir: string
  readonly hostBootId: string
}

/** Starts the real kernel, without a disk: it gets as far as saying who it is, or KVM is no use. */
function bootOnce({ image }: ProbeDeps): Promise<KvmVerdict> {
  const args = [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-M', 'q35', '-accel', 'kvm', '-cpu', 'host', '-m', `${MEMORY_MIB}M`],
    ...['-kernel', image.kernel, '-append', 'console=ttyS0 panic=-1', '-serial', 'stdio'],
  ]
  return new Promise((resolve) => {
    const child = execFile(QEMU, args, { timeout: PROBE_TIMEOUT_MS, killSignal: 'SIGKILL' })
    let said = ''
    const hear = (text: string) => {
      said = (said + text).slice(-4_000)
      if (!said.includes('Linux version')) return
      resolve({ works: true, detail: 'a kernel boots' })
      child.kill('SIGKILL')
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('error', (error) => resolve({ works: false, detail: error.message }))
    child.once('exit', () => {
      const last = said.trim().split('\n').at(-1)
      resolve({ works: false, detail: last || `no kernel line within ${PROBE_TIMEOUT_MS} ms` })
    })
  })
}

/** Whether KVM really runs machines: a device node proves nothing. Asked once per host boot. */
export async function probeKvm(deps: ProbeDeps): Promise<KvmVerdict> {
  const file = join(deps.stateDir, 'kvm.json')
  const kept = await readIfThere(file)
  const known = kept ? verdictFile.safeParse(JSON.parse(kept)) : null
  if (known?.success && known.data.hostBootId === deps.hostBootId) return known.data
  const isThere = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  )
  const verdict = isThere ? await bootOnce(deps) : { works: false, detail: 'there is no /dev/kvm' }
  await writeDurably(file, JSON.stringify({ ...verdict, hostBootId: deps.hostBootId }))
  return verdict
}

export function accelerationOf(wish: 'auto' | Acceleration, verdict: KvmVerdict): Acceleration {
  if (wish === 'kvm' && !verdict.works) throw new Error(`KVM does not work: ${verdict.detail}`)
  return wish === 'auto' ? (verdict.works ? 'kvm' : 'tcg') : wish
}
