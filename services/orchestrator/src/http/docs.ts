import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { hostView } from '@vessel/proto/http/admin'
import { problem } from '@vessel/proto/http/problem'
import { projectView } from '@vessel/proto/http/project-view'
import { versionView } from '@vessel/proto/http/projects'
import { adminSessionView, sessionView } from '@vessel/proto/http/session-view'
import type { FastifyInstance } from 'fastify'
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from 'fastify-type-provider-zod'
import { z } from 'zod'

const NAMED = {
  Problem: problem,
  Project: projectView,
  Version: versionView,
  Session: sessionView,
  AdminSession: adminSessionView,
  Host: hostView,
} as const

export const SECURITY_SCHEME = 'supabase'

/** The description at `/docs`, made from the schemas the routes check with. */
export async function addDocs(app: FastifyInstance, publicUrl: string | undefined): Promise<void> {
  const schemaRegistry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(NAMED)) schemaRegistry.add(schema, { id })
  await app.register(swagger, {
    // What is not of the contract (`/ws`, probes) has no tag.
    hideUntagged: true,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Vessel',
        version: '1',
        description:
          'Projects and their workspaces. Errors are RFC 9457 problem documents; `code` is stable.',
      },
      ...(publicUrl ? { servers: [{ url: publicUrl }] } : {}),
      components: {
        securitySchemes: {
          [SECURITY_SCHEME]: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'An access token of Supabase Auth.',
          },
        },
      },
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: createJsonSchemaTransformObject({ schemaRegistry }),
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    transformStaticCSP: (policy) => policy.replace(' upgrade-insecure-requests;', ''),
    uiConfig: { persistAuthorization: false },
  })
}
