import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Cleanup, until } from '../processes.ts'

const run = promisify(execFile)
const PROGRAMS = import.meta.dirname

/** `ip`, by its words. */
export const ip = async (words: string): Promise<string> =>
  (await run('/sbin/ip', words.split(' '))).stdout

/** A network of its own on this machine, which goes with the test. Needs root. */
export async function createNamespace(cleanup: Cleanup, what: string): Promise<string> {
  const name = `vt-${randomBytes(4).toString('hex')}-${what}`
  await ip(`netns add ${name}`)
  cleanup.add(() => ip(`netns delete ${name}`))
  await ip(`-n ${name} link set lo up`)
  return name
}

interface End {
  readonly namespace: string
  readonly link: string
  readonly address: string
}

/** A cable between two namespaces, with an address at each end. */
export async function connectNamespaces(one: End, other: End): Promise<void> {
  const peer = `peer name ${other.link} netns ${other.namespace}`
  await ip(`-n ${one.namespace} link add ${one.link} type veth ${peer}`)
  for (const { namespace, link, address } of [one, other]) {
    await ip(`-n ${namespace} address add ${address} dev ${link}`)
    await ip(`-n ${namespace} link set ${link} up`)
  }
}

export interface Remote {
  readonly child: ChildProcess
  /** Does a piece of the program's work and gives back its result. */
  call(name: string, ...words: unknown[]): Promise<unknown>
  end(): Promise<void>
}

type Answer = { readonly id: number; readonly result?: unknown; readonly error?: string }

/** One of the programs beside, inside a namespace and answering to us. */
export function startIn(cleanup: Cleanup, namespace: string, program: string): Remote {
  const node = [process.execPath, '--conditions=development', join(PROGRAMS, program)]
  const child = spawn('/sbin/ip', ['netns', 'exec', namespace, ...node], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let count = 0
  child.on('message', ({ id, result, error }: Answer) => {
    const caller = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) caller?.resolve(result)
    else caller?.reject(new Error(error))
  })
  child.on('exit', () => {
    for (const caller of waiting.values()) caller.reject(new Error(`${program} ended`))
  })
  const remote = {
    child,
    call(name: string, ...words: unknown[]) {
      const caller = Promise.withResolvers<unknown>()
      count += 1
      waiting.set(count, caller)
      child.send({ id: count, name, words })
      return caller.promise
    },
    async end() {
      child.kill('SIGKILL')
      await exited
    },
  }
  cleanup.add(remote.end)
  return remote
}

/**
 * Gives what a namespace sends to a tap: two taps on one hub of a qemu without a machine, of which
 * the far one lies in the namespace, as a machine's own device would.
 */
export async function plugInto(
  cleanup: Cleanup,
  tap: { host: string; name: string },
  machine: { namespace: string; address: string; gateway: string },
): Promise<void> {
  const far = `f${tap.name}`
  const end = (id: string, name: string, hub: string) => [
    ...['-netdev', `tap,id=${id},ifname=${name},script=no,downscript=no`],
    ...['-netdev', `hubport,id=${hub},hubid=0,netdev=${id}`],
  ]
  const nothing = ['-M', 'none', '-nodefaults', '-no-user-config', '-display', 'none']
  const ends = [...end('near', tap.name, 'one'), ...end('far', far, 'two')]
  const words = ['netns', 'exec', tap.host, 'qemu-system-x86_64', ...nothing, ...ends]
  const cable = spawn('/sbin/ip', words, { stdio: 'ignore' })
  const unplugged = once(cable, 'exit')
  cleanup.add(async () => {
    cable.kill('SIGKILL')
    await unplugged
  })
  await until('the far end is there', () =>
    ip(`-n ${tap.host} link set ${far} netns ${machine.namespace}`).then(
      () => true,
      () => false,
    ),
  )
  const { namespace, address, gateway } = machine
  await ip(`-n ${namespace} link set ${far} name eth0`)
  await ip(`-n ${namespace} address add ${address} dev eth0`)
  await ip(`-n ${namespace} link set eth0 up`)
  await ip(`-n ${namespace} route add default via ${gateway}`)
}
