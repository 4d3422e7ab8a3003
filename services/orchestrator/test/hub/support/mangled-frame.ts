import { randomUUID } from 'node:crypto'

const ODD = [
  null,
  -1,
  1e308,
  '\u0000',
  [],
  {},
  'x'.repeat(5_000),
  { __proto__: null },
  true,
  '"'.repeat(20),
]

/**
 * A valid frame with a few characters changed, cut, doubled, or a value of another kind in it; now
 * and then bytes that were never a frame.
 */
export function mangledFrame(random: () => number): string | Buffer {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const noise = () =>
    Buffer.from(Array.from({ length: 1 + Math.floor(random() * 200) }, () => random() * 256))
  const frame = { ...pick(valid()) }
  if (random() < 0.5) frame[pick(Object.keys(frame))] = pick(ODD)
  const text = JSON.stringify(frame)
  const at = Math.floor(random() * text.length)
  const kind = random()
  if (kind < 0.5) return text
  if (kind < 0.62) return text.slice(0, at)
  if (kind < 0.76) return `${text.slice(0, at)}${String.fromCharCode(random() * 65_535)}${text}`
  if (kind < 0.84) return text + text
  if (kind < 0.92) return Buffer.from(text.slice(at))
  return random() < 0.5 ? noise() : noise().toString('latin1')
}

function valid(): Record<string, unknown>[] {
  const id = randomUUID()
  return [
    { type: 'sub', id: 1, topic: `session:${id}`, since: { bootId: id, seq: 3 } },
    { type: 'sub', id: 2, topic: `project:${id}` },
    { type: 'unsub', id: 1, topic: `user:${id}` },
    { type: 'ping', id: 2 },
    { type: 'presence', topic: `project:${id}`, state: 'editor' },
    { type: 'refresh', token: 'x' },
    { type: 'auth', token: '__proto__' },
  ]
}
