import { build } from 'esbuild'

// One file that needs nothing beside it but Node. The banner is for the dependencies that are
// CommonJS and call `require` for Node's own modules.
await build({
  entryPoints: ['src/main.ts'],
  outfile: 'dist/infra-agent.mjs',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  conditions: ['development'],
  banner: {
    js:
      "import { createRequire as __requireFrom } from 'node:module';" +
      'const require = __requireFrom(import.meta.url);',
  },
  legalComments: 'none',
  logLevel: 'warning',
})
