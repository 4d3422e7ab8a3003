import { VesselError } from '@vessel/proto/errors'

/**
 * Aborted with the given signal, except when only the agent ends: a machine that is being made then
 * comes to its end without us, and the next agent finds it.
 */
export function untilCalledOff(signal: AbortSignal): AbortSignal {
  const calledOff = new AbortController()
  const pass = () => {
    const { reason } = signal
    const isAgentEnding = reason instanceof VesselError && reason.code === 'SHUTTING_DOWN'
    if (!isAgentEnding) calledOff.abort(reason)
  }
  if (signal.aborted) pass()
  else signal.addEventListener('abort', pass, { once: true })
  return calledOff.signal
}
