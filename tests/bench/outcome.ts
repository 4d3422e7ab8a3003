export interface Outcome {
  readonly name: string
  /** What has to hold, in words. */
  readonly bar: string
  readonly rows: readonly { readonly what: string; readonly ms: number }[]
  readonly ratio: number
  readonly isMet: boolean
}

export function formatOutcome(outcome: Outcome): string {
  const rows = outcome.rows.map(({ what, ms }) => `  ${ms.toFixed(1).padStart(9)} ms  ${what}`)
  const verdict = outcome.isMet ? 'met' : 'NOT MET'
  const ratio = outcome.ratio.toFixed(2)
  return [`${outcome.name}: ratio ${ratio}, ${verdict} (${outcome.bar})`, ...rows].join('\n')
}
