import { z } from 'zod'

/** One page of a list: the next is asked for with the `nextCursor` of the one before. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(100),
  cursor: z.string().max(200).optional(),
})
