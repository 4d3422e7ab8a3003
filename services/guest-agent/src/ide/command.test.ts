import { describe, expect, it } from '@jest/globals'
import { fillCommand, isSocketPathShort } from './command.ts'
import { workspaceEnvironment } from './environment.ts'

const places = { socket: '/s/ide.sock', workspace: '/w/my project', userData: '/h/.ide' }

describe('the command of the IDE', () => {
  it('gets its places, each argument staying one', () => {
    const command = ['node', '--socket', '{socket}', '--data={userData}', '{workspace}', '{other}']
    expect(fillCommand(command, places)).toEqual([
      ...['node', '--socket', '/s/ide.sock', '--data=/h/.ide', '/w/my project', '{other}'],
    ])
  })

  it('does not fill in what a place itself says', () => {
    const odd = { ...places, workspace: '{socket}' }
    expect(fillCommand(['{workspace}'], odd)).toEqual(['{socket}'])
  })

  it('has a socket that Linux can bind', () => {
    expect(isSocketPathShort('x'.repeat(100))).toBe(true)
    expect(isSocketPathShort('ü'.repeat(51))).toBe(false)
  })
})

describe('the environment of the user’s programs', () => {
  it('is a short list, in which the project’s own variables win', () => {
    const input = { homeDir: '/h', user: 'u', path: undefined }
    const plain = workspaceEnvironment({ ...input, environment: {} })
    expect(Object.keys(plain).sort()).toEqual([
      ...['HOME', 'LANG', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER'],
    ])
    expect(workspaceEnvironment({ ...input, environment: { PATH: '/own' } }).PATH).toBe('/own')
  })
})
