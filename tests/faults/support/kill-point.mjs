// Loaded into an orchestrator before its own code. Once armed by SIGUSR2, the process kills itself
// just before it sends for the nth time, to whomever: NATS, Redis, the database, a browser.
import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import process from 'node:process'

const { VESSEL_KILL_FILE: file = '' } = process.env
const send = Socket.prototype.write
let left = Number.POSITIVE_INFINITY

process.on('SIGUSR2', () => {
  left = Number(readFileSync(file, 'utf8'))
})
Socket.prototype.write = function write(...args) {
  left -= 1
  if (left === 0) process.kill(process.pid, 'SIGKILL')
  return send.apply(this, args)
}
