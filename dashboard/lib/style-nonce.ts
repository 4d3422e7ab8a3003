/**
 * Dialogs lock the page's scrolling with a style element of their own. The library that does it
 * takes its nonce from this well-known global; without one the content security policy refuses it.
 */
export function setStyleNonce(nonce: string): void {
  if (typeof window === 'undefined' || nonce === '') return
  Object.assign(globalThis, { __webpack_nonce__: nonce })
}
