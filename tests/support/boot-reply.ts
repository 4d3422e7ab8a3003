import { bootActive, bootProcessing } from '@vessel/proto/http/sessions'
import { z } from 'zod'

export const bootReply = z.discriminatedUnion('status', [bootProcessing, bootActive])
export type BootReply = z.infer<typeof bootReply>
