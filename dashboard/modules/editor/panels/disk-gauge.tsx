import { cn } from '../../../lib/cn.ts'
import { formatBytes } from '../../../lib/format-bytes.ts'
import { type DiskLevel, type DiskUse, diskLevel } from './readings.ts'

const FILLS: Record<DiskLevel, string> = {
  fine: 'bg-good-dot',
  filling: 'bg-busy-dot',
  full: 'bg-bad-dot',
}

export const DISK_WORDS: Record<DiskLevel, string> = {
  fine: '',
  filling: 'The disk is filling up. Delete what you do not need.',
  full: 'The disk is almost full: files may not be written. Delete something now.',
}

export const diskPercent = (use: DiskUse): number => Math.floor(use.fraction * 100)

/** How full the disk is, in colour and in words. */
export function DiskGauge({ use }: { use: DiskUse | null }) {
  if (!use) return null
  const level = diskLevel(use)
  const words = DISK_WORDS[level]
  return (
    <div>
      <div className="mb-1.5 flex items-baseline justify-between text-sm">
        <span className="text-muted">Disk space</span>
        <span className="font-medium tabular-nums">
          {formatBytes(use.usedBytes)} of {formatBytes(use.totalBytes)}
        </span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a <meter> cannot be given our colours */}
      <div
        role="meter"
        aria-label="Disk space used"
        aria-valuenow={diskPercent(use)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={`${diskPercent(use)} %`}
        className="h-1.5 overflow-hidden rounded-full bg-line"
      >
        <div
          className={cn('h-full origin-left', FILLS[level])}
          style={{ transform: `scaleX(${Math.min(1, use.fraction)})` }}
        />
      </div>
      {words && (
        <p className={cn('mt-1.5 text-sm', level === 'full' ? 'text-bad' : 'text-busy')}>{words}</p>
      )}
    </div>
  )
}
