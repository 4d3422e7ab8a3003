import type { TestAgent } from './agent.ts'

/** A figure without labels, as the agent tells it to Prometheus. */
export async function figureOf({ port }: TestAgent, name: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
  const line = (await answer.text()).split('\n').find((text) => text.startsWith(`${name} `))
  if (line === undefined) throw new Error(`the agent tells no ${name}`)
  return Number(line.slice(name.length))
}
