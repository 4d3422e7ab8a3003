import { z } from 'zod'

/**
 * Why a session ended: one closed list for the metric label, the log field and the sentence the
 * user reads. A reason is never reused with another meaning.
 */
export const END_REASONS = {
  user_exit: 'You saved and left.',
  user_discard: 'You discarded this session.',
  cancelled: 'You cancelled the start.',
  idle: 'Nothing happened for a while, so it was saved and stopped.',
  max_life: 'It reached the longest time a session may run.',
  host_drain: 'Its host is going into maintenance.',
  host_lost: 'Its host stopped answering.',
  machine_died: 'The machine ended by itself.',
  start_failed: 'The machine could not be started.',
  save_failed: 'The files could not be saved yet. They are kept on the host.',
  no_room_in_time: 'No host could take it in time.',
  deadline: 'It took too long and was stopped.',
  project_deleted: 'The project was deleted.',
  admin_stop: 'An administrator stopped it.',
} as const
export type EndReason = keyof typeof END_REASONS
export const endReason = z.enum(Object.keys(END_REASONS) as [EndReason, ...EndReason[]])
