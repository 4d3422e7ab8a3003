import { parseSync } from '@swc/core'
import type { SourceFile } from './files.ts'

export interface FunctionSize {
  readonly line: number
  readonly lineCount: number
  readonly parameterCount: number
}

interface Node {
  readonly type?: string
  readonly span?: { start: number; end: number }
  readonly params?: readonly unknown[]
  readonly [key: string]: unknown
}

const FUNCTION_TYPES = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'PrivateMethod',
  'MethodProperty',
  'Constructor',
])

function* walk(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const item of value) yield* walk(item)
    return
  }
  if (value === null || typeof value !== 'object') return
  yield value as Node
  for (const [key, child] of Object.entries(value)) if (key !== 'span') yield* walk(child)
}

/** swc keeps the function of a method one level down. */
function functionOf(node: Node): Node {
  const inner = node.function as Node | undefined
  return inner?.params ? inner : node
}

// swc counts bytes from wherever its last run ended. A first statement of our own says where.
const MARK = '0;'

/** Every function of a file with its size. */
export function functionsOf(file: SourceFile): FunctionSize[] {
  const body = [
    ...walk(
      parseSync(MARK + file.text, {
        syntax: 'typescript',
        tsx: file.path.endsWith('x'),
        target: 'es2024',
      }).body,
    ),
  ]
  const origin = body[0]?.span?.start
  if (origin === undefined) throw new Error(`nothing was parsed in ${file.path}`)

  const bytes = Buffer.from(MARK + file.text)
  return body.flatMap((node) => {
    if (!node.span || !FUNCTION_TYPES.has(node.type ?? '')) return []
    const start = node.span.start - origin
    const end = node.span.end - origin
    const lineCount = bytes.subarray(start, end).toString().split('\n').length
    const line = bytes.subarray(0, start).toString().split('\n').length
    return [{ line, lineCount, parameterCount: functionOf(node).params?.length ?? 0 }]
  })
}
