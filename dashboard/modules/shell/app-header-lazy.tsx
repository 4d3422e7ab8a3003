'use client'

import dynamic from 'next/dynamic'
import { HeaderFrame } from './header-frame.tsx'

/** The bar with all that is in it; until then the same bar, empty. */
export const AppHeaderLazy = dynamic(
  () => import('./app-header.tsx').then((module) => module.AppHeader),
  { ssr: false, loading: () => <HeaderFrame /> },
)
