import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { VesselError } from '@vessel/proto/errors'

const TOOL_TIMEOUT_MS = 60_000
const OUTPUT_BYTES_MAX = 1024 * 1024

/** A tool of the host that does one thing and ends. */
export async function runTool(command: string, args: readonly string[]): Promise<string> {
  try {
    const options = {
      timeout: TOOL_TIMEOUT_MS,
      maxBuffer: OUTPUT_BYTES_MAX,
      // sbin is not on everybody's PATH.
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    }
    return (await promisify(execFile)(command, [...args], options)).stdout
  } catch (cause) {
    const { message } = cause as Error
    throw new VesselError('VOLUME_FAILED', { detail: message.slice(0, 500), cause })
  }
}
