import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { allLoops } from './loops.ts'
import { machineFolder, readManifest, writeManifest } from './manifests.ts'
import { at, remove } from './state.ts'

/**
 * What runs in the container of a machine: `ignite-spawn`, Firecracker's control socket, and, as
 * the machine itself, the real guest agent on an address of its own.
 */
const [uid = '', ip = ''] = process.argv.slice(2)
const socket = machineFolder(uid, 'firecracker.sock')
const GUEST = join(import.meta.dirname, '../../../../../guest-agent/src/main.ts')
const FIFOS = ['firecracker_log.fifo', 'firecracker_metrics.fifo']

// §3, failure 3: it cannot make what a crash left behind, and dies of it.
const fifos = FIFOS.map((name) => machineFolder(uid, name))
if (fifos.some((path) => existsSync(path))) throw new Error('mkfifo: file exists')
for (const path of fifos) writeFileSync(path, '')

/** The machine mounts its volume; what was written there is there again with the next machine. */
function mountVolume(): string {
  const path = readManifest(uid)?.spec.storage.volumes?.[0]?.blockDevice.path ?? ''
  const device = realpathSync(path)
  const file = allLoops().find((loop) => loop.device === device)?.file ?? ''
  const folder = at('mounts', createHash('sha256').update(file).digest('hex').slice(0, 16))
  mkdirSync(folder, { recursive: true })
  return folder
}

function guestConfigFile(): string {
  const text = readFileSync(machineFolder(uid, 'root/etc/vessel/guest.json'), 'utf8')
  // The addresses of a machine are its own; here all share one network.
  const inside = text.replaceAll('/home/workspace', mountVolume()).replace('0.0.0.0', ip)
  const file = machineFolder(uid, 'root/guest.json')
  writeFileSync(file, inside)
  chmodSync(file, 0o600)
  return file
}

const argv = ['--conditions=development', GUEST, guestConfigFile(), '--api-sock', socket]
const guest = spawn(process.execPath, argv, { stdio: 'ignore' })

guest.once('exit', () => {
  // §3, failure 1: the manifest learns of it; lease, container and mappings stay.
  const manifest = readManifest(uid)
  if (manifest) writeManifest({ ...manifest, status: { running: false } })
  for (const path of fifos) remove(path)
  process.exit(0)
})

let isPaused = false
/** §4: 200 with JSON, 204 without; a body counts only by its length. */
createServer((question, answer) => {
  let body = ''
  question.setEncoding('utf8').on('data', (chunk: string) => {
    body += chunk
  })
  question.once('end', () => {
    if (question.method === 'GET') {
      const state = isPaused ? 'Paused' : 'Running'
      return answer.end(JSON.stringify({ id: uid, state, vmm_version: '1.12.0' }))
    }
    const isEmpty = question.headers['content-length'] === undefined || body === ''
    if (isEmpty) return answer.writeHead(400).end('{"fault_message":"empty PATCH"}')
    isPaused = JSON.parse(body).state === 'Paused'
    guest.kill(isPaused ? 'SIGSTOP' : 'SIGCONT')
    answer.writeHead(204).end()
  })
}).listen(socket, () => writeFileSync(machineFolder(uid, 'prometheus.sock'), ''))
