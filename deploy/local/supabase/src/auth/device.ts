import type { FastifyRequest } from 'fastify'
import type { Device } from './auth-service.ts'

export function deviceOf(request: FastifyRequest): Device {
  return { ip: request.ip, userAgent: String(request.headers['user-agent'] ?? '').slice(0, 300) }
}
