import { VesselError } from '@vessel/proto/errors'
import type { SomeSettings } from './ports.ts'

const RESERVED = /^VESSEL_/

/** Names by which Vessel knows its own processes are not a project's to set. */
export function checkSettings({ environment = {} }: SomeSettings): void {
  const reserved = Object.keys(environment).filter((name) => RESERVED.test(name))
  const issues = reserved.slice(0, 100).map((name) => ({
    path: `settings.environment.${name}`,
    message: 'names that begin with VESSEL_ are reserved',
  }))
  const [first] = issues
  if (first) {
    throw new VesselError('VALIDATION', { detail: `${first.path}: ${first.message}`, issues })
  }
}
