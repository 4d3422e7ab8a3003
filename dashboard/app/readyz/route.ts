import { config } from '../../lib/config.server.ts'

export const dynamic = 'force-dynamic'

/** The process can serve pages: its configuration is whole. The page itself copes with the rest. */
export function GET(): Response {
  try {
    config()
    return Response.json({ status: 'ok' })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return Response.json({ status: 'unavailable', reason }, { status: 503 })
  }
}
