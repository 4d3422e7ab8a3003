import type { SavePreview } from '@vessel/proto/guest/api'
import { formatBytes } from '../../../lib/format-bytes.ts'

type LeftOut = Pick<SavePreview, 'leftOutCount' | 'leftOutSize'>

/** How much stays in the machine, and goes with it: "6 ignored things stay behind (340 MB)". */
export function leftOutWords({ leftOutCount: count, leftOutSize: size }: LeftOut): string {
  const things =
    count === 1
      ? '1 ignored thing stays behind'
      : `${count.toLocaleString('en')} ignored things stay behind`
  // "More than nothing" tells nothing.
  if (!size || (size.isMore && size.bytes === 0)) return things
  return `${things} (${size.isMore ? 'more than ' : ''}${formatBytes(size.bytes)})`
}
