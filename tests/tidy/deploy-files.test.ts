import { describe, expect, it } from '@jest/globals'
import { readSource, trackedPaths } from './files.ts'
import { documentsOf } from './manifests.ts'

const paths = trackedPaths().filter((path) => path.startsWith('deploy/'))

/** What a secret looks like wherever it stands: an nkey seed, a signed token, a private key. */
const SECRETS = [
  /\bS[UAOCNX][A-Z2-7]{56}\b/,
  /\beyJ[\w-]{16,}\.eyJ[\w-]{16,}\./,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /"d"\s*:\s*"[\w-]{43}"/,
]

interface Compose {
  readonly services: Readonly<Record<string, { readonly image?: string; readonly build?: object }>>
}

describe('what an operator applies', () => {
  it.each(paths.filter((path) => /\.(ya?ml|json)$/.test(path)))('%s can be read', (path) => {
    if (path.endsWith('.json')) JSON.parse(readSource(path).text)
    else expect(documentsOf(path)).not.toHaveLength(0)
  })

  it('holds no secret', () => {
    const found = paths
      .map(readSource)
      .filter(({ text }) => SECRETS.some((secret) => secret.test(text)))
    expect(found.map(({ path }) => path)).toEqual([])
  })

  it('pins the images of others to a release', () => {
    const [compose] = documentsOf('deploy/compose/docker-compose.yml') as [Compose]
    const images = Object.values(compose.services).flatMap(({ image }) => image ?? [])
    expect(images.filter((image) => !/:v?\d+\.\d+[\w.-]*$/.test(image))).toEqual([])
  })
})
