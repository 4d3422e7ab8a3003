import { join } from 'node:path'
import type { ArchiveFormat } from '@vessel/proto/archive'
import type { BootId, OpId, ProjectId, SessionId } from '@vessel/proto/ids'

/**
 * Every path the agent uses below its state folder, in this one place.
 *
 *   agent.sock  agent.lock  host.json
 *   forwarding.json             links that forward for the sake of machines alone
 *   ignite.log                  what the last ignite command said, for people
 *   journal/<session>.json      one record per VM
 *   fences/<project>            highest epoch seen
 *   ops/<opId>.json             results of commands, by idempotency key
 *   warm/<place>.json           machines nobody uses yet
 *   set-aside/                  records that could not be read
 *   vms/<session>/              all a session has on disk, removed with it
 *     workspace/ home/ state/   the guest's own folders
 *     guest.json console.log    its config and its output
 *     staging/                  archives on their way in or out, and the last one that was saved
 *   spool/<session>/<bootId>/   feed items not yet acknowledged
 *
 * Ids are parsed before they come here, so none can climb out of its folder.
 */
export function createPaths(stateDir: string) {
  const vm = (session: SessionId) => join(stateDir, 'vms', session)
  const staging = (session: SessionId) => join(vm(session), 'staging')
  return {
    stateDir,
    socket: join(stateDir, 'agent.sock'),
    lock: join(stateDir, 'agent.lock'),
    host: join(stateDir, 'host.json'),
    forwarding: join(stateDir, 'forwarding.json'),
    igniteOutput: join(stateDir, 'ignite.log'),
    journalDir: join(stateDir, 'journal'),
    record: (session: SessionId) => join(stateDir, 'journal', `${session}.json`),
    setAsideDir: join(stateDir, 'set-aside'),
    fencesDir: join(stateDir, 'fences'),
    fence: (project: ProjectId) => join(stateDir, 'fences', project),
    opsDir: join(stateDir, 'ops'),
    op: (opId: OpId) => join(stateDir, 'ops', `${opId}.json`),
    vmsDir: join(stateDir, 'vms'),
    vm,
    workspace: (session: SessionId) => join(vm(session), 'workspace'),
    home: (session: SessionId) => join(vm(session), 'home'),
    guestState: (session: SessionId) => join(vm(session), 'state'),
    guestPort: (session: SessionId) => join(vm(session), 'state', 'guest.json'),
    guestConfig: (session: SessionId) => join(vm(session), 'guest.json'),
    console: (session: SessionId) => join(vm(session), 'console.log'),
    staging,
    source: (session: SessionId, format: ArchiveFormat) =>
      join(staging(session), `source.${format}`),
    packed: (session: SessionId, name: string) => join(staging(session), name),
    warmDir: join(stateDir, 'warm'),
    keptDir: join(stateDir, 'kept'),
    spoolsDir: join(stateDir, 'spool'),
    spoolOf: (session: SessionId) => join(stateDir, 'spool', session),
    spool: (session: SessionId, boot: BootId) => join(stateDir, 'spool', session, boot),
  } as const
}
export type Paths = ReturnType<typeof createPaths>
