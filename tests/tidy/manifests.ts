import { loadAll } from 'js-yaml'
import { readSource } from './files.ts'

/** As far as a manifest is looked at here; what else it holds is Kubernetes' to judge. */
export interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: Spec
  readonly stringData?: Readonly<Record<string, string>>
}

type Labels = Readonly<Record<string, string>>
interface Named {
  readonly name: string
}

interface Spec {
  readonly replicas: number
  readonly strategy: { readonly rollingUpdate: object }
  readonly selector: Labels & { readonly matchLabels: Labels }
  readonly podSelector: { readonly matchLabels?: Labels }
  readonly ports: readonly (Named & { readonly port: number; readonly targetPort: string })[]
  readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec }
  readonly ingress: readonly { readonly ports: readonly { readonly port: string }[] }[]
  readonly rules: readonly {
    readonly host: string
    readonly http: { readonly paths: readonly { readonly backend: { service: ServiceRef } }[] }
  }[]
}

interface ServiceRef extends Named {
  readonly port: Named
}

export interface PodSpec {
  readonly automountServiceAccountToken: boolean
  readonly terminationGracePeriodSeconds: number
  readonly securityContext: object
  readonly containers: readonly Container[]
  readonly volumes: readonly (Named & {
    readonly secret?: { readonly items: readonly { readonly key: string; readonly path: string }[] }
  })[]
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string }
}

export interface Container extends Named {
  readonly image: string
  readonly env?: readonly (Named & {
    readonly value?: string
    readonly valueFrom?: { readonly secretKeyRef: Named & { readonly key: string } }
  })[]
  readonly envFrom: readonly { readonly configMapRef: Named }[]
  readonly ports: readonly (Named & { readonly containerPort: number })[]
  readonly readinessProbe: Probe
  readonly livenessProbe: Probe
  readonly securityContext: object
  readonly resources: { readonly requests: object; readonly limits: { readonly cpu?: string } }
  readonly volumeMounts: readonly (Named & { readonly mountPath: string })[]
}

export const documentsOf = (path: string): unknown[] => loadAll(readSource(path).text)

export const manifestsOf = (path: string): Manifest[] => documentsOf(path) as Manifest[]

/** `NAME=value` lines. Systemd, kustomize and Compose take a value without quotes as it stands. */
export function environmentOf(path: string): Record<string, string> {
  const lines = readSource(path).text.split('\n')
  const pairs = lines.flatMap((line) => {
    const at = line.indexOf('=')
    return line.startsWith('#') || at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const]
  })
  return Object.fromEntries(pairs)
}
