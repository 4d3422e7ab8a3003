import { describe, expect, it } from '@jest/globals'
import { gitEnvironment } from './git-environment.ts'

const decode = (value = ''): string =>
  Buffer.from(value.split(' ').at(-1) ?? '', 'base64').toString()

describe('the environment of git', () => {
  it('sends the token to the origin of the repository and nowhere else', () => {
    const env = gitEnvironment({ url: 'https://example.com:8443/a/b.git', ref: null, token: 't' })
    expect(env.GIT_CONFIG_KEY_1).toBe('http.https://example.com:8443/.extraHeader')
    expect(decode(env.GIT_CONFIG_VALUE_1)).toBe('x-access-token:t')
  })

  it('names the user of the address, where it has one', () => {
    const env = gitEnvironment({ url: 'https://an%40n@example.com/a.git', ref: null, token: 't' })
    expect(env.GIT_CONFIG_KEY_1).toBe('http.https://example.com/.extraHeader')
    expect(decode(env.GIT_CONFIG_VALUE_1)).toBe('an@n:t')
  })

  it('asks no question and uses no other way in', () => {
    const env = gitEnvironment({ url: 'https://example.com/a.git', ref: null, token: null })
    expect(env).toMatchObject({ GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'http:https' })
    expect(env.GIT_CONFIG_COUNT).toBe('1')
  })
})
