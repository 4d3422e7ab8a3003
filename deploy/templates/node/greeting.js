/** What the server says to a visitor. */
export function greeting(name) {
  return `Hello, ${name || 'world'}!`
}
