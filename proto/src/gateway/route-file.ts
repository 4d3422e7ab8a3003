import { z } from 'zod'

/**
 * The subset of Traefik's dynamic configuration the agent writes, valid for Traefik 2.10 and 3.
 * The local gateway reads exactly this and logs an error for anything else.
 *
 * Rules have one of these forms, `&&` between the two parts:
 *   Host(`name`)      Host(`name`) && PathPrefix(`/_vessel/`)      PathPrefix(`/`)
 *
 * The last one is for names that have no router of their own.
 */
const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,120}$/)
const traefikHost = 'Host\\(`[a-z0-9.-]+`\\)'
const traefikPrefix = 'PathPrefix\\(`/[A-Za-z0-9_./-]*`\\)'
const traefikRule = new RegExp(
  `^(?:${traefikHost}(?: && ${traefikPrefix})?|PathPrefix\\(\`/\`\\))$`,
)

/** A name's own routers always come before it, so that it cannot take what is another's. */
export const LAST_PRIORITY = 1

const router = z
  .strictObject({
    rule: z.string().regex(traefikRule),
    service: name,
    middlewares: z.array(name).optional(),
    priority: z.int().positive().optional(),
  })
  .refine(({ rule, priority }) => rule.startsWith('Host(') || priority === LAST_PRIORITY, {
    path: ['priority'],
    message: `a rule without a host has priority ${LAST_PRIORITY}`,
  })

const forwardAuth = z.strictObject({
  address: z.url({ protocol: /^http$/ }),
  trustForwardHeader: z.literal(false),
  authResponseHeaders: z.array(z.string()).optional(),
})
/** The service sees this path, whatever was asked for. */
const replacePath = z.strictObject({ path: z.string().regex(/^\/[a-z_/-]+$/) })
const middleware = z
  .strictObject({ forwardAuth: forwardAuth.optional(), replacePath: replacePath.optional() })
  .refine((kinds) => Object.keys(kinds).length === 1, 'exactly one kind of middleware')

export const routeFile = z.strictObject({
  http: z.strictObject({
    routers: z.record(name, router),
    services: z.record(
      name,
      z.strictObject({
        loadBalancer: z.strictObject({
          servers: z.array(z.strictObject({ url: z.url({ protocol: /^http$/ }) })).length(1),
          passHostHeader: z.boolean().optional(),
        }),
      }),
    ),
    middlewares: z.record(name, middleware).optional(),
  }),
})
export type RouteFile = z.infer<typeof routeFile>
