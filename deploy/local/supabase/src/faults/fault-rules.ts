import { z } from 'zod'

/** Rules at once: a test needs a handful. */
export const RULES_MAX = 100

export const faultRule = z
  .object({
    /** `PUT /storage/v1/object/upload/sign`: a method or `*`, and how the path begins. */
    match: z.string().regex(/^(?:\*|[A-Z]+) \/\S*$/),
    /** How many requests it hits before it is used up. */
    times: z.int().min(1).max(1_000_000).default(1),
    /** How many matching requests pass before the first hit. */
    skip: z.int().min(0).max(1_000_000).default(0),
    /** Answer this status at once; nothing happens. */
    status: z.int().min(400).max(599).optional(),
    /** Wait before anything happens. */
    latencyMs: z.int().min(1).max(600_000).optional(),
    /** Break the connection after so many bytes of the body, whichever way it flows. */
    cutAfterBytes: z.int().min(0).optional(),
    /** Do everything and break the connection instead of answering. */
    isAnswerLost: z.boolean().optional(),
  })
  .strict()
  .refine(
    (rule) =>
      rule.status !== undefined ||
      rule.latencyMs !== undefined ||
      rule.cutAfterBytes !== undefined ||
      rule.isAnswerLost !== undefined,
    'name a fault: status, latencyMs, cutAfterBytes or isAnswerLost',
  )
export type FaultRule = z.output<typeof faultRule>

interface Counted {
  readonly rule: FaultRule
  toSkip: number
  left: number
}

function isMatch(rule: FaultRule, method: string, path: string): boolean {
  const [ruleMethod = '', rulePath = ''] = rule.match.split(' ')
  return (ruleMethod === '*' || ruleMethod === method) && path.startsWith(rulePath)
}

/** The faults a test has asked for. */
export class FaultRules {
  #rules: Counted[] = []

  add(rule: FaultRule): boolean {
    if (this.#rules.length >= RULES_MAX) return false
    this.#rules.push({ rule, toSkip: rule.skip, left: rule.times })
    return true
  }

  clear(): void {
    this.#rules = []
  }

  list(): readonly (FaultRule & { left: number })[] {
    return this.#rules.map(({ rule, left }) => ({ ...rule, left }))
  }

  /** The fault of this request, if any: the first rule that matches, and one hit less of it. */
  take(method: string, path: string): FaultRule | null {
    const counted = this.#rules.find(({ rule }) => isMatch(rule, method, path))
    if (counted === undefined) return null
    if (counted.toSkip > 0) {
      counted.toSkip -= 1
      return null
    }
    counted.left -= 1
    if (counted.left === 0) this.#rules = this.#rules.filter((other) => other !== counted)
    return counted.rule
  }
}
