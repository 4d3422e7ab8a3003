import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { until } from '../hub/support/until.ts'
import { call, codeOf } from './support/call.ts'
import { type HttpStack, startHttp } from './support/http-stack.ts'
import { type MadeEntry, makeZip } from './support/make-zip.ts'

const run = promisify(execFile)
const IMPORT_BYTES_MAX = 4 * 1024 * 1024
const LINK = 0o120777

let stack: HttpStack
beforeAll(async () => {
  stack = await startHttp({ limits: { importBytesMax: IMPORT_BYTES_MAX } })
}, 60_000)
afterAll(() => stack?.stop())

let count = 0
function send(zip: Uint8Array, name = `import ${++count}`) {
  return call(stack, `POST /api/import?name=${encodeURIComponent(name)}`, {
    as: stack.ann,
    body: zip,
    headers: { 'content-type': 'application/zip' },
  })
}

async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'vessel-test-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('an import', () => {
  it('of a zip by any tool becomes a project that holds exactly its bytes', async () => {
    await withFolder(async (folder) => {
      await mkdir(join(folder, 'in/src/empty'), { recursive: true })
      await writeFile(join(folder, 'in/src/größe.txt'), 'ü'.repeat(3_000_000))
      await writeFile(join(folder, 'in/run.sh'), '#!/bin/sh\n')
      await chmod(join(folder, 'in/run.sh'), 0o755)
      await symlink('src/größe.txt', join(folder, 'in/link'))
      await run('zip', ['-qry', '../a.zip', '.'], { cwd: join(folder, 'in') })
      const zip = await readFile(join(folder, 'a.zip'))

      const made = await send(zip, 'By a tool')
      expect(made).toMatchObject({
        status: 201,
        body: { name: 'By a tool', template: 'import', head: { bytes: zip.length, entries: 5 } },
      })
      const link = await call(stack, `GET /api/projects/${made.body.id}/download`, {
        as: stack.ann,
      })
      const stored = Buffer.from(await (await fetch(link.body.url)).arrayBuffer())
      expect(stored.equals(zip)).toBe(true)
    })
  })

  it('takes what a zip may hold: nothing, dots, long names, links within, odd characters', async () => {
    const deep = Array(100).fill('d').join('/')
    const good: (readonly MadeEntry[])[] = [
      [],
      [
        { name: './', mode: 0o040755 },
        { name: './a..b/.hidden', content: 'x' },
      ],
      [{ name: `${'n'.repeat(255)}/x` }, { name: `${deep}/x` }],
      [
        { name: 'a/b/to-root', mode: LINK, content: '../..' },
        { name: 'd', mode: LINK, content: '.' },
        { name: 'dangling', mode: LINK, content: 'not/there' },
        { name: 'loop', mode: LINK, content: 'loop' },
      ],
      [{ name: 'line\nbreak "quote" \u{1f600}', content: 'x', isStored: true }],
    ]
    for (const entries of good) {
      expect(await send(makeZip(entries))).toMatchObject({ status: 201 })
    }
  })

  const bad: [string, string, () => Buffer][] = [
    ['that is no zip', 'ARCHIVE_CORRUPT', () => Buffer.from('<html>not a zip</html>')],
    ['of no bytes', 'ARCHIVE_CORRUPT', () => Buffer.alloc(0)],
    ['cut short', 'ARCHIVE_CORRUPT', () => plain().subarray(0, -30)],
    ['without its beginning', 'ARCHIVE_CORRUPT', () => plain().subarray(40)],
    ['with more entries than it has', 'ARCHIVE_CORRUPT', () => makeZip([{ name: 'a' }], 2)],
    ['with fewer entries than it has', 'ARCHIVE_CORRUPT', () => makeZip([{ name: 'a' }], 0)],
    ['with a wrong checksum', 'ARCHIVE_CORRUPT', () => one('a', { lies: { crc: 7 } })],
    ['larger than it says', 'ARCHIVE_CORRUPT', () => one('a', { lies: { bytes: 2 } })],
    ['smaller than it says', 'ARCHIVE_CORRUPT', () => one('a', { lies: { bytes: 900 } })],
    [
      'much larger than it says',
      'ARCHIVE_CORRUPT',
      () => one('a', { content: Buffer.alloc(50_000_000), lies: { bytes: 2_000_000 } }),
    ],
    [
      'with data shared by many entries',
      'ARCHIVE_CORRUPT',
      () =>
        makeZip([
          { name: 'a', content: 'xyz' },
          { name: 'b', sharesDataOf: 0 },
        ]),
    ],
    ['that is encrypted', 'ARCHIVE_UNSUPPORTED', () => one('a', { lies: { flags: 0x801 } })],
    ['with a device in it', 'ARCHIVE_UNSUPPORTED', () => one('a', { mode: 0o060644 })],
    ['with an absolute path', 'ARCHIVE_UNSAFE', () => one('/etc/passwd')],
    ['that climbs out', 'ARCHIVE_UNSAFE', () => one('../evil')],
    ['that climbs out in the middle', 'ARCHIVE_UNSAFE', () => one('a/../../evil')],
    ['that climbs out in the way of Windows', 'ARCHIVE_UNSAFE', () => one('..\\..\\evil')],
    ['with a drive', 'ARCHIVE_UNSAFE', () => one('C:/evil')],
    ['with a NUL in a name', 'ARCHIVE_UNSAFE', () => one('a\0b')],
    ['with an empty part', 'ARCHIVE_UNSAFE', () => one('a//b')],
    ['with a name that is too long', 'ARCHIVE_UNSAFE', () => one('n'.repeat(256))],
    ['that is too deep', 'ARCHIVE_UNSAFE', () => one(Array(200).fill('d').join('/'))],
    ['with a name twice', 'ARCHIVE_UNSAFE', () => makeZip([{ name: 'a' }, { name: './a' }])],
    [
      'with a file that is a folder too',
      'ARCHIVE_UNSAFE',
      () => makeZip([{ name: 'a' }, { name: 'a/b' }]),
    ],
    ['with a link to outside', 'ARCHIVE_UNSAFE', () => link('a', '../evil')],
    ['with an absolute link', 'ARCHIVE_UNSAFE', () => link('a', '/etc')],
    ['with a link to nothing', 'ARCHIVE_UNSAFE', () => link('a', '')],
    [
      'with a link out by way of another link',
      'ARCHIVE_UNSAFE',
      () =>
        makeZip([
          { name: 'd', mode: LINK, content: '.' },
          { name: 'e', mode: LINK, content: 'd/..' },
        ]),
    ],
    [
      'that writes through a link',
      'ARCHIVE_UNSAFE',
      () => makeZip([{ name: 'd', mode: LINK, content: '.' }, { name: 'd/x' }]),
    ],
    [
      'that is a bomb',
      'ARCHIVE_TOO_LARGE',
      () => one('a', { content: Buffer.alloc(80 * 1024 * 1024) }),
    ],
    [
      'that says it unpacks to petabytes',
      'ARCHIVE_TOO_LARGE',
      () =>
        makeZip(
          Array.from({ length: 6 }, (_, index) => ({
            name: `f${index}`,
            content: 'xx',
            lies: { bytes: 0xfffffffe },
          })),
        ),
    ],
  ]
  it.each(bad)('%s is refused as %s and leaves nothing', async (_title, code, make) => {
    const answer = await send(make(), 'refused')
    expect(codeOf(answer)).toBe(code)
    expect(answer.body.detail).toBeTruthy()
    const projects = await stack.supabase.sql(
      `select id from public.projects where name = 'refused'`,
    )
    expect(projects).toEqual([])
    await until(hasNoLeftovers, { what: 'the file of the import is gone' })
  })

  it('with one flipped byte anywhere never becomes a project with other content', async () => {
    const zip = plain()
    for (let at = 0; at < zip.length; at += 7) {
      const flipped = Buffer.from(zip)
      flipped.writeUInt8((flipped[at] as number) ^ 0x20, at)
      const answer = await send(flipped)
      // Some bytes (times, a name, versions) mean nothing for the content.
      if (answer.status !== 201) expect(codeOf(answer)).toMatch(/^ARCHIVE_/)
      else expect(answer.body.head.entries).toBe(2)
    }
  })

  it('over the limit is refused whether its size was announced or not', async () => {
    const large = makeZip([{ name: 'a', content: noise(IMPORT_BYTES_MAX + 1), isStored: true }])
    expect(codeOf(await send(large))).toBe('BODY_TOO_LARGE')
    const streamed = await fetch(`${stack.url}/api/import?name=streamed`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.ann.token}`, 'content-type': 'application/zip' },
      body: new Blob([new Uint8Array(large)]).stream(),
      duplex: 'half',
    })
    expect(await streamed.json()).toMatchObject({ code: 'BODY_TOO_LARGE' })
    await until(hasNoLeftovers, { what: 'the file of the import is gone' })
  })

  it('is put off while its user has two under way, and leaves nothing when broken off', async () => {
    const gone = new AbortController()
    const slow = () =>
      fetch(`${stack.url}/api/import?name=${encodeURIComponent(`slow ${++count}`)}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${stack.ann.token}`, 'content-type': 'application/zip' },
        body: new ReadableStream({ start: (body) => body.enqueue(new Uint8Array(10)) }),
        duplex: 'half',
        signal: gone.signal,
      }).catch(() => null)
    const underWay = [slow(), slow()]
    const isPutOff = async () => (await send(plain())).status === 503
    await until(isPutOff, { what: 'a third import is put off' })
    gone.abort()
    await Promise.all(underWay)
    await until(async () => !(await isPutOff()), { what: 'imports go on' })
    await until(hasNoLeftovers, { what: 'the files of the imports are gone' })
  })

  it('under a name that is taken is refused', async () => {
    await send(plain(), 'taken')
    expect(codeOf(await send(plain(), 'Taken'))).toBe('NAME_TAKEN')
  })
})

const plain = () =>
  makeZip([
    { name: 'a.txt', content: 'hello '.repeat(20) },
    { name: 'b.txt', content: 'world' },
  ])
const one = (name: string, more: Omit<MadeEntry, 'name'> = {}) =>
  makeZip([{ name, content: 'some content', ...more }])
const link = (name: string, target: string) => makeZip([{ name, mode: LINK, content: target }])

function noise(bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  for (let at = 0; at + 4 <= bytes; at += 4) buffer.writeUInt32LE((at * 2_654_435_761) >>> 0, at)
  return buffer
}

/** Other suites import too, so this may have to be asked more than once. */
async function hasNoLeftovers(): Promise<boolean> {
  return !(await readdir(tmpdir())).some((name) => name.startsWith('vessel-import-'))
}
