'use client'

import { useSocketStatus } from '../live/live-provider.tsx'
import { connectionWords } from './connection-words.ts'

/** One sentence while nothing live arrives: what that means, and that nothing has to be done. */
export function OfflineNote({ meaning }: { meaning: string }) {
  const status = useSocketStatus()
  const { colour, label } = connectionWords(status)
  if (colour !== 'red') return null
  return (
    <>
      <b className="font-semibold">{label}.</b> {meaning}
    </>
  )
}
