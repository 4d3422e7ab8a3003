'use client'

import dynamic from 'next/dynamic'
import { WaitingScreen } from './waiting-screen.tsx'

/** Everything past the first paint of this page, fetched when the gate has opened. */
export const EditorEntry = dynamic(
  () => import('./editor-page.tsx').then((module) => module.EditorPage),
  { ssr: false, loading: () => <WaitingScreen text="Loading" /> },
)
