export interface CommandPlaces {
  readonly socket: string
  readonly workspace: string
  readonly userData: string
}

/** A Unix socket's path has to fit into 108 bytes, the terminating NUL included. */
const SOCKET_BYTES_MAX = 100

/** Fills the places into each argument; an argument never becomes two. */
export function fillCommand(command: readonly string[], places: CommandPlaces): string[] {
  return command.map((argument) =>
    argument.replace(/\{(socket|workspace|userData)\}/g, (_, name: keyof CommandPlaces) => {
      return places[name]
    }),
  )
}

export const isSocketPathShort = (socket: string): boolean =>
  Buffer.byteLength(socket) <= SOCKET_BYTES_MAX
