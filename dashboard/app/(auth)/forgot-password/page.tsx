import type { Metadata } from 'next'
import { ForgotForm } from '../../../modules/auth/forgot-form.tsx'

export const metadata: Metadata = { title: 'Forgotten password' }

export default function Page() {
  return <ForgotForm />
}
