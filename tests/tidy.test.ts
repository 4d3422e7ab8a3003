import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { isCode, isTest, ROOT, readSource, trackedPaths } from './tidy/files.ts'
import { functionsOf } from './tidy/functions.ts'
import { BANNED, importsOf, LAYERS } from './tidy/rules.ts'

const LINES_PER_FILE_MAX = 300
const LINES_PER_FUNCTION_MAX = 70
const COLUMNS_MAX = 100
const PARAMETERS_MAX = 3

const TOP_LEVEL = new Set(
  [
    ['proto', 'services', 'dashboard', 'deploy', 'docs', 'tests'],
    ['package.json', 'package-lock.json', 'tsconfig.base.json', 'tsconfig.json'],
    ['Makefile', 'README.md', 'biome.json', 'jest.config.mjs'],
  ].flat(),
)

const paths = trackedPaths()
const code = paths.filter(isCode).map(readSource)
const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length

describe('the tree', () => {
  it('has at its top what the design names and nothing else', () => {
    const tops = new Set(paths.map((path) => path.split('/')[0] ?? ''))
    expect([...tops].filter((top) => !top.startsWith('.') && !TOP_LEVEL.has(top))).toEqual([])
  })

  it.each(['infra-agent', 'guest-agent', 'orchestrator'])(
    '%s can be read, configured, deployed and followed on its own',
    (service) => {
      const wanted = ['README.md', 'CHANGELOG.md', 'Dockerfile', 'package.json']
      if (service !== 'guest-agent') wanted.push(`${service}.env.example`)
      const missing = wanted.filter((file) => !existsSync(join(ROOT, 'services', service, file)))
      expect(missing).toEqual([])
    },
  )

  it('names files in kebab-case', () => {
    const own = code.map((file) => file.path.split('/').at(-1) ?? '')
    const odd = own.filter((name) => !/^[a-z0-9]+([.-][a-z0-9]+)*\.(ts|tsx|mjs)$/.test(name))
    expect(odd).toEqual([])
  })
})

describe('sizes', () => {
  it(`no file has more than ${LINES_PER_FILE_MAX} lines: split it by what it is for`, () => {
    const long = code
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > LINES_PER_FILE_MAX)
    expect(long).toEqual([])
  })

  it(`no line has more than ${COLUMNS_MAX} columns: run the formatter, or break the text`, () => {
    const wide = code.flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => {
        // A test's title and a web address are read as a whole.
        const isExempt = /https?:\/\//.test(line) || (isTest(path) && /['"`]/.test(line))
        return line.length > COLUMNS_MAX && !isExempt ? [`${path}:${index + 1}`] : []
      }),
    )
    expect(wide).toEqual([])
  })

  const sized = code.flatMap((file) =>
    functionsOf(file).map((found) => ({ path: file.path, ...found })),
  )

  it(`no function has more than ${LINES_PER_FUNCTION_MAX} lines: name its parts`, () => {
    // A describe block is a chapter, not a function.
    const long = sized
      .filter(({ path, lineCount }) => lineCount > LINES_PER_FUNCTION_MAX && !isTest(path))
      .map(({ path, line, lineCount }) => `${path}:${line} (${lineCount} lines)`)
    expect(long).toEqual([])
  })

  it(`no function takes more than ${PARAMETERS_MAX} parameters: pass one named object`, () => {
    const wide = sized
      .filter(({ parameterCount }) => parameterCount > PARAMETERS_MAX)
      .map(({ path, line, parameterCount }) => `${path}:${line} (${parameterCount} parameters)`)
    expect(wide).toEqual([])
  })
})

describe('layers', () => {
  it('are crossed in one direction only', () => {
    const crossed = code.flatMap((file) =>
      LAYERS.filter((layer) => layer.from.test(file.path)).flatMap((layer) =>
        importsOf(file)
          .filter((target) => layer.mayNot.test(target))
          .filter((target) => !(isTest(file.path) && target.startsWith('@vessel/')))
          .map((target) => `${file.path} imports ${target}: ${layer.remedy}`),
      ),
    )
    expect(crossed).toEqual([])
  })
})

describe('banned', () => {
  it.each(BANNED)('$pattern: $remedy', ({ pattern, appliesTo }) => {
    const found = code
      .filter((file) => appliesTo(file.path))
      .flatMap((file) => {
        const match = pattern.exec(file.text)
        return match ? [`${file.path}:${lineAt(file.text, match.index)}`] : []
      })
    expect(found).toEqual([])
  })
})

describe('docs', () => {
  it('have no link that leads nowhere', () => {
    const pages = paths.filter((path) => path.endsWith('.md')).map(readSource)
    const dead = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map(([, target]) => normalize(join(dirname(path), target ?? '')))
        .filter((target) => !existsSync(join(ROOT, target)))
        .map((target) => `${path} → ${target}`),
    )
    expect(dead).toEqual([])
  })
})
