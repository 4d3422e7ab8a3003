import type { StepName } from '@vessel/proto/steps'
import type { StepNote } from './ports.ts'
import type { SessionContext } from './session-context.ts'
import { stepInWords } from './step-words.ts'

/** Every step goes into the feed as data for the step list, and as a line once it is done. */
export function tellSteps(context: SessionContext): (name: StepName, note: StepNote) => void {
  return (name, note) => {
    const { record, feed } = context
    feed.step(name, note)
    if (note.state === 'done') feed.line('agent', stepInWords(name, note.durationMs ?? 0, record))
  }
}
