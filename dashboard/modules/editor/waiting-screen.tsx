import { Spinner } from '../../ui/spinner.tsx'

/** Black as the boot screen it turns into, so that nothing flashes on the way. */
export function WaitingScreen({ text }: { text: string }) {
  return (
    <main className="fixed inset-0 flex items-center justify-center bg-term text-term-text">
      <p role="status" className="flex items-center gap-3 font-mono text-sm">
        <Spinner />
        {text}
      </p>
    </main>
  )
}
