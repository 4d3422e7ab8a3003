/** Ids are long and their beginnings tell them apart. */
export function ShortId({ id }: { id: string }) {
  return (
    <code title={id} className="font-mono text-sm">
      {id.slice(0, 8)}
    </code>
  )
}
