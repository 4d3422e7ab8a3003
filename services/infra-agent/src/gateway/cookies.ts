import { TICKET_COOKIE } from '@vessel/proto/headers'

function split(header: string | undefined): { name: string; text: string; value: string }[] {
  return (header ?? '')
    .split(';')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      const equals = text.indexOf('=')
      const name = equals < 0 ? '' : text.slice(0, equals).trim()
      return { name, text, value: text.slice(equals + 1).trim() }
    })
}

const isTicket = (name: string): boolean => name.toLowerCase() === TICKET_COOKIE.toLowerCase()

/** The ticket, or null when there is none. Two are a trick: a browser holds one per host. */
export function ticketFrom(header: string | undefined): string | null {
  const tickets = split(header).filter(({ name }) => isTicket(name))
  return tickets.length === 1 ? (tickets[0]?.value ?? null) : null
}

/** The program's own cookies, without Vessel's in any spelling. */
export function withoutTicket(header: string | undefined): string {
  return split(header)
    .filter(({ name }) => !isTicket(name))
    .map(({ text }) => text)
    .join('; ')
}
