import type { Locator, Page } from 'playwright-core'
import { until } from './until.ts'

const INPUT = '.quick-input-widget input'

/** The page or the frame that VS Code fills. */
type Workbench = Pick<Page, 'locator' | 'getByRole'>

/** VS Code as a person with a keyboard uses it. */
export class VsCode {
  readonly #page: Page
  readonly #frame: Workbench
  /** How long any one thing may take; more on an emulated machine. */
  readonly #patienceMs: number

  constructor(page: Page, frame: Workbench, patienceMs: number) {
    this.#page = page
    this.#frame = frame
    this.#patienceMs = patienceMs
  }

  file(name: string): Locator {
    return this.#frame.getByRole('treeitem', { name: new RegExp(`^${name.replace('.', '\\.')}`) })
  }

  /** The workbench is usable once the tree lists the project's files. */
  async waitForFile(name: string, timeoutMs = this.#patienceMs): Promise<void> {
    await this.file(name).first().waitFor({ timeout: timeoutMs })
  }

  async run(command: string): Promise<void> {
    await this.#page.keyboard.press('F1')
    const input = this.#frame.locator(INPUT).first()
    await input.waitFor()
    await input.fill(`>${command}`)
    const row = this.#frame.locator('.quick-input-list .monaco-list-row').first()
    await row.filter({ hasText: command.split(': ').at(-1) ?? command }).waitFor()
    await this.#page.keyboard.press('Enter')
    await input.waitFor({ state: 'hidden' }).catch(() => {
      // A command may open an input of its own at once, which is the same element.
    })
  }

  /** Types a new file in the editor and saves it under a name beside the others. */
  async writeFile(name: string, text: string): Promise<void> {
    await this.#focusWorkbench()
    await this.run('File: New Untitled Text File')
    const editor = this.#frame.locator('.monaco-editor[data-uri^="untitled"]').first()
    await editor.waitFor()
    await this.#frame.locator('.monaco-editor.focused').first().waitFor()
    await this.#page.keyboard.type(text)
    await this.#page.keyboard.press('Control+s')

    const input = this.#frame.locator(INPUT).first()
    await input.waitFor()
    // The dialog fills its proposal in late; typing before that would be overwritten.
    const isProposed = async () => !(await input.inputValue()).endsWith('/')
    await until('a proposed file name', isProposed, this.#patienceMs)
    const proposed = await input.inputValue()
    await input.fill(proposed.slice(0, proposed.lastIndexOf('/') + 1) + name)
    await this.#page.keyboard.press('Enter')
    await this.waitForFile(name)
    // A dot on the tab means unsaved; it is gone once the bytes are on disk.
    await this.#frame.locator('.tab.active.dirty').waitFor({ state: 'detached' })
  }

  async openTerminal(): Promise<void> {
    await this.#focusWorkbench()
    await this.run('Terminal: Create New Terminal')
    await this.#frame
      .locator('.terminal.xterm.focus')
      .first()
      .waitFor({ timeout: this.#patienceMs })
    await this.#frame.locator('.terminal-wrapper.active .xterm-screen').first().click()
  }

  /** Runs a line in the focused terminal. Its text is on a canvas, so let it print to a file. */
  async typeInTerminal(line: string): Promise<void> {
    await this.#page.keyboard.type(line)
    await this.#page.keyboard.press('Enter')
  }

  /** The text of a file as the editor shows it. */
  async readFile(name: string): Promise<string> {
    await this.file(name).first().dblclick()
    const editor = this.#frame.locator(`.editor-instance .monaco-editor[data-uri$="/${name}"]`)
    const lines = editor.locator('.view-line')
    await lines.first().waitFor()
    const texts = await lines.allTextContents()
    return texts.join('\n').replaceAll('\u00a0', ' ')
  }

  async #focusWorkbench(): Promise<void> {
    await this.#frame
      .locator('.explorer-viewlet, .part.sidebar')
      .first()
      .click({
        position: { x: 60, y: 10 },
      })
  }
}
