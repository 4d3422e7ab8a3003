/**
 * Starts the IDE. The installer copies this file beside the installed package, and the guest agent
 * runs it with the Node that lies there too, so that the folder works on its own.
 *
 * It settles what the command line of code-server cannot: defaults on the first start, and that
 * neither the server nor the page it serves calls any other machine.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'

const DEFAULT_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.enableExperiments': false,
  'workbench.settings.enableNaturalLanguageSearch': false,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  // Below they would lie under the bar of the editor page.
  'workbench.notifications.position': 'top-right',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'chat.disableAIFeatures': true,
  'npm.fetchOnlinePackageInfo': false,
  'json.schemaDownload.enable': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'security.workspace.trust.enabled': false,
  'git.autofetch': false,
  // A save is what the user sees as saved; nothing typed may wait for a forgotten Ctrl-S.
  'files.autoSave': 'afterDelay',
} as const

const ENTRY = new URL('node_modules/code-server/out/node/entry.js', import.meta.url)

/** Values given to code-server that must not reach the extension gallery of anybody. */
const NO_GALLERY = { serviceUrl: '', itemUrl: '', resourceUrlTemplate: '', controlUrl: '' }

function valueAfter(flag: string): string | undefined {
  const at = process.argv.indexOf(flag)
  return at < 0 ? undefined : process.argv[at + 1]
}

function seedSettings(userDataDir: string): void {
  const file = join(userDataDir, 'User', 'settings.json')
  if (existsSync(file)) return
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, `${JSON.stringify(DEFAULT_SETTINGS, null, 2)}\n`, { mode: 0o600 })
}

const userDataDir = valueAfter('--user-data-dir')
if (userDataDir) seedSettings(userDataDir)

process.env.EXTENSIONS_GALLERY = JSON.stringify(NO_GALLERY)
process.env.DO_NOT_TRACK = '1'
process.argv[1] = ENTRY.pathname
await import(ENTRY.href)
