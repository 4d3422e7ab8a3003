import { describe, expect, it } from '@jest/globals'
import { hostId, projectId, sessionId, userId } from '../src/ids.ts'
import {
  COMMAND_VERBS,
  EVENT_TYPES,
  parseSubject,
  REQUEST_VERBS,
  subjects,
} from '../src/subjects.ts'

const host = hostId.parse('metal-1')
const session = sessionId.parse('7d9f4f0e-52a4-4a1c-9a53-0f6f0f2d8a11')
const user = userId.parse('b0a1c2d3-e4f5-4a6b-8c7d-9e0f1a2b3c4d')
const project = projectId.parse('3c1b7a52-8f0e-4d0e-b7a1-5a3f1c9e2b44')

describe('subjects', () => {
  it.each([
    [subjects.place, { kind: 'place' }],
    [subjects.beat(host), { kind: 'beat', host }],
    [subjects.log(host, session), { kind: 'log', host, session }],
    [subjects.metric(host, session), { kind: 'metric', host, session }],
    [subjects.notifyUser(user), { kind: 'notify-user', user }],
    [subjects.notifyProject(project), { kind: 'notify-project', project }],
    [subjects.notifyAdmin, { kind: 'notify-admin' }],
    [subjects.notifySockets, { kind: 'notify-sockets' }],
    ...COMMAND_VERBS.map((verb) => [subjects.command(host, verb), { kind: 'command', host, verb }]),
    ...REQUEST_VERBS.map((verb) => [subjects.request(verb, host), { kind: 'request', host, verb }]),
    ...EVENT_TYPES.map((type) => [
      subjects.event(host, session, type),
      { kind: 'event', host, session, type },
    ]),
  ] as [string, object][])('%s is read back as it was built', (subject, parsed) => {
    expect(parseSubject(subject)).toEqual(parsed)
  })

  it.each([
    'vessel.v1',
    'vessel.v1.',
    'vessel.v2.place',
    'vessel.v1.place.more',
    'vessel.v1.host.metal-1',
    'vessel.v1.host.METAL.beat',
    'vessel.v1.host.*.beat',
    'vessel.v1.host.metal-1.cmd.reboot',
    'vessel.v1.host.metal-1.cmd.start.now',
    'vessel.v1.host.metal-1.vm.not-a-uuid.log',
    'vessel.v1.host.metal-1.vm.7d9f4f0e-52a4-4a1c-9a53-0f6f0f2d8a11.event.born',
    'vessel.v1.orch.commit',
    'vessel.v1.orch.steal.metal-1',
    'vessel.v1.notify.user.me',
    'vessel.v1.notify.everyone',
    'xvessel.v1.place',
  ])('%s is nobody’s', (subject) => {
    expect(parseSubject(subject)).toBeNull()
  })
})
