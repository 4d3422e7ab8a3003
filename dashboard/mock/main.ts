import { startMock } from './server.ts'

/** For developing the dashboard alone: REST, WebSocket and login by `proto`, all from memory. */
const mock = await startMock({
  apiPort: Number(process.env.MOCK_API_PORT ?? 4100),
  workspacePort: Number(process.env.MOCK_WORKSPACE_PORT ?? 4180),
})
// Tests start it on ports of its own choice and read them here.
process.stdout.write(`${JSON.stringify(mock)}\n`)
