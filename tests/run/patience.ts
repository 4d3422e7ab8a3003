import { jest } from '@jest/globals'

/** Real servers on a machine that others use: no test may fail because it was busy. */
jest.setTimeout(60_000)
