import type { ProjectSettings } from '@vessel/proto/http/project-view'

/** What counts as someone being there, in one sentence. CPU alone never does. */
export function ActivityWords({ settings }: { settings: ProjectSettings }) {
  return (
    <p className="text-muted text-sm">
      Typing, terminal input, saved files and open previews count as activity
      {settings.countRunningCommand ? ', and so does a running command.' : '; CPU use does not.'}
    </p>
  )
}
