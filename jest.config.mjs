/**
 * By what they need around them: unit: no I/O; integration: real neighbours (nats-server, redis,
 * PGlite); dashboard: every page in Chromium, its API from memory; e2e: the whole product; faults:
 * several orchestrators and hosts, and what breaks them.
 * `node --conditions=development` and `customExportConditions` both make `proto` its own sources.
 */
const shared = {
  rootDir: '.',
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['development', 'node'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2024',
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'es6' },
      },
    ],
  },
  modulePathIgnorePatterns: [
    '<rootDir>/.*/dist/',
    '<rootDir>/.toolchain/',
    '<rootDir>/dashboard/.next/',
  ],
}

/** What waits for real neighbours. */
const patient = { ...shared, setupFilesAfterEnv: ['<rootDir>/tests/run/patience.ts'] }

export default {
  testSequencer: './tests/run/longest-first.mjs',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/{proto,services,dashboard,deploy}/**/*.test.{ts,tsx}',
        '<rootDir>/tests/tidy.test.ts',
        '<rootDir>/tests/{tidy,run,support,faults/support}/*.test.ts',
        '<rootDir>/tests/bench/**/*.test.ts',
      ],
      testPathIgnorePatterns: ['/node_modules/', '\\.(int|machine)\\.test\\.tsx?$', '/dist/'],
    },
    {
      ...patient,
      displayName: 'integration',
      testMatch: ['<rootDir>/{proto,services,dashboard,deploy}/**/*.int.test.{ts,tsx}'],
    },
    {
      ...patient,
      displayName: 'e2e',
      testMatch: ['<rootDir>/tests/{e2e,system}/*.test.ts'],
    },
    {
      ...patient,
      displayName: 'machines',
      testMatch: ['<rootDir>/tests/machines/*.test.ts', '<rootDir>/services/**/*.machine.test.ts'],
    },
    {
      ...patient,
      displayName: 'dashboard',
      testMatch: ['<rootDir>/tests/dashboard/**/*.test.ts'],
    },
    { ...patient, displayName: 'faults', testMatch: ['<rootDir>/tests/faults/*.test.ts'] },
  ],
}
