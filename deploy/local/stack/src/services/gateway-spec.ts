import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import type { ServiceSpec } from '../process/child.ts'
import { answersAt } from '../process/ready.ts'
import { baseEnvironment, nodeService, type Settings } from './specs.ts'

function findOnPath(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const file = join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // Not in this folder.
    }
  }
  return null
}

/** Traefik itself where the machine has it, else our stand-in. Both read the agent's files. */
export function gatewaySpec(settings: Settings): ServiceSpec {
  const traefik = findOnPath('traefik')
  return traefik ? traefikSpec(settings, traefik) : standInSpec(settings)
}

function traefikSpec({ state, ports }: Settings, traefik: string): ServiceSpec {
  const admin = `127.0.0.1:${ports.gatewayAdmin}`
  return {
    name: 'gateway',
    command: traefik,
    args: [
      `--entrypoints.web.address=127.0.0.1:${ports.gateway}`,
      '--entrypoints.web.transport.respondingtimeouts.readtimeout=0s',
      '--entrypoints.web.transport.respondingtimeouts.idletimeout=2h',
      `--entrypoints.admin.address=${admin}`,
      `--providers.file.directory=${state.folder('routes')}`,
      '--providers.file.watch=true',
      '--ping.entrypoint=admin',
      '--log.format=json',
      '--global.checknewversion=false',
      '--global.sendanonymoususage=false',
    ],
    cwd: state.root,
    env: baseEnvironment(),
    isReady: answersAt(`http://${admin}/ping`),
  }
}

function standInSpec(settings: Settings): ServiceSpec {
  const { state, ports } = settings
  return nodeService(settings, {
    name: 'gateway',
    folder: 'deploy/local/gateway',
    readyUrl: `http://127.0.0.1:${ports.gatewayAdmin}/readyz`,
    env: {
      GATEWAY_PORT: String(ports.gateway),
      GATEWAY_ADMIN_PORT: String(ports.gatewayAdmin),
      GATEWAY_ROUTES_DIR: state.folder('routes'),
    },
  })
}
