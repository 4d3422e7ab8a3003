import { isMainThread } from 'node:worker_threads'

// Installed as one file, the agent and its threads run the same one. A thread needs little of it.
if (isMainThread) await import('./main.ts')
else await import('./workspace/crew/thread.ts')
