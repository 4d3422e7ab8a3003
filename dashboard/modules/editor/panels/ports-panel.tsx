'use client'

import type { SessionId } from '@vessel/proto/ids'
import { ExternalLink } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { inputClass } from '../../../ui/field.tsx'
import { useOwnTab } from '../use-own-tab.ts'

export interface OpenPort {
  readonly port: number
  readonly process: string | null
}

const PORT_MAX = 65_535

function PortRow({ port, process, onOpen }: OpenPort & { onOpen: () => void }) {
  return (
    <li className="flex items-center gap-3">
      <span className="w-14 font-medium font-mono text-sm tabular-nums">{port}</span>
      <span className="min-w-0 flex-1 truncate text-muted text-sm">{process ?? 'a program'}</span>
      <Button size="sm" onClick={onOpen}>
        Open
        <span className="sr-only">port {port} in a new tab</span>
        <ExternalLink size={14} aria-hidden />
      </Button>
    </li>
  )
}

function OtherPort({ onOpen }: { onOpen: (port: number) => void }) {
  const [text, setText] = useState('')
  const port = Number(text)
  const isPort = Number.isInteger(port) && port >= 1 && port <= PORT_MAX
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    onOpen(port)
  }
  return (
    <form onSubmit={onSubmit} className="mt-3 flex items-center gap-2 border-line border-t pt-3">
      <input
        aria-label="Another port"
        placeholder="Another port"
        inputMode="numeric"
        value={text}
        onChange={(event) => setText(event.target.value.replace(/\D/g, '').slice(0, 5))}
        className={`${inputClass} h-8`}
      />
      <Button type="submit" size="sm" disabled={!isPort}>
        Open
      </Button>
    </form>
  )
}

interface PortsPanelProps {
  session: SessionId
  ports: readonly OpenPort[]
}

/** Programs of the user's that listen, each with a preview only its owner can open. */
export function PortsPanel({ session, ports }: PortsPanelProps) {
  const preview = useOwnTab(session)
  return (
    <>
      {ports.length === 0 ? (
        <p className="text-muted">Start a server in the terminal: its port appears here.</p>
      ) : (
        <ul className="flex flex-col gap-2">
          {ports.map((one) => (
            <PortRow key={one.port} {...one} onOpen={() => preview(one.port)} />
          ))}
        </ul>
      )}
      <OtherPort onOpen={preview} />
    </>
  )
}
