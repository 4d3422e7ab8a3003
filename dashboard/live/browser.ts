import type { Clock, PageSignals, RawSocket } from './types.ts'

/** The real clock, of a browser or of Node. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer: (run, ms) => setTimeout(run, ms),
  clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
}

/** The platform's own WebSocket. */
export function connectWebSocket(url: string, protocol: string): RawSocket {
  return new WebSocket(url, protocol) as unknown as RawSocket
}

/** What the platform tells of network and visibility; a server knows neither and is always on. */
export function pageSignals(): PageSignals {
  const hasPage = typeof window !== 'undefined' && typeof document !== 'undefined'
  if (!hasPage) return { isOnline: () => true, isVisible: () => true, onChange: () => () => {} }

  return {
    isOnline: () => window.navigator.onLine !== false,
    isVisible: () => document.visibilityState !== 'hidden',
    onChange(listener) {
      // `pageshow`: a page taken out of the back-forward cache has lost its connection unheard.
      for (const name of ['online', 'offline', 'pageshow']) window.addEventListener(name, listener)
      document.addEventListener('visibilitychange', listener)
      return () => {
        for (const name of ['online', 'offline', 'pageshow']) {
          window.removeEventListener(name, listener)
        }
        document.removeEventListener('visibilitychange', listener)
      }
    },
  }
}
