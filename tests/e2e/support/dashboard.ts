import type { Locator, Page } from 'playwright-core'
import { VsCode } from './vscode.ts'

export interface Credentials {
  readonly email: string
  readonly password: string
}

export type BootOutcome = 'editor' | 'failed'

/** The dashboard as a person uses it: by the names of things on screen, never by their markup. */
export class Dashboard {
  readonly page: Page
  readonly #url: string
  /** How long any one thing may take; more where machines are emulated. */
  readonly #patienceMs: number

  constructor(page: Page, url: string, patienceMs = 60_000) {
    this.page = page
    this.#url = url
    this.#patienceMs = patienceMs
    page.setDefaultTimeout(patienceMs)
  }

  async signUp({ email, password }: Credentials): Promise<void> {
    await this.page.goto(`${this.#url}/signup`)
    await this.page.getByLabel('Email').fill(email)
    await this.page.getByLabel('Password', { exact: true }).fill(password)
    await this.page.getByRole('button', { name: 'Sign up' }).click()
    await this.waitForProjects()
  }

  async logIn({ email, password }: Credentials): Promise<void> {
    await this.page.goto(`${this.#url}/login`)
    await this.page.getByLabel('Email').fill(email)
    await this.page.getByLabel('Password', { exact: true }).fill(password)
    await this.page.getByRole('button', { name: 'Log in' }).click()
    await this.waitForProjects()
  }

  async waitForProjects(): Promise<void> {
    await this.page.getByRole('heading', { name: 'Projects' }).waitFor()
  }

  async createProject(name: string, template: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New project' }).first().click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByLabel('Name').fill(name)
    await dialog.getByRole('radio', { name: new RegExp(template, 'i') }).click()
    await dialog.getByRole('button', { name: 'Create project' }).click()
    await this.card(name).waitFor()
  }

  /** Under the name the dialog proposes. */
  async createFromRepository({ url, token }: { url: string; token: string }): Promise<string> {
    await this.page.getByRole('button', { name: 'New project' }).first().click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByRole('radio', { name: 'Git repository' }).click()
    await dialog.getByLabel('Repository', { exact: true }).fill(url)
    await dialog.getByLabel('Access token').fill(token)
    const name = await dialog.getByLabel('Name').inputValue()
    await dialog.getByRole('button', { name: 'Create project' }).click()
    await this.card(name).waitFor()
    return name
  }

  card(name: string): Locator {
    return this.page.getByRole('article', { name })
  }

  async open(name: string): Promise<void> {
    await this.card(name).getByRole('button', { name: 'Open' }).click()
    await this.page.waitForURL('**/editor/**')
  }

  get bootLog(): Locator {
    return this.page.getByRole('log', { name: 'Boot log' })
  }

  /** The connection as the page shows it. */
  light(colour: 'green' | 'yellow' | 'red'): Locator {
    return this.page.locator(`[data-light="${colour}"]`).first()
  }

  get failure(): Locator {
    return this.page.getByRole('alert').filter({ hasText: 'It did not start' })
  }

  /** How a boot ended on screen. */
  async bootOutcome(timeoutMs: number): Promise<BootOutcome> {
    const editor = this.page.locator('iframe[title="VS Code"]')
    await editor.or(this.failure).first().waitFor({ timeout: timeoutMs })
    return (await editor.count()) > 0 ? 'editor' : 'failed'
  }

  async vscode(): Promise<VsCode> {
    await this.page.locator('iframe[title="VS Code"]').waitFor({ timeout: 2 * this.#patienceMs })
    const frame = this.page.frameLocator('iframe[title="VS Code"]')
    return new VsCode(this.page, frame, this.#patienceMs)
  }

  /** VS Code a second time, first-party. */
  async openInOwnTab(): Promise<{ tab: Page; vscode: VsCode }> {
    await this.page.getByRole('toolbar').getByRole('button', { name: 'More actions' }).click()
    const opened = this.page.context().waitForEvent('page')
    await this.page.getByRole('menuitem', { name: 'Open in its own tab' }).click()
    const tab = await opened
    tab.setDefaultTimeout(this.#patienceMs)
    return { tab, vscode: new VsCode(tab, tab, this.#patienceMs) }
  }

  async saveAndExit(): Promise<void> {
    await this.page.getByRole('button', { name: 'Save & Exit' }).click()
    await this.page.waitForURL((url) => !url.pathname.startsWith('/editor'), {
      timeout: this.#patienceMs,
    })
    await this.waitForProjects()
  }
}
