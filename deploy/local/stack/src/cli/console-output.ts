import process from 'node:process'
import { readableLine } from '../process/log-lines.ts'
import type { Output } from '../stack-options.ts'

const COLOURS = [36, 32, 33, 35, 34, 96, 92, 95] as const
const RED = 31
const BOLD = 1
const SHOWN_LEVEL = 30
const WARN_LEVEL = 40
const ERROR_LEVEL = 50
const NAME_WIDTH = 12

const isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR

function paint(code: number, text: string): string {
  return isColoured ? `\u001b[${code}m${text}\u001b[0m` : text
}

function clock(): string {
  return new Date().toTimeString().slice(0, 8)
}

/** Prefixed lines of all services on the terminal. */
export function createConsoleOutput(): Output {
  const colours = new Map<string, number>()
  const print = (name: string, text: string, colour: number) => {
    process.stdout.write(`${clock()} ${paint(colour, name.padEnd(NAME_WIDTH))} ${text}\n`)
  }
  return {
    say: (text) => {
      for (const line of text.split('\n')) print('vessel', line, BOLD)
    },
    child(name, line) {
      const { level, text } = readableLine(line)
      if (level < SHOWN_LEVEL) return
      const colour = colours.get(name) ?? COLOURS[colours.size % COLOURS.length] ?? BOLD
      colours.set(name, colour)
      if (level >= ERROR_LEVEL) print(name, paint(RED, `error: ${text}`), colour)
      else print(name, level >= WARN_LEVEL ? `warning: ${text}` : text, colour)
    },
  }
}

/** A frame around what the user came for. */
export function boxed(lines: readonly string[]): string {
  const width = Math.max(...lines.map((line) => line.length))
  const edge = '─'.repeat(width + 4)
  const body = lines.map((line) => `│  ${line.padEnd(width)}  │`)
  return [`┌${edge}┐`, ...body, `└${edge}┘`, ''].join('\n')
}
