import { describe, expect, it } from '@jest/globals';
import { afterTeamMinutes, type TeamTime } from '../../../domain/crm/assignment-hours.ts';
import { defaultSettings } from '../../../domain/leads/settings.ts';

const { teamHours } = defaultSettings;
const team = (change: Partial<TeamTime> = {}): TeamTime => ({
  ...{ teamHours, holidays: [], zone: 'America/New_York' },
  ...change,
});

describe('minutes of a team', () => {
  it('run only while the team works, over nights, weekends and holidays', () => {
    // Friday 17:30 in New York: half an hour is left that week.
    const friday = '2026-03-06T22:30:00.000Z';
    expect(afterTeamMinutes(friday, 30, team())).toBe('2026-03-06T23:00:00.000Z');
    expect(afterTeamMinutes(friday, 45, team())).toBe('2026-03-09T13:15:00.000Z');
    expect(afterTeamMinutes(friday, 45, team({ holidays: ['2026-03-09'] }))).toBe('2026-03-10T13:15:00.000Z');
    // A Sunday counts from Monday's opening, and the clocks changed that night.
    expect(afterTeamMinutes('2026-03-08T15:00:00.000Z', 60, team())).toBe('2026-03-09T14:00:00.000Z');
  });

  it('are as long as the night is in which clocks change', () => {
    const nights = { sun: { from: '00:30', to: '05:30' }, mon: { from: '00:30', to: '05:30' } };
    // Forward: 00:30 to 05:30 are four hours on 8 March 2026; back: six hours on 1 November.
    expect(afterTeamMinutes('2026-03-08T05:00:00.000Z', 240, team({ teamHours: nights }))).toBe(
      '2026-03-08T09:30:00.000Z',
    );
    expect(afterTeamMinutes('2026-03-08T05:00:00.000Z', 241, team({ teamHours: nights }))).toBe(
      '2026-03-09T04:31:00.000Z',
    );
    expect(afterTeamMinutes('2026-11-01T04:00:00.000Z', 360, team({ teamHours: nights }))).toBe(
      '2026-11-01T10:30:00.000Z',
    );
  });

  it('have with an unknown zone the deadline of the latest US zone', () => {
    const monday = '2026-07-06T12:00:00.000Z';
    const honolulu = afterTeamMinutes(monday, 30, team({ zone: 'Pacific/Honolulu' }));
    expect(honolulu).toBe('2026-07-06T19:30:00.000Z');
    for (const zone of [null, 'EST', 'Nowhere/At_All']) {
      expect(afterTeamMinutes(monday, 30, team({ zone }))).toBe(honolulu);
    }
  });

  it('never pass where nobody ever works', () => {
    expect(afterTeamMinutes('2026-07-06T12:00:00.000Z', 1, team({ teamHours: {} }))).toBeNull();
    expect(afterTeamMinutes('unreadable', 1, team())).toBeNull();
  });
});
