import type { SavePreview } from '@vessel/proto/guest/api'
import { formatBytes, formatFiles } from '../../../lib/format-bytes.ts'

type Kept = Pick<SavePreview, 'files' | 'unpackedBytes' | 'isMore'>

/** How much a save holds, or as much of it as was counted in time: "1,318 files, 27.3 MB". */
export function keptWords({ files, unpackedBytes, isMore = false }: Kept): string {
  if (isMore && files === 0) return 'More than could be counted in time'
  return `${isMore ? 'More than ' : ''}${formatFiles(files)}, ${formatBytes(unpackedBytes)}`
}

type LeftOut = Pick<SavePreview, 'leftOutCount' | 'leftOutSize' | 'isMore'>

/** How much stays in the machine, and goes with it: "6 ignored things stay behind (340 MB)". */
export function leftOutWords(preview: LeftOut): string {
  const { leftOutCount: count, leftOutSize: size, isMore = false } = preview
  // Of a tree that was not seen to its end nobody knows what else is left out.
  if (count === 0) return isMore ? 'Nothing among what was counted' : 'Nothing'
  const things = count === 1 ? 'ignored thing stays' : 'ignored things stay'
  const text = `${isMore ? 'More than ' : ''}${count.toLocaleString('en')} ${things} behind`
  // "More than nothing" tells nothing.
  if (!size || (size.isMore && size.bytes === 0)) return text
  return `${text} (${size.isMore ? 'more than ' : ''}${formatBytes(size.bytes)})`
}
