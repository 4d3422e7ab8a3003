// biome-ignore lint/suspicious/noExplicitAny: each program knows what its own test sends
type Handlers = Readonly<Record<string, (...words: any[]) => unknown>>

/** Answers `startIn` from inside a namespace, and ends with it. */
export function serve(handlers: Handlers): void {
  process.on(
    'message',
    async ({ id, name, words }: { id: number; name: string; words: unknown[] }) => {
      try {
        const result = await handlers[name]?.(...words)
        process.send?.({ id, result })
      } catch (thrown) {
        process.send?.({ id, error: thrown instanceof Error ? thrown.message : String(thrown) })
      }
    },
  )
  process.on('disconnect', () => process.exit(0))
}
