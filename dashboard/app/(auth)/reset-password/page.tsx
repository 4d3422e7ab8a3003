import type { Metadata } from 'next'
import { ResetForm } from '../../../modules/auth/reset-form.tsx'

export const metadata: Metadata = { title: 'New password' }

export default function Page() {
  return <ResetForm />
}
