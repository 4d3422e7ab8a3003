import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import type { GuestMessage } from '@vessel/proto/guest/messages'
import { AGENT_VERSION } from '../version.ts'
import { parseOsRelease } from './parse-proc.ts'

export function identify(): GuestMessage {
  const { os, version } = parseOsRelease(readOsRelease())
  return {
    type: 'vm_identification',
    hostname: hostname().slice(0, 255),
    os: os.slice(0, 100),
    version: version.slice(0, 200),
    agent_version: AGENT_VERSION,
  }
}

function readOsRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8')
  } catch {
    // A bare image without it is still identified, by its host name.
    return ''
  }
}
