'use client'

import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { createSocket } from '../../live/socket.ts'
import type { LiveSocket, SocketStatus, TopicHandlers } from '../../live/types.ts'
import { useAuthState, useClient } from '../client/client-provider.tsx'

const SocketContext = createContext<LiveSocket | null>(null)

const CONNECTING: SocketStatus = {
  state: 'connecting',
  attempt: 0,
  retryAtMs: null,
  closeCode: null,
  latencyMs: null,
  userId: null,
  isAdmin: false,
}

/** Holds the tab's one live connection for as long as someone is logged in. */
export function LiveProvider(props: { children: ReactNode }) {
  const { config, auth } = useClient()
  const { person, status } = useAuthState()
  const [socket, setSocket] = useState<LiveSocket | null>(null)
  const personId = person?.id ?? null

  useEffect(() => {
    if (personId === null) return
    const made = createSocket({ url: config.wsUrl, getToken: () => auth.getToken() })
    setSocket(made)
    return () => {
      made.close()
      setSocket(null)
    }
  }, [config, auth, personId])

  // After a login in mid-work the server is told at once instead of at the next attempt.
  useEffect(() => {
    if (status !== 'in') return
    socket?.refreshToken()
    socket?.retryNow()
  }, [socket, status])

  return <SocketContext value={socket}>{props.children}</SocketContext>
}

export function useSocket(): LiveSocket | null {
  return useContext(SocketContext)
}

export function useSocketStatus(): SocketStatus {
  const socket = useSocket()
  const [status, setStatus] = useState<SocketStatus>(CONNECTING)
  useEffect(() => {
    if (!socket) return setStatus(CONNECTING)
    setStatus(socket.status())
    return socket.onStatus(setStatus)
  }, [socket])
  return status
}

/** Watches a topic while the component is there. `handlers` has to be stable. */
export function useTopic(topic: string | null, handlers: TopicHandlers): void {
  const socket = useSocket()
  useEffect(() => {
    if (!socket || topic === null) return
    return socket.subscribe(topic, handlers)
  }, [socket, topic, handlers])
}
