import type { HostId } from '@vessel/proto/ids'
import type { Reply, ReplyOf, RequestOf } from '@vessel/proto/message'
import type { Bid, PlaceRequest } from '@vessel/proto/placement'
import type { COMMANDS } from '@vessel/proto/registry'
import type { CommandVerb } from '@vessel/proto/subjects'

export interface Round {
  /** False when no host is connected at all: the bus says so itself, at once. */
  readonly isAnyoneThere: boolean
  /** As they came in time; none when nobody has room. */
  readonly bids: readonly Bid[]
}

/** Asks every host at once who has room. */
export interface Market {
  /** Throws BUS_DOWN. */
  ask(request: PlaceRequest): Promise<Round>
}

type Command<V extends CommandVerb> = (typeof COMMANDS)[V]

/**
 * What became of a command.
 * answered: the host said yes or no. absent: nobody was there, so it surely has no effect.
 * unknown: no answer in time; it may yet take effect.
 */
export type CommandResult<T> =
  | { readonly kind: 'answered'; readonly reply: Reply<T> }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' }

export interface HostCommands {
  /** Never throws for what a host or the bus does. */
  send<V extends CommandVerb>(
    host: HostId,
    verb: V,
    request: RequestOf<Command<V>>,
  ): Promise<CommandResult<ReplyOf<Command<V>>>>
}
