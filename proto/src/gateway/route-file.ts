import { z } from 'zod'

/**
 * The subset of Traefik's dynamic configuration the agent writes, valid for Traefik 2.10 and 3.
 * The local gateway reads exactly this and logs an error for anything else.
 *
 * Rules have one of these forms, `&&` between the two parts:
 *   Host(`name`)      Host(`name`) && PathPrefix(`/_vessel/`)
 */
const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,120}$/)
const traefikHost = 'Host\\(`[a-z0-9.-]+`\\)'
const traefikRule = new RegExp(`^${traefikHost}(?: && PathPrefix\\(\`/[A-Za-z0-9_./-]*\`\\))?$`)

export const routeFile = z.strictObject({
  http: z.strictObject({
    routers: z.record(
      name,
      z.strictObject({
        rule: z.string().regex(traefikRule),
        service: name,
        middlewares: z.array(name).optional(),
        priority: z.int().positive().optional(),
      }),
    ),
    services: z.record(
      name,
      z.strictObject({
        loadBalancer: z.strictObject({
          servers: z.array(z.strictObject({ url: z.url({ protocol: /^http$/ }) })).length(1),
          passHostHeader: z.boolean().optional(),
        }),
      }),
    ),
    middlewares: z
      .record(
        name,
        z.strictObject({
          forwardAuth: z.strictObject({
            address: z.url({ protocol: /^http$/ }),
            trustForwardHeader: z.literal(false),
            authResponseHeaders: z.array(z.string()).optional(),
          }),
        }),
      )
      .optional(),
  }),
})
export type RouteFile = z.infer<typeof routeFile>
