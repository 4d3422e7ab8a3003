import { describe, expect, it } from '@jest/globals'
import { compareMembers, type Member, mergeMembers } from './roster.ts'

const ANN = '00000000-0000-4000-8000-00000000000a' as Member['userId']
const BOB = '00000000-0000-4000-8000-00000000000b' as Member['userId']
const member = (userId: Member['userId'], state: Member['state']): Member => ({
  userId,
  name: 'someone',
  state,
})

describe('the roster of a project', () => {
  it('counts several tabs of one person once, where they are most present', () => {
    const tabs = [member(ANN, 'dashboard'), member(ANN, 'editor'), member(ANN, 'away')]
    expect([...mergeMembers([tabs, [member(BOB, 'boot')]]).values()]).toEqual([
      member(ANN, 'editor'),
      member(BOB, 'boot'),
    ])
  })

  it('tells who came, who changed and who left', () => {
    const before = mergeMembers([[member(ANN, 'editor'), member(BOB, 'boot')]])
    const after = mergeMembers([[member(BOB, 'editor')]])
    expect(compareMembers(before, after)).toEqual({ join: [member(BOB, 'editor')], gone: [ANN] })
    expect(compareMembers(after, after)).toEqual({ join: [], gone: [] })
  })
})
