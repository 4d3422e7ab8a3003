import { ERRORS, type ErrorEntry } from '../src/errors.ts'
import { END_REASONS } from '../src/reasons.ts'

/** The page `docs/errors.md`: a code missing from it, or only on it, fails a test. */
export function renderErrors(): string {
  const codes = Object.entries(ERRORS as Record<string, ErrorEntry>).map(
    ([code, { kind, status, title }]) => `| \`${code}\` | ${kind} | ${status} | ${title} |`,
  )
  const reasons = Object.entries(END_REASONS).map(
    ([reason, sentence]) => `| \`${reason}\` | ${sentence} |`,
  )
  return `# Error codes

Generated from \`proto/src/errors.ts\` by \`npm run reference -w proto\`. Code and kind are the
contract; the sentence is for people and may be reworded. A code is never reused.

- **refused**: the caller's to change. Never logged as an error.
- **unavailable**: it passes; try again, after \`retryAfterMs\` when given.
- **failed**: a step of ours broke. Has a cause in the log under the same trace id.
- **bug**: an assertion of ours failed.

| code | kind | HTTP | what the user reads |
|---|---|---|---|
${codes.join('\n')}

## Why a session ended

| reason | what the user reads |
|---|---|
${reasons.join('\n')}
`
}
