import type { ProjectView, Template } from '@vessel/proto/http/project-view'

export type Origin = ProjectView['template']

export interface OriginWords {
  readonly label: string
  readonly hint: string
}

export const ORIGIN_WORDS: Record<Origin, OriginWords> = {
  blank: { label: 'Blank', hint: 'An empty folder' },
  node: { label: 'Node.js', hint: 'A web server' },
  react: { label: 'React', hint: 'A Vite app' },
  python: { label: 'Python', hint: 'A web server' },
  static: { label: 'Static site', hint: 'HTML and CSS' },
  import: { label: 'Imported', hint: 'From a zip file' },
  git: { label: 'Git', hint: 'From a repository' },
}

/** In the order they are offered. */
export const OFFERED: readonly Template[] = ['node', 'react', 'python', 'static', 'blank']
