import { readFile, writeFile } from 'node:fs/promises'

/** Fills the `{{NAMES}}` of a template. A name without a value is a mistake, never empty. */
export function fillTemplate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{([A-Z_]+)\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`the template needs ${name}`)
    return value
  })
}

export interface RenderedFile {
  readonly template: string
  readonly target: string
  readonly values: Readonly<Record<string, string>>
}

/** Writes a configuration file that only this user may read. */
export async function renderFile({ template, target, values }: RenderedFile): Promise<void> {
  const text = fillTemplate(await readFile(template, 'utf8'), values)
  await writeFile(target, text, { mode: 0o600 })
}
