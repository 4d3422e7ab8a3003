'use client'

import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { SelectField } from '../../../ui/select.tsx'
import { AWAKE_OPTIONS } from './idle-clock.ts'

const OPTIONS = AWAKE_OPTIONS.map(({ label, ms }) => ({ label, value: String(ms) }))

interface AwakeFieldProps {
  isBusy: boolean
  onKeepAwake: (ms: number) => void
}

/** Keep awake for a time of one's choice. */
export function AwakeField({ isBusy, onKeepAwake }: AwakeFieldProps) {
  const [ms, setMs] = useState(String(AWAKE_OPTIONS[0].ms))
  return (
    <div className="flex items-end gap-2">
      <div className="min-w-0 flex-1">
        <SelectField
          label="Keep awake for"
          value={ms}
          options={OPTIONS}
          onChange={(event) => setMs(event.target.value)}
        />
      </div>
      <Button isBusy={isBusy} className="max-sm:h-11" onClick={() => onKeepAwake(Number(ms))}>
        Keep awake
      </Button>
    </div>
  )
}
