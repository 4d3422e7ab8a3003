import { describe, expect, it } from '@jest/globals'
import { parseRouteFile } from './parse-route-file.ts'

/** Written by hand as the agent's YAML looks, so that the test does not read its own writing. */
const WORKSPACE = `
http:
  routers:
    s1-ide:
      rule: Host(\`p1.localhost\`)
      service: s1-guest
      middlewares: [s1-ide]
    s1-vessel:
      rule: Host(\`p1.localhost\`) && PathPrefix(\`/_vessel/\`)
      service: s1-auth
  services:
    s1-guest: { loadBalancer: { servers: [{ url: 'http://127.0.0.1:4100' }] } }
    s1-auth: { loadBalancer: { servers: [{ url: 'http://127.0.0.1:7070/' }], passHostHeader: true } }
  middlewares:
    s1-ide:
      forwardAuth:
        address: http://127.0.0.1:7070/check?target=ide
        trustForwardHeader: false
        authResponseHeaders: [x-vessel-guest-token, cookie]
`

describe('a route file', () => {
  it('becomes routes with everything they refer to', () => {
    const { routes, names } = parseRouteFile(WORKSPACE)
    expect(routes).toEqual([
      {
        name: 's1-ide',
        host: 'p1.localhost',
        pathPrefix: '/',
        priority: 'Host(`p1.localhost`)'.length,
        serviceUrl: 'http://127.0.0.1:4100',
        isHostPassed: true,
        auth: {
          address: 'http://127.0.0.1:7070/check?target=ide',
          responseHeaders: ['x-vessel-guest-token', 'cookie'],
        },
        replacedPath: null,
      },
      expect.objectContaining({ name: 's1-vessel', pathPrefix: '/_vessel/', auth: null }),
    ])
    expect(names).toContain('router s1-ide')
    expect(names).toContain('middleware s1-ide')
  })

  it('may lead every other name to one path', () => {
    const { routes } = parseRouteFile(`
http:
  routers:
    rest: { rule: PathPrefix(\`/\`), service: agent, middlewares: [one-page], priority: 1 }
  services: { agent: { loadBalancer: { servers: [{ url: 'http://127.0.0.1:7070' }] } } }
  middlewares: { one-page: { replacePath: { path: /_vessel/asleep } } }
`)
    expect(routes).toEqual([
      expect.objectContaining({
        ...{ host: null, pathPrefix: '/', auth: null, replacedPath: '/_vessel/asleep' },
      }),
    ])
  })

  it.each([
    ['http.routers.s1-ide.rule', 'Host(`p1.localhost`)\n', 'PathPrefix(`/x`)\n'],
    ['http.routers.s1-ide.rule', 'Host(`p1.localhost`)\n', 'HostRegexp(`.*`)\n'],
    ['no service s1-other', 'service: s1-guest', 'service: s1-other'],
    ['no middleware s1-other', 'middlewares: [s1-ide]', 'middlewares: [s1-other]'],
    ['more than one middleware', 'middlewares: [s1-ide]', 'middlewares: [s1-ide, s1-ide]'],
    ['trustForwardHeader', 'trustForwardHeader: false', 'trustForwardHeader: true'],
    ['http://host:port', '127.0.0.1:4100', '127.0.0.1:4100/base'],
    ['http://host:port', '127.0.0.1:4100', 'name:secret@127.0.0.1:4100'],
  ])('is refused by a fault that names %s', (fault, right, wrong) => {
    expect(() => parseRouteFile(WORKSPACE.replace(right, wrong))).toThrow(fault)
  })

  it('makes no objects but plain ones', () => {
    expect(() => parseRouteFile('http: !!js/function "x"')).toThrow()
  })
})
