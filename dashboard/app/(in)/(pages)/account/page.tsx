import type { Metadata } from 'next'
import { AccountEntry } from '../../../../modules/account/account-entry.tsx'

export const metadata: Metadata = { title: 'Account' }

export default function Page() {
  return <AccountEntry />
}
