import { createHash } from 'node:crypto'
import { copyFile, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import process from 'node:process'
import { installOnce } from '../cache/install-once.ts'
import { pruneFolders } from '../cache/prune.ts'
import { ideAt, installIde } from '../ide/install-ide.ts'
import { cacheFolder, inRepository } from '../paths.ts'
import { type Job, runTool } from '../process/run-tool.ts'
import { GUEST_PATHS, makeRoot } from './make-root.ts'

const DISK_MIB = 4_096
const DISK_TIMEOUT_MS = 5 * 60_000
const HASH_CHARS = 20
/** About 1.5 GB each. */
const IMAGES_KEPT = 2

const SOURCES = inRepository('deploy/golden-image')
const RECIPE = inRepository('deploy/local/stack/src/golden')

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map((entry) => join(entry.parentPath, entry.name)).sort()
}

async function hashOf(parts: readonly string[], files: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(parts))
  for (const file of files) {
    hash.update(`\0${basename(file)}\0`).update(await readFile(file))
  }
  return hash.digest('hex').slice(0, HASH_CHARS)
}

/** Everything but the guest agent, which changes far more often. */
async function installRoot(job: Job): Promise<{ folder: string; hash: string }> {
  const ide = await installIde(job)
  const sources = [join(SOURCES, 'packages.txt'), ...(await filesBelow(join(SOURCES, 'root')))]
  const files = [...sources, ...(await filesBelow(RECIPE))]
  const hash = await hashOf([basename(ide.root)], files)
  const folder = cacheFolder('golden-root', hash)
  await installOnce({
    folder,
    onWait: () => job.say('another process is making the golden image; waiting for it'),
    fill: (temporary) => makeRoot(temporary, { sources: SOURCES, ide, job }),
  })
  await pruneFolders(cacheFolder('golden-root'), IMAGES_KEPT)
  return { folder, hash }
}

async function diskTool(args: readonly string[], command: string, job: Job): Promise<void> {
  // sbin is not on everybody's PATH.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
  await runTool({ command, args, env, timeoutMs: DISK_TIMEOUT_MS, signal: job.signal })
}

/** Writes the disk of a root folder without mounting it, and the guest agent into it. */
async function makeDisk(
  target: string,
  { root, guestAgentFile }: { root: string; guestAgentFile: string },
  job: Job,
): Promise<void> {
  const disk = join(target, 'disk.ext4')
  const options = ['-q', '-t', 'ext4', '-L', 'vessel-root', '-m', '0', '-d', join(root, 'root')]
  await diskTool([...options, disk, `${DISK_MIB}M`], 'mke2fs', job)
  const script = join(target, 'add-guest-agent')
  await writeFile(script, `cd /opt/vessel\nwrite ${guestAgentFile} guest-agent.mjs\n`)
  await diskTool(['-w', '-f', script, disk], 'debugfs', job)
}

/** What the qemu driver reads to start machines of an image. */
async function describe(target: string): Promise<void> {
  const { command, healthPath } = ideAt(GUEST_PATHS.ide)
  const image = { disk: 'disk.ext4', kernel: 'vmlinuz', initrd: 'initrd.img' }
  const described = { version: 1, ...image, takesAddress: true, ide: { command, healthPath } }
  const text = JSON.stringify(described, null, 2)
  await writeFile(join(target, 'image.json.new'), `${text}\n`)
  await rename(join(target, 'image.json.new'), join(target, 'image.json'))
}

/** The image machines are started from, made once per state of what it is made of. */
export async function installGoldenImage(guestAgentFile: string, job: Job): Promise<string> {
  const root = await installRoot(job)
  const hash = await hashOf([root.hash], [guestAgentFile])
  const folder = cacheFolder('golden', hash)
  await installOnce({
    folder,
    onWait: () => job.say('another process is making the golden image; waiting for it'),
    fill: async (temporary) => {
      job.say('writing the disk of the golden image')
      await makeDisk(temporary, { root: root.folder, guestAgentFile }, job)
      for (const name of ['vmlinuz', 'initrd.img']) {
        await copyFile(join(root.folder, name), join(temporary, name))
      }
      await describe(temporary)
    },
  })
  await pruneFolders(cacheFolder('golden'), IMAGES_KEPT)
  return folder
}
