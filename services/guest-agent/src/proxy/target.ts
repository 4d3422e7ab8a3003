import { VesselError } from '@vessel/proto/errors'

export type Target = { readonly kind: 'ide' } | { readonly kind: 'port'; readonly port: number }

/** `ide` or `port:<n>`, in exactly this spelling; anything else is refused, not guessed. */
export function parseTarget(header: string, ownPort: number): Target {
  if (header === 'ide') return { kind: 'ide' }
  const digits = /^port:([1-9]\d{0,4})$/.exec(header)?.[1]
  const port = Number(digits)
  if (digits === undefined || port > 65_535) {
    throw new VesselError('BAD_REQUEST', { detail: 'the target is not a port' })
  }
  if (port === ownPort) {
    throw new VesselError('FORBIDDEN', { detail: 'this port belongs to Vessel' })
  }
  return { kind: 'port', port }
}
