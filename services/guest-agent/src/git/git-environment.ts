import type { GitSource } from '@vessel/proto/git'

/** What a token goes with where the address names nobody; services ask only that it is a name. */
const ANY_USER = 'x-access-token'

/**
 * The token reaches git by its environment: an argument or an address would be read by every `ps`
 * and stay in the clone's configuration. It is sent to the repository's own origin only.
 */
export function gitEnvironment({ url, token }: GitSource): Record<string, string> {
  const quiet = {
    // Nobody is there to answer a question, and a path or a program is no address.
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    GIT_ALLOW_PROTOCOL: 'http:https',
    LC_ALL: 'C.UTF-8',
  }
  const settings: [string, string][] = [['credential.helper', '']]
  if (token !== null) {
    const { origin, username } = new URL(url)
    const user = username === '' ? ANY_USER : decodeURIComponent(username)
    const secret = Buffer.from(`${user}:${token}`).toString('base64')
    settings.push([`http.${origin}/.extraHeader`, `Authorization: Basic ${secret}`])
  }
  const numbered = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ])
  return { ...quiet, GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(numbered) }
}
