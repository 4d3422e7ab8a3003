import { createSocket } from '../socket.ts'
import type { SocketState } from '../types.ts'
import { FakeClock, settle } from './fake-clock.ts'
import { FakeServer } from './fake-server.ts'

/** A page with a client, in a world that does only what the test says. */
export function createPage(firstToken: string | null = 'token-1') {
  const [clock, server] = [new FakeClock(), new FakeServer()]
  const page = { online: true, visible: true, listener: () => {} }
  const token = { value: firstToken, asked: 0 }
  const states: SocketState[] = []
  const socket = createSocket({
    url: 'wss://vessel.test/ws',
    getToken: async () => {
      token.asked += 1
      return token.value
    },
    connect: server.connect,
    clock,
    random: () => 1,
    page: {
      isOnline: () => page.online,
      isVisible: () => page.visible,
      onChange: (listener) => {
        page.listener = listener
        return () => {}
      },
    },
  })
  socket.onStatus(({ state }) => {
    if (states.at(-1) !== state) states.push(state)
  })
  return { clock, server, page, token, states, socket }
}

/** The same, logged in. */
export async function createConnected() {
  const made = createPage()
  await settle()
  made.server.last.open()
  made.server.last.hello()
  return made
}
