import type { Metadata } from 'next'
import { AdminEntry } from '../../../../modules/admin/admin-entry.tsx'

export const metadata: Metadata = { title: 'Admin' }

export default function Page() {
  return <AdminEntry />
}
