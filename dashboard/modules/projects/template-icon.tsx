import {
  Atom,
  FileArchive,
  FileCode,
  FolderClosed,
  GitBranch,
  Hexagon,
  type LucideIcon,
  PanelsTopLeft,
} from 'lucide-react'
import { cn } from '../../lib/cn.ts'
import type { Origin } from './template-words.ts'

const ICONS: Record<Origin, { Icon: LucideIcon; className: string }> = {
  blank: { Icon: FolderClosed, className: 'bg-hover text-muted' },
  node: { Icon: Hexagon, className: 'bg-good-soft text-good' },
  react: { Icon: Atom, className: 'bg-accent-soft text-accent' },
  python: { Icon: FileCode, className: 'bg-move-soft text-move' },
  static: { Icon: PanelsTopLeft, className: 'bg-busy-soft text-busy' },
  import: { Icon: FileArchive, className: 'bg-hover text-muted' },
  git: { Icon: GitBranch, className: 'bg-hover text-muted' },
}

export function TemplateIcon({ origin, size = 36 }: { origin: Origin; size?: number }) {
  const { Icon, className } = ICONS[origin]
  return (
    <span
      aria-hidden
      style={{ width: size, height: size }}
      className={cn('inline-flex shrink-0 items-center justify-center rounded-md', className)}
    >
      <Icon size={size / 2} strokeWidth={1.75} />
    </span>
  )
}
