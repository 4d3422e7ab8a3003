import { describe, expect, it } from '@jest/globals'
import { deviceName } from './device-words.ts'

const MOZILLA = 'Mozilla/5.0'
const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36'

describe('the name of a device', () => {
  it.each([
    [`${MOZILLA} (X11; Linux x86_64) ${CHROME}`, 'Chrome on Linux'],
    [`${MOZILLA} (Windows NT 10.0; Win64; x64) ${CHROME} Edg/150.0.0.0`, 'Edge on Windows'],
    [`${MOZILLA} (Linux; Android 15; Pixel 9) ${CHROME}`, 'Chrome on Android'],
    [
      `${MOZILLA} (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Safari/604.1`,
      'Safari on iPhone',
    ],
    [
      `${MOZILLA} (Macintosh; Intel Mac OS X 15.0; rv:140.0) Gecko/20100101 Firefox/140.0`,
      'Firefox on Mac',
    ],
    ['curl/8.9.1', 'curl'],
    ['node', 'Unknown device'],
    [null, 'Unknown device'],
  ])('%s is %s', (userAgent, name) => {
    expect(deviceName(userAgent)).toBe(name)
  })
})
