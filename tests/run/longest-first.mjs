import { relative } from 'node:path'
// Not in TypeScript: its types say that the class is a member of what is imported.
import TestSequencer from '@jest/test-sequencer'
import { placeOf } from './long-files.ts'

/**
 * Jest begins with what took longest the time before. Where there was none, as in a fresh clone, it
 * begins with the largest files, and then a small one that boots machines is what a stage waits for
 * at its end, with all other workers idle. There the files that take long are named.
 */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const sorted = [...super.sort(tests)]
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted
    const place = ({ path, context }) => placeOf(relative(context.config.rootDir, path))
    return sorted.sort((a, b) => place(a) - place(b))
  }
}
