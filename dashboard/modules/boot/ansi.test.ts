import { describe, expect, it } from '@jest/globals'
import { PLAIN, parseAnsi, stripAnsi } from './ansi.ts'

const E = '\u001b'

describe('terminal text', () => {
  it('without colours is one plain piece', () => {
    expect(parseAnsi('hello')).toEqual([{ text: 'hello', style: PLAIN }])
    expect(parseAnsi('')).toEqual([])
  })

  it('changes its looks where it says so', () => {
    const pieces = parseAnsi(`a${E}[1;31mb${E}[22mc${E}[0md`)
    expect(pieces.map(({ text }) => text)).toEqual(['a', 'b', 'c', 'd'])
    expect(pieces[1]?.style).toMatchObject({ colour: '#ff7b72', isBold: true })
    expect(pieces[2]?.style).toMatchObject({ colour: '#ff7b72', isBold: false })
    expect(pieces[3]?.style).toEqual(PLAIN)
  })

  it.each([
    ['38;5;9', '#ffa198'],
    ['38;5;196', 'rgb(255 0 0)'],
    ['38;5;244', 'rgb(128 128 128)'],
    ['38;2;1;2;3', 'rgb(1 2 3)'],
    ['38;2;1;2;999', null],
    ['38;5;300', null],
    ['94', '#a5d0ff'],
  ])('reads the colour %s', (code, colour) => {
    expect(parseAnsi(`${E}[${code}mx`)[0]?.style.colour).toBe(colour)
  })

  it('reads on after an extended colour', () => {
    const [piece] = parseAnsi(`${E}[38;5;196;1;48;2;9;9;9mx`)
    expect(piece?.style).toMatchObject({
      colour: 'rgb(255 0 0)',
      background: 'rgb(9 9 9)',
      isBold: true,
    })
  })

  it.each([
    ['cursor moves', `a${E}[2Kb${E}[10;5Hc`, 'abc'],
    ['a window title', `${E}]0;evil title\u0007text`, 'text'],
    ['a link', `${E}]8;;https://evil.test${E}\\text${E}]8;;${E}\\`, 'text'],
    ['a device string', `a${E}Pq#0;2${E}\\b`, 'ab'],
    ['a sequence cut off', `text${E}[31`, 'text'],
    ['a lone escape', `text${E}`, 'text'],
    ['control characters', 'a\u0000b\u0008c\u009b', 'abc'],
  ])('drops %s', (_what, line, text) => {
    expect(stripAnsi(line)).toBe(text)
  })

  it('keeps tabs and shows a line drawn over itself as it was drawn last', () => {
    expect(stripAnsi('a\tb')).toBe('a\tb')
    expect(stripAnsi('10 %\r55 %\r100 %\r')).toBe('100 %')
  })

  it('leaves markup alone: it is text', () => {
    expect(stripAnsi('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>')
  })

  it('gives only colours of its own making to the page', () => {
    for (let code = 0; code < 120; code += 1) {
      const colour = parseAnsi(`${E}[${code}mx`)[0]?.style.colour ?? ''
      expect(colour).toMatch(/^(#[0-9a-f]{6})?$/)
    }
  })
})
