'use client'

import { CLOSE_CODES } from '@vessel/proto/browser/close-codes'
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
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

/** The server believes this login no more: only another one mends that. */
const LOGIN_OVER: ReadonlySet<number | null> = new Set([
  CLOSE_CODES.unauthenticated,
  CLOSE_CODES.revoked,
])

/** Holds the tab's one live connection for as long as someone is logged in. */
export function LiveProvider(props: { children: ReactNode }) {
  const { config, auth } = useClient()
  const { person, status } = useAuthState()
  const [socket, setSocket] = useState<LiveSocket | null>(null)
  const [round, setRound] = useState(0)
  /** What is refused right after it was renewed is not renewed again and again. */
  const wasRenewed = useRef(false)
  const personId = person?.id ?? null

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round makes a new socket
  useEffect(() => {
    if (personId === null) return
    let isOver = false
    const made = createSocket({ url: config.wsUrl, getToken: () => auth.getToken() })
    setSocket(made)
    made.onStatus(({ state, closeCode }) => {
      if (state === 'connected') wasRenewed.current = false
      if (state !== 'closed' || !LOGIN_OVER.has(closeCode) || wasRenewed.current) return
      wasRenewed.current = true
      void auth.recover().then((isBack) => isBack && !isOver && setRound((before) => before + 1))
    })
    return () => {
      isOver = true
      made.close()
      setSocket(null)
    }
  }, [config, auth, personId, round])

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
