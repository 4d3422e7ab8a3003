/** The server was not reached: no network, refused, or no answer in time. */
export class NetworkError extends Error {
  constructor(options: { cause: unknown }) {
    super('the server could not be reached', options)
    this.name = 'NetworkError'
  }
}
