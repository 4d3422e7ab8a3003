import { Search } from 'lucide-react'
import type { Ref } from 'react'
import { cn } from '../../lib/cn.ts'
import { inputClass } from '../../ui/field.tsx'

interface SearchFieldProps {
  ref: Ref<HTMLInputElement>
  value: string
  onChange: (value: string) => void
}

export function SearchField({ ref, value, onChange }: SearchFieldProps) {
  return (
    <div className="relative w-60 max-sm:order-last max-sm:w-full">
      <Search
        size={16}
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-3 -translate-y-1/2 text-faint"
      />
      <input
        ref={ref}
        type="search"
        aria-label="Search projects"
        aria-keyshortcuts="/"
        placeholder="Search"
        value={value}
        maxLength={80}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onChange('')}
        className={cn(inputClass, 'peer pr-8 pl-9')}
      />
      <kbd
        aria-hidden
        className={cn(
          'pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 rounded border',
          'border-line px-1.5 font-sans text-faint text-xs peer-focus:hidden max-sm:hidden',
          value !== '' && 'hidden',
        )}
      >
        /
      </kbd>
    </div>
  )
}
