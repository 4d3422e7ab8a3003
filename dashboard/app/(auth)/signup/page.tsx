import type { Metadata } from 'next'
import { SignupForm } from '../../../modules/auth/signup-form.tsx'

export const metadata: Metadata = { title: 'Sign up' }

export default function Page() {
  return <SignupForm />
}
