import { describe, expect, it } from '@jest/globals'
import { failureIn, failureKind, parseLogLine, uidIn, withoutLog, wordsOf } from './parse-log.ts'

const line = (message: string, level = 'info') =>
  `time="2026-11-20T19:48:20Z" level=${level} msg=${message}`
const CREATED = line(String.raw`"Created VM with ID \"885b8bf9b4e70903\" and name \"p1\""`)

describe("ignite's log lines", () => {
  it('are read with their quotes, escapes and bare words', () => {
    expect(parseLogLine(CREATED)).toEqual({
      level: 'info',
      message: 'Created VM with ID "885b8bf9b4e70903" and name "p1"',
    })
    expect(parseLogLine(line('done', 'debug'))).toEqual({ level: 'debug', message: 'done' })
    expect(parseLogLine(line(String.raw`"a\\b\tc\nd\x1be\u00fc"`))?.message).toBe(
      'a\\b\tc\nd\u001be\u00fc',
    )
  })

  it('are told from tables, JSON and crashes on the same stream', () => {
    const text = `vessel-1 885b8bf9b4e70903\n${line('"cannot inspect"', 'warning')}\n{}`
    expect(withoutLog(text)).toBe('vessel-1 885b8bf9b4e70903\n{}')
    expect(parseLogLine('panic: reflect: call of Value on zero Value')).toBeNull()
  })

  it('are shown to people as sentences, other lines without their colours', () => {
    expect(wordsOf(CREATED)).toBe('Created VM with ID "885b8bf9b4e70903" and name "p1"')
    expect(wordsOf('\u001b[0;32mWelcome\u001b[0m')).toBe('Welcome')
  })
})

describe('the machine an output of run speaks of', () => {
  it.each([
    ['was made', CREATED],
    ['was made by the living fork', `${line('"Created VM p1 (885b8bf9b4e70903)"')}\n${CREATED}`],
    [
      'was removed again',
      line(String.raw`"Removed VM with name \"p1\" and ID \"885b8bf9b4e70903\""`),
    ],
    [
      'was started',
      line(
        String.raw`"Started Firecracker VM \"885b8bf9b4e70903\" in a container with ID \"ignite-885b8bf9b4e70903\""`,
      ),
    ],
  ])('is known when it %s', (_what, text) => {
    expect(uidIn(text)).toBe('885b8bf9b4e70903')
  })

  it('is unknown while only an image was imported', () => {
    const imported = String.raw`"Imported OCI image \"X\" (2.9 MB) to base image with UID \"4e55aaaaaaaaaaaa\""`
    expect(uidIn(line(imported))).toBeNull()
  })
})

describe('a failure', () => {
  it("is told in ignite's last words, or in the first of a crash", () => {
    const text = `${CREATED}\n${line('"timeout waiting for ignite-spawn startup"', 'fatal')}`
    expect(failureIn(text)).toBe('timeout waiting for ignite-spawn startup')
    expect(failureIn('goroutine 1\npanic: reflect2\nmain.go:7')).toBe('panic: reflect2')
    expect(failureIn('Error: unknown flag: --x\n')).toBe('Error: unknown flag: --x')
  })

  it.each([
    [
      'unable to lock "/tmp/ignite-snapshot.lock": open /tmp/ignite-snapshot.lock: no such file or directory',
      'busy',
    ],
    ['command "dmsetup" exited with 1: ... Device or resource busy', 'busy'],
    [
      'failed to allocate for range 0: 10.61.0.4 has been allocated to ignite-885b8bf9b4e70903, duplicate allocation is not allowed',
      'other',
    ],
    [`can't find VM: no ID/name matches for "foo"`, 'not-found'],
    ['ambiguous image query: "vessel-golden:1"', 'other'],
    ['".spec.storage.[0].blockDevice.path: Invalid value: "/srv": not a device file', 'other'],
  ])('%s is %s', (words, kind) => {
    expect(failureKind(words)).toBe(kind)
  })
})
