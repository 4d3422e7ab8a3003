import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { VesselError } from '@vessel/proto/errors'

const TOOL_TIMEOUT_MS = 60_000
const OUTPUT_BYTES_MAX = 1024 * 1024

/** Runs a tool to its end, with the text on its standard input; gives back what it said. */
export type RunTool = (command: string, args: readonly string[], input?: string) => Promise<string>

/** A tool of the host that does one thing and ends. */
export const runTool: RunTool = async (command, args, input) => {
  try {
    const options = {
      timeout: TOOL_TIMEOUT_MS,
      maxBuffer: OUTPUT_BYTES_MAX,
      // sbin is not on everybody's PATH.
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    }
    const running = promisify(execFile)(command, [...args], options)
    running.child.stdin?.on('error', () => undefined).end(input)
    return (await running).stdout
  } catch (cause) {
    const { message } = cause as Error
    throw new VesselError('VOLUME_FAILED', { detail: message.slice(0, 500), cause })
  }
}
