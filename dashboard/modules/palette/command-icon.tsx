import {
  ArrowRight,
  Download,
  History,
  LogOut,
  type LucideIcon,
  Monitor,
  Moon,
  Plus,
  Save,
  Sun,
} from 'lucide-react'
import { TemplateIcon } from '../projects/template-icon.tsx'
import type { Deed } from './commands.ts'

const THEMES = { system: Monitor, light: Sun, dark: Moon }
const ICONS: Record<Exclude<Deed['kind'], 'open' | 'theme'>, LucideIcon> = {
  stop: Save,
  settings: History,
  download: Download,
  go: ArrowRight,
  'new-project': Plus,
  'log-out': LogOut,
}

/** What a command is about, for eyes that run down the list. */
export function CommandIcon({ deed }: { deed: Deed }) {
  if (deed.kind === 'open') return <TemplateIcon origin={deed.project.template} size={24} />
  const Icon = deed.kind === 'theme' ? THEMES[deed.theme] : ICONS[deed.kind]
  return (
    <span aria-hidden className="flex w-6 shrink-0 justify-center text-muted">
      <Icon size={16} />
    </span>
  )
}
