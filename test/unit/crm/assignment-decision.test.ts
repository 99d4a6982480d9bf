import { describe, expect, it } from '@jest/globals';
import type { LeadAssignment } from '../../../domain/crm/assignment.ts';
import { decide } from '../../../domain/leads/decide.ts';
import { defaultSettings, type LocationSettings } from '../../../domain/leads/settings.ts';
import { now, situation } from '../leads/situation.ts';

const settings: LocationSettings = {
  ...defaultSettings,
  assignment: { mode: 'round-robin', agents: ['ann', 'bo'], from: 'new', reactWithinMinutes: 30, escalateTo: null },
};
const waiting: LeadAssignment = {
  ...{ state: 'wanted', mode: 'round-robin', agentId: null, had: [], since: now, claimedBy: null, escalations: 0 },
  ...{ planned: false, dueAt: '2026-03-11T14:05:00.000Z' },
};

/** A lead that is nobody's and may be worked, with the assignment as it stands. */
function given(stale: boolean, assignment: LeadAssignment | null, held = false) {
  const { team, snapshot, ...rest } = situation();
  return decide({
    ...{ ...rest, stale, settings, snapshot: { ...snapshot, tags: ['Hit List'] } },
    team: { ...team, owner: null, assignment, held },
  }).assignment;
}

describe('whom a decision gives a lead', () => {
  it('is the next in turn, unless the news is old; one that waits already keeps its look-out', () => {
    expect(given(false, null)).toMatchObject({ row: { state: 'given' }, turn: ['ann', 'bo'] });
    expect(given(true, null)).toBeNull();
    expect(given(false, waiting)).toMatchObject({ row: { state: 'given' } });
    expect(given(true, waiting)).toBeNull();
  });

  it('is nobody yet while the location is held', () => {
    expect(given(false, null, true)).toMatchObject({ row: { state: 'wanted', agentId: null }, turn: null, task: null });
  });
});
