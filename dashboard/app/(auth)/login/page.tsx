import type { Metadata } from 'next'
import { LoginForm } from '../../../modules/auth/login-form.tsx'

export const metadata: Metadata = { title: 'Log in' }

export default function Page() {
  return <LoginForm />
}
