export interface EnvironmentInput {
  readonly homeDir: string
  readonly user: string
  /** PATH of the guest agent itself, or undefined where it has none. */
  readonly path: string | undefined
  /** The project's own variables; they win. */
  readonly environment: Readonly<Record<string, string>>
}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** What a program of the user starts with: nothing of ours, the token least of all. */
export function workspaceEnvironment(input: EnvironmentInput): Record<string, string> {
  return {
    PATH: input.path ?? DEFAULT_PATH,
    HOME: input.homeDir,
    USER: input.user,
    LOGNAME: input.user,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    SHELL: '/bin/bash',
    ...input.environment,
  }
}
