import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { GateCheck, GateFacts, Known } from '../../../domain/consent/facts.ts';
import { judge } from '../../../domain/consent/gate.ts';
import { textingWindow } from '../../../domain/consent/quiet-hours.ts';

const known = <T>(value: T): Known<T> => ({ known: true, value });
const unknown: Known<never> = { known: false, why: 'the CRM did not answer' };

const noon = '2026-06-10T17:00:00.000Z';
const night = '2026-06-11T04:00:00.000Z';
const morning = '2026-06-11T13:00:00.000Z';
const person = {
  exists: true,
  hasPhone: true,
  hasEmail: true,
  dnd: false,
  dndChannel: 'off' as 'on' | 'off' | 'unknown',
  timezone: 'America/Chicago' as string | null,
  tags: ['Hit List'],
};
const open: GateFacts = {
  now: noon,
  channel: 'sms',
  purpose: 'solicitation',
  contact: known(person),
  consent: known('granted'),
  suppressed: known(false),
  sentIn24h: known({ count: 0, oldestAt: null }),
  state: known('active'),
  location: known('active'),
  unworkedInbound: known(0),
  wanted: known(true),
  activated: known(true),
  quietHours: { from: '08:00', to: '21:00' },
  capPer24h: 3,
};
const contact = (change: Partial<typeof person>): Partial<GateFacts> => ({ contact: known({ ...person, ...change }) });
const full = (oldestAt: string | null, count = 3): Partial<GateFacts> => ({ sentIn24h: known({ count, oldestAt }) });

const order: GateCheck[] = [
  ...(['contact', 'reachable', 'dnd', 'consent', 'suppression', 'quiet-hours', 'cap', 'takeover', 'location'] as const),
  ...(['unworked-inbound', 'wanted', 'activation'] as const),
];

