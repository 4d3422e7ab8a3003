import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { bootId, sessionId } from '@vessel/proto/ids'
import { parseJson } from '@vessel/proto/parse'
import { z } from 'zod'
import { readIfThere, writeDurably } from '../host/files.ts'
import type { Paths } from '../paths.ts'
import type { WarmPlace } from './warm-machine.ts'

const mark = z.object({ place: sessionId, bootId })

/** Written before a machine is made, so that an agent that was killed finds what it left. */
export function createWarmMarks({ warmDir }: Paths) {
  const fileOf = (place: WarmPlace['place']) => join(warmDir, `${place}.json`)
  return {
    async all(): Promise<WarmPlace[]> {
      const names = (await readdir(warmDir).catch(() => [])).filter((name) =>
        name.endsWith('.json'),
      )
      const texts = await Promise.all(names.map((name) => readIfThere(join(warmDir, name))))
      return texts.flatMap((text) => (text === null ? [] : [parseJson(mark, text)]))
    },
    async add(place: WarmPlace): Promise<void> {
      await mkdir(warmDir, { recursive: true, mode: 0o700 })
      await writeDurably(fileOf(place.place), JSON.stringify(place))
    },
    remove: (place: WarmPlace['place']) => rm(fileOf(place), { force: true }),
  }
}
export type WarmMarks = ReturnType<typeof createWarmMarks>
