import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'

/** Where a program lies. Throws with the remedy when it is nowhere. */
export async function findProgram(name: string, path: string): Promise<string> {
  const places = isAbsolute(name) ? [name] : path.split(delimiter).map((place) => join(place, name))
  for (const place of places) {
    const isThere = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return place
  }
  throw new Error(`${name} is not on PATH: install it or name it in full`)
}