describe('the gate', () => {
  it.each(['sms', 'email', 'call-task'] as const)('opens for a %s when every fact is known and good', (channel) => {
    const verdict = judge({ ...open, channel });
    expect(verdict).toMatchObject({ open: true });
    expect(verdict).not.toHaveProperty('closedBy');
    expect(verdict.checks.map(({ check }) => check)).toEqual(order);
  });

  const closing: [string, Partial<GateFacts>, GateCheck, string, string?][] = [
    ['the contact is gone', contact({ exists: false }), 'contact', 'end'],
    ['there is no phone', contact({ hasPhone: false }), 'reachable', 'end'],
    ['there is no e-mail address', { ...contact({ hasEmail: false }), channel: 'email' }, 'reachable', 'end'],
    ['do-not-disturb is on for everything', contact({ dnd: true }), 'dnd', 'end'],
    ['do-not-disturb is on for the channel', contact({ dndChannel: 'on' }), 'dnd', 'end'],
    [
      'do-not-disturb of the channel is unknown',
      contact({ dndChannel: 'unknown' }),
      'dnd',
      'wait',
      '2026-06-10T17:01:00.000Z',
    ],
    ['there is no written consent', { consent: known('none') }, 'consent', 'task'],
    ['consent was withdrawn', { consent: known('withdrawn') }, 'consent', 'end'],
    ['the person is suppressed', { suppressed: known(true) }, 'suppression', 'end'],
    ['it is night', { now: night }, 'quiet-hours', 'wait', morning],
    [
      'the zone is unknown and it is morning in Hawaii',
      contact({ timezone: null }),
      'quiet-hours',
      'wait',
      '2026-06-10T18:00:00.000Z',
    ],
    ["the team's hours never open", { quietHours: { from: '22:00', to: '23:00' } }, 'quiet-hours', 'hold'],
    ['the cap is reached', full('2026-06-09T20:00:00.000Z'), 'cap', 'wait', '2026-06-10T20:00:00.000Z'],
    ['the cap is zero', { capPer24h: 0 }, 'cap', 'hold'],
    [
      'the cap that is stored is above the law’s',
      { capPer24h: 9, ...full(noon, 3) },
      'cap',
      'wait',
      '2026-06-11T17:00:00.000Z',
    ],
    ['the cap cannot be read', { capPer24h: Number.NaN }, 'cap', 'wait', '2026-06-10T17:01:00.000Z'],
    ['the oldest send has no time', full(null), 'cap', 'wait', '2026-06-10T17:01:00.000Z'],
    ['the lead is paused', { state: known('paused') }, 'takeover', 'hold', '2026-06-10T17:00:30.000Z'],
    ['a human has taken over', { state: known('taken-over') }, 'takeover', 'hold', '2026-06-10T17:00:30.000Z'],
    ['the lead is stopped', { state: known('stopped') }, 'takeover', 'end'],
    ['the location is paused', { location: known('paused') }, 'location', 'hold', '2026-06-10T17:15:00.000Z'],
    ['the location is uninstalled', { location: known('uninstalled') }, 'location', 'end'],
    [
      'a message of theirs is unworked',
      { unworkedInbound: known(1) },
      'unworked-inbound',
      'hold',
      '2026-06-10T17:00:30.000Z',
    ],
    ['the step is not wanted any more', { wanted: known(false) }, 'wanted', 'end'],
    ['the activation is lost', { activated: known(false) }, 'activation', 'end'],
  ];

  it.each(closing.map(([when, ...rest]) => ({ when, rest })))('closes when $when', ({ rest }) => {
    const [change, check, then, opensAt] = rest;
    const verdict = judge({ ...open, ...change });
    expect(verdict).toMatchObject({ open: false, closedBy: check, then });
    expect(verdict.opensAt).toBe(opensAt);
    expect(verdict.checks.filter(({ pass }) => !pass).map((one) => one.check)).toContain(check);
    expect(verdict.checks).toHaveLength(order.length);
  });

  it('knows a failing case for every check', () => {
    expect(new Set(closing.map(([, , check]) => check))).toEqual(new Set(order));
  });

  const readable = [
    'contact',
    'consent',
    'suppressed',
    'sentIn24h',
    'state',
    'location',
    'unworkedInbound',
    'wanted',
    'activated',
  ] as const;
  it.each(readable)('closes while %s is unknown, and is asked again after a minute', (fact) => {
    const verdict = judge({ ...open, [fact]: unknown });
    expect(verdict).toMatchObject({ open: false, then: 'wait', unread: true, opensAt: '2026-06-10T17:01:00.000Z' });
  });

  it('waits longer for what stays unreadable: one minute, then two, then five each time', () => {
    const waits = [0, 1, 2, 3, 50].map((unreadBefore) => judge({ ...open, contact: unknown, unreadBefore }).opensAt);
    const at = (minutes: number) => `2026-06-10T17:0${minutes}:00.000Z`;
    expect(waits).toEqual([at(1), at(2), at(5), at(5), at(5)]);
  });

  it('names what could not be read as its cause only where it waits for that', () => {
    expect(judge({ ...open, state: unknown, suppressed: known(true) })).not.toHaveProperty('unread');
    expect(judge({ ...open, now: night })).not.toHaveProperty('unread');
    expect(judge({ ...open, unreadBefore: 2 }).open).toBe(true);
  });

  it('never opens by night or with a single unknown or bad fact, whatever the others are', () => {
    const oneOf = <T>(good: T, ...bad: T[]): fc.Arbitrary<Known<T>> =>
      fc.constantFrom(known(good), known(good), ...bad.map(known), unknown);
    const facts = fc.record({
      now: fc
        .integer({ min: 0, max: 47 })
        .map((half) => new Date(Date.UTC(2026, 2, 8) + half * 1_800_000).toISOString()),
      consent: oneOf<'granted' | 'withdrawn' | 'none'>('granted', 'withdrawn', 'none'),
      suppressed: oneOf(false, true),
      sentIn24h: oneOf({ count: 2, oldestAt: noon }, { count: 3, oldestAt: noon }),
      state: oneOf<'active' | 'paused' | 'stopped' | 'taken-over'>('active', 'paused', 'stopped', 'taken-over'),
      location: oneOf<'active' | 'paused' | 'uninstalled'>('active', 'paused', 'uninstalled'),
      unworkedInbound: oneOf(0, 1),
      wanted: oneOf(true, false),
      activated: oneOf(true, false),
    });
    fc.assert(
      fc.property(facts, (change) => {
        const { now, ...rest } = change;
        const good = Object.entries(rest).every(
          ([name, fact]) =>
            JSON.stringify(fact) ===
            JSON.stringify(name === 'sentIn24h' ? known({ count: 2, oldestAt: noon }) : open[name as keyof GateFacts]),
        );
        const day = textingWindow(now, { timezone: person.timezone, quietHours: open.quietHours }).open;
        expect(judge({ ...open, ...change }).open).toBe(good && day);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what follows from several failed checks', () => {
  it.each<[string, Partial<GateFacts>, string]>([
    [
      'an opted-out person without consent gets no call task',
      { consent: known('none'), suppressed: known(true) },
      'end',
    ],
    ['do-not-disturb without consent ends the step', { ...contact({ dnd: true }), consent: known('none') }, 'end'],
    [
      'a takeover without consent makes no task behind the human',
      { consent: known('none'), state: known('taken-over') },
      'hold',
    ],
    [
      'an unknown suppression without consent is read again first',
      { consent: known('none'), suppressed: unknown },
      'wait',
    ],
    ['missing consent at night becomes a task at once', { consent: known('none'), now: night }, 'task'],
    ['an unwanted step at night ends', { wanted: known(false), now: night }, 'end'],
    ['a takeover at night holds', { state: known('taken-over'), now: night }, 'hold'],
    [
      'a deleted contact of which nothing else is known ends',
      { ...contact({ exists: false }), consent: unknown, activated: unknown },
      'end',
    ],
  ])('%s', (_, change, then) => {
    expect(judge({ ...open, ...change }).then).toBe(then);
  });

  it('waits for the later of cap and morning, inside the hours', () => {
    // The cap opens at 03:00 in Chicago: nobody is texted then.
    expect(judge({ ...open, now: night, ...full('2026-06-10T08:00:00.000Z') }).opensAt).toBe(morning);
    expect(judge({ ...open, now: '2026-06-11T01:00:00.000Z', ...full('2026-06-10T08:00:00.000Z') }).opensAt).toBe(
      morning,
    );
    // The cap opens after the morning.
    expect(judge({ ...open, now: night, ...full('2026-06-10T19:00:00.000Z') }).opensAt).toBe(
      '2026-06-11T19:00:00.000Z',
    );
  });

  it('never names an instant that has passed, so that nobody asks in a circle', () => {
    const verdict = judge({ ...open, ...full('2026-06-09T17:00:00.000Z') });
    expect(verdict).toMatchObject({ closedBy: 'cap', then: 'wait', opensAt: '2026-06-10T17:00:01.000Z' });
  });

  it('opens at the instant it names when nothing but time has changed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2026, 2, 7), max: Date.UTC(2026, 2, 10) }),
        fc.integer({ min: 0, max: 24 * 3600 }),
        fc.constantFrom('America/New_York', 'Pacific/Honolulu', 'America/Adak', null),
        (ms, ago, timezone) => {
          const facts = {
            ...open,
            ...contact({ timezone }),
            now: new Date(ms).toISOString(),
            ...full(new Date(ms - ago * 1000).toISOString()),
          };
          const { opensAt } = judge(facts);
          expect(judge({ ...facts, now: opensAt!, sentIn24h: known({ count: 0, oldestAt: null }) }).open).toBe(true);
          expect(Date.parse(opensAt!)).toBeGreaterThanOrEqual(ms - ago * 1000 + 86_400_000);
        },
      ),
    );
  });
});

describe('channels and purposes', () => {
  it('asks of a call task nothing but contact, enrolment, lead, location and activation', () => {
    const task: GateFacts = {
      ...open,
      ...contact({ hasPhone: false, hasEmail: false, dnd: true, dndChannel: 'unknown', timezone: null }),
      ...full(null, 9),
      channel: 'call-task',
      now: night,
      consent: unknown,
      suppressed: unknown,
      unworkedInbound: unknown,
    };
    expect(judge(task).open).toBe(true);
    expect(judge({ ...task, contact: unknown })).toMatchObject({ open: false, closedBy: 'contact' });
    expect(judge({ ...task, wanted: known(false) })).toMatchObject({ open: false, closedBy: 'wanted' });
    expect(judge({ ...task, state: known('stopped') })).toMatchObject({ open: false, closedBy: 'takeover' });
    expect(judge({ ...task, state: known('taken-over'), step: true })).toMatchObject({
      open: false,
      closedBy: 'takeover',
    });
    // What a decision asks a human to look at does not wait for that human.
    for (const state of ['taken-over', 'paused'] as const) {
      expect(judge({ ...task, state: { known: true, value: state } }).open).toBe(true);
    }
    expect(judge({ ...task, location: known('paused') })).toMatchObject({ open: false, closedBy: 'location' });
    expect(judge({ ...task, activated: unknown })).toMatchObject({ open: false, closedBy: 'activation' });
  });

  it('lets an answer do without written consent, but never against a withdrawal, a suppression, the night or a takeover', () => {
    const answer: GateFacts = { ...open, purpose: 'answer', consent: known('none'), capPer24h: 20, ...full(noon, 19) };
    expect(judge(answer).open).toBe(true);
    expect(judge({ ...answer, consent: known('withdrawn') }).then).toBe('end');
    expect(judge({ ...answer, suppressed: known(true) }).then).toBe('end');
    expect(judge({ ...answer, now: night }).then).toBe('wait');
    expect(judge({ ...answer, state: known('taken-over') }).then).toBe('hold');
    expect(judge({ ...answer, ...full(noon, 20) }).closedBy).toBe('cap');
  });
});
