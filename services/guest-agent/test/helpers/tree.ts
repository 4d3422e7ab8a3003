import { createHash } from 'node:crypto'
import {
  chmodSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'

/** One line per entry: kind, mode, whole seconds of its time, name in hex and what is in it. */
export function snapshot(root: string): string[] {
  const lines: string[] = []
  const visit = (path: string): void => {
    const at = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')])
    const stats = lstatSync(at)
    const mode = (stats.mode & 0o7777).toString(8)
    const seconds = Math.floor(stats.mtimeMs / 1_000)
    const name = Buffer.from(path, 'latin1').toString('utf8')
    if (stats.isSymbolicLink()) {
      lines.push(`l ${seconds} ${name} -> ${readlinkSync(at, 'latin1')}`)
    } else if (stats.isDirectory()) {
      lines.push(`d ${mode} ${seconds} ${name}`)
      for (const child of readdirSync(at, 'latin1')) visit(`${path}/${child}`)
    } else if (stats.isFile()) {
      const hash = createHash('sha256').update(readFileSync(at)).digest('hex').slice(0, 16)
      lines.push(`f ${mode} ${seconds} ${stats.size} ${hash} ${name}`)
    } else {
      lines.push(`? ${name}`)
    }
  }
  for (const name of readdirSync(root, 'latin1')) visit(name)
  return lines.sort()
}

const TIME = 1_600_000_000

/** Everything a home-made project may hold that archivers get wrong. */
export function makeNastyTree(root: string): void {
  const at = (name: string) => `${root}/${name}`
  const file = (name: string, content: string | Buffer, mode = 0o644): void => {
    writeFileSync(at(name), content)
    lutimesSync(at(name), TIME, TIME + name.length)
    chmodSync(at(name), mode)
  }
  for (const name of ['bin', 'empty', 'deep/er/still', 'many', 'Ünï', 'closed']) {
    mkdirSync(at(name), { recursive: true })
  }
  file('bin/run.sh', '#!/bin/sh\necho ran\n', 0o755)
  file('read-only.txt', 'no write', 0o444)
  file('secret', 'nobody may read', 0o000)
  file('nothing', '')
  file('Ünï/é-nfc.txt', 'one code point')
  file('Ünï/e\u0301-nfd.txt', 'two code points')
  file('with space and "quotes".txt', 'spaced')
  file('日本語.md', 'kanji')
  file('-rf', 'starts with a dash')
  file('back\\slash', 'legal on Linux')
  file('new\nline', 'legal, too')
  file('photo.png', Buffer.alloc(70_000, 7))
  file('large.bin', Buffer.alloc(3_000_000, 'abcdefgh'))
  file('zeros', Buffer.alloc(12_000_000))
  file('closed/inside', 'in a closed folder')
  writeFileSync(Buffer.concat([Buffer.from(`${root}/latin-`), Buffer.from([0xe9, 0xff])]), 'raw')
  for (let n = 0; n < 1_000; n += 1) file(`many/file-${n}.txt`, `content ${n}\n`)
  const links: Record<string, string> = {
    'to-file': 'bin/run.sh',
    'to-folder': 'deep/er',
    'deep/up': '../bin/run.sh',
    dangling: 'not/there',
    loop: 'loop',
    outside: '/usr/bin/env',
    above: '../../elsewhere',
  }
  for (const [name, target] of Object.entries(links)) {
    symlinkSync(target, at(name))
    lutimesSync(at(name), TIME, TIME)
  }
  chmodSync(at('closed'), 0o000)
  for (const name of ['many', 'empty', 'closed', 'deep/er/still', 'deep/er', 'deep']) {
    lutimesSync(at(name), TIME, TIME + 5)
  }
}

/** Enough small files for every core, with a large one, links and executables among them. */
export function makeLargeTree(root: string): void {
  for (let folder = 0; folder < 12; folder += 1) {
    mkdirSync(`${root}/${folder}`)
    for (let index = 0; index < 80; index += 1) {
      const line = `export const answer${folder} = ${index}\n`
      const content = line.repeat(1 + ((folder * 97 + index * 31) % 700))
      writeFileSync(`${root}/${folder}/${index}.ts`, content, { mode: index % 9 ? 0o644 : 0o755 })
    }
    symlinkSync(`${folder}/0.ts`, `${root}/link-${folder}`)
  }
  writeFileSync(`${root}/5/large.bin`, noiseOf(1_300_000))
  writeFileSync(`${root}/7/large.txt`, `${'x'.repeat(70)}\n`.repeat(20_000))
}

/** What no compressor makes smaller, and the same each time. */
export function noiseOf(bytes: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, index) =>
    createHash('sha256').update(String(index)).digest(),
  )
  return Buffer.concat(blocks).subarray(0, bytes)
}
