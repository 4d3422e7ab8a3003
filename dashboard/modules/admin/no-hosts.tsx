import { Server } from 'lucide-react'
import { Empty } from '../../ui/notice.tsx'

/** As `docs/deployment.md` has it. */
const START = 'npm run start -w services/infra-agent'

const HINT =
  'Projects run on hosts: until one connects, whatever is opened waits for one. ' +
  'Start an infra-agent on a computer, and it appears here by itself.'

/** Where nothing is connected that could run a project. */
export function NoHosts() {
  return (
    <Empty icon={<Server />} title="No host is connected" hint={HINT}>
      <code className="select-all rounded-md bg-sunken px-3 py-2 text-center font-mono text-sm">
        {START}
      </code>
      <p className="mt-3 text-balance text-center text-muted text-sm">
        What it needs first is in <code className="font-mono text-xs">docs/deployment.md</code>{' '}
        under “A new host”.
      </p>
    </Empty>
  )
}
