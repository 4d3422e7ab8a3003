import { writeFileSync } from 'node:fs'
import { renderErrors } from './render-errors.ts'
import { renderProtocol } from './render-protocol.ts'

const docs = new URL('../../docs/', import.meta.url)
writeFileSync(new URL('errors.md', docs), renderErrors())
writeFileSync(new URL('protocol.md', docs), renderProtocol())
