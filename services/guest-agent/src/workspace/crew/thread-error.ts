import type { ErrorShape } from '@vessel/proto/error-shape'
import { VesselError } from '@vessel/proto/errors'
import { systemCode } from '../system-error.ts'

/** An error on its way between threads, which keep neither classes nor fields of their own. */
export type WireError =
  | { readonly kind: 'ours'; readonly shape: ErrorShape }
  | { readonly kind: 'other'; readonly message: string; readonly code: string | undefined }

export function toWire(thrown: unknown): WireError {
  if (thrown instanceof VesselError) return { kind: 'ours', shape: thrown.toShape() }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return { kind: 'other', message, code: systemCode(thrown) }
}

export function fromWire(error: WireError): Error {
  if (error.kind === 'ours') return VesselError.fromShape(error.shape)
  return Object.assign(new Error(error.message), error.code ? { code: error.code } : {})
}
