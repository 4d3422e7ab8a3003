'use client'

import { Button } from '../ui/button.tsx'
import { CentredScreen } from '../ui/centred-screen.tsx'

/** A bug of ours while drawing a page. It says no more than it knows. */
export default function ErrorPage({ reset }: { reset: () => void }) {
  return (
    <CentredScreen>
      <div role="alert">
        <h1 className="font-semibold text-2xl tracking-tight">Something broke on this page</h1>
        <p className="mt-3 mb-7 text-muted">Your projects and files are not touched by it.</p>
      </div>
      <Button variant="primary" onClick={reset}>
        Try again
      </Button>
    </CentredScreen>
  )
}
