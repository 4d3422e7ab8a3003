import type { Archive } from '../store/rows.ts'

export interface RetentionRules {
  /** Heads kept per project, the present one included. Recovery versions stay until deleted. */
  readonly headsKept: number
  /** An upload that was not made final by then never will be. */
  readonly pendingMs: number
  /** How long a deleted project can be brought back. */
  readonly undeleteMs: number
  /** Between dooming and removing: longer than any commit, restore or download takes. */
  readonly graceMs: number
}

export interface Retention {
  /** True for one caller in so many ms, of all copies. */
  claim(name: string, holder: string, everyMs: number): Promise<boolean>
  doom(): Promise<number>
  due(limit: number): Promise<readonly Archive[]>
  /** Objects that are gone already are no fault. */
  removeObjects(paths: readonly string[]): Promise<void>
  forget(ids: readonly string[]): Promise<number>
}
