import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inRepository } from '../paths.ts'

const WORKBENCH = 'node_modules/code-server/lib/vscode/out/vs/code/browser/workbench/workbench.html'
const FALLBACK = 'deploy/local/stack/src/ide/storage-fallback.html'
const ANCHOR = '<head>\n'

/** Lets VS Code start in a frame whose browser denies it storage, as Debian's Chromium does. */
export async function patchWorkbench(root: string): Promise<void> {
  const file = join(root, WORKBENCH)
  const page = await readFile(file, 'utf8')
  if (page.split(ANCHOR).length !== 2) throw new Error('the page of VS Code is not as it was')
  const fallback = await readFile(inRepository(FALLBACK), 'utf8')
  await writeFile(
    file,
    page.replace(ANCHOR, () => `${ANCHOR}${fallback}`),
  )
}
