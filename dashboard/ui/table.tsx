import type { ReactNode } from 'react'
import { cn } from '../lib/cn.ts'
import { panelClass } from './panel-frame.tsx'

interface TableProps {
  label: string
  columns: readonly string[]
  children: ReactNode
}

/** Scrolls sideways by itself where the page is narrow. */
export function Table({ label, columns, children }: TableProps) {
  return (
    <section
      aria-label={`Table of ${label.toLowerCase()}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable
      tabIndex={0}
      // Positioned, or words for screen readers in its cells would widen the page itself.
      className={cn(panelClass, 'relative overflow-x-auto')}
    >
      <table className="w-full min-w-[720px] text-left">
        <thead className="border-line border-b text-muted text-sm">
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className="h-10 px-4 font-medium">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </section>
  )
}

export function Cell({ children }: { children?: ReactNode }) {
  return <td className="h-13 whitespace-nowrap px-4">{children}</td>
}
