import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type GateCheck, gateChecks, type GateFacts, type Known } from '../../../domain/consent/facts.ts';
import { judge, judgeWith } from '../../../domain/consent/gate.ts';
import { textingWindow } from '../../../domain/consent/quiet-hours.ts';
import type { ConsentStanding } from '../../../domain/consent/standing.ts';
import type { UsState } from '../../../domain/consent/us-states.ts';

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
  addressStates: ['IL'] as readonly UsState[],
  tags: ['Hit List'],
};
const agreed: ConsentStanding = {
  written: 'granted',
  record: { recordId: '1', textVersion: 'v1', at: '2026-05-01T12:00:00.000Z' },
  origin: 'first-party',
  registry: 'clear',
  relationship: null,
};
const nobody: ConsentStanding = { ...agreed, written: 'none', record: null };
const tally = { paused: null, sent: null, failed: 0, optedOut: 0, complained: 0, segments: 0, oldestAt: null };
const words = {
  ...{ segments: 1, unresolved: false, empty: false, first: false, namesSender: false, tellsOptOut: false },
  lacks: [] as readonly string[],
};
const open: GateFacts = {
  now: noon,
  channel: 'sms',
  purpose: 'solicitation',
  contact: known(person),
  consent: known(agreed),
  suppressed: known(false),
  sentIn24h: known({ count: 0, oldestAt: null }),
  wroteAt: known(null),
  state: known('active'),
  location: known('active'),
  sending: known(tally),
  unworkedInbound: known(0),
  wanted: known(true),
  activated: known(true),
  words,
  quietHours: { from: '08:00', to: '21:00' },
  answersAtNight: false,
  capPer24h: 3,
  health: { failureRate: 0.1, optOutRate: 0.05, complaintRate: 0.003, leastSent: 50, newNumberSince: null },
};
const contact = (change: Partial<typeof person>): Partial<GateFacts> => ({ contact: known({ ...person, ...change }) });
const full = (oldestAt: string | null, count = 3): Partial<GateFacts> => ({ sentIn24h: known({ count, oldestAt }) });

const consent = (change: Partial<ConsentStanding>): Partial<GateFacts> => ({
  consent: known({ ...agreed, ...change }),
});
const flow = { channel: 'ghl-workflow', step: true } as const;
const sending = (change: object): Partial<GateFacts> => ({ sending: known({ ...tally, ...change }) });
const said = (change: Partial<typeof words>): Partial<GateFacts> => ({ words: { ...words, ...change } });
const ago = (minutes: number): Known<string> => known(new Date(Date.parse(noon) - minutes * 60_000).toISOString());

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
  ['there is no written consent', consent({ written: 'none' }), 'consent', 'task'],
  ['consent was withdrawn', consent({ written: 'withdrawn' }), 'consent', 'end'],
  ['the lead is from a bought list', consent({ origin: 'bought' }), 'origin', 'task'],
  ['a workflow is to have a bought lead', { ...consent({ origin: 'bought' }), ...flow }, 'origin', 'end'],
  ['the number is on a registry', consent({ written: 'none', registry: 'listed' }), 'registry', 'task'],
  ['the number was not looked up', consent({ written: 'none', registry: 'unknown' }), 'registry', 'task'],
  ['a step calls itself an answer', { purpose: 'answer', step: true, wroteAt: ago(1) }, 'purpose', 'end'],
  ['they never wrote', { purpose: 'answer' }, 'purpose', 'task'],
  ['they wrote too long ago', { purpose: 'answer', wroteAt: ago(61) }, 'purpose', 'task'],
  ['they wrote in the future', { purpose: 'answer', wroteAt: ago(-6) }, 'purpose', 'task'],
  [
    'when they wrote cannot be read',
    { purpose: 'answer', wroteAt: known('soon') },
    'purpose',
    'wait',
    '2026-06-10T17:01:00.000Z',
  ],
  [
    'the state’s law allows fewer than three',
    { ...contact({ addressStates: ['FL'] }), ...full('2026-06-09T20:00:00.000Z') },
    'cap',
    'wait',
    '2026-06-10T20:01:00.000Z',
  ],
  [
    'sending paused by itself',
    sending({ paused: { since: noon, why: 'too many failed' } }),
    'health',
    'hold',
    '2026-06-10T17:15:00.000Z',
  ],
  ['too many failed', sending({ sent: 100, failed: 11 }), 'health', 'hold', '2026-06-10T17:15:00.000Z'],
  [
    'a new number has sent enough',
    {
      ...sending({ segments: 100, oldestAt: '2026-06-09T18:00:00.000Z' }),
      health: { ...open.health, newNumberSince: '2026-06-10' },
    },
    'ramp',
    'wait',
    '2026-06-10T18:01:00.000Z',
  ],
  ['a person paused the enrolment', { wanted: known('paused') }, 'wanted', 'hold', '2026-06-10T17:15:00.000Z'],
  ['there are no words', { words: null }, 'words', 'end'],
  ['the words are empty', said({ empty: true }), 'words', 'end'],
  ['a merge field has no value', said({ unresolved: true }), 'words', 'end'],
  ['the text is too long', said({ segments: 7 }), 'words', 'end'],
  ['a first text does not name its sender', said({ first: true, tellsOptOut: true }), 'words', 'hold'],
  ['a first text does not say how to opt out', said({ first: true, namesSender: true }), 'words', 'hold'],
  ['an e-mail lacks what the law wants', said({ lacks: ['its postal address'] }), 'words', 'hold'],
  ['the person is suppressed', { suppressed: known(true) }, 'suppression', 'end'],
  ['it is night', { now: night }, 'quiet-hours', 'wait', morning],
  ['the hours end within a minute', { now: '2026-06-11T01:59:00.000Z' }, 'quiet-hours', 'wait', morning],
  [
    'the zone is unknown and it is morning in Hawaii',
    contact({ timezone: null, addressStates: [] }),
    'quiet-hours',
    'wait',
    '2026-06-10T18:00:00.000Z',
  ],
  ["the team's hours never open", { quietHours: { from: '22:00', to: '23:00' } }, 'quiet-hours', 'hold'],
  ['the cap is reached', full('2026-06-09T20:00:00.000Z'), 'cap', 'wait', '2026-06-10T20:01:00.000Z'],
  ['the cap is zero', { capPer24h: 0 }, 'cap', 'hold'],
  [
    'the cap that is stored is above the law’s',
    { capPer24h: 9, ...full(noon, 3) },
    'cap',
    'wait',
    '2026-06-11T17:01:00.000Z',
  ],
  ['the cap cannot be read', { capPer24h: Number.NaN }, 'cap', 'wait', '2026-06-10T17:01:00.000Z'],
  ['the oldest send has no time', full(null), 'cap', 'wait', '2026-06-10T17:01:00.000Z'],
  ['the lead is paused', { state: known('paused') }, 'takeover', 'hold', '2026-06-10T17:00:30.000Z'],
  ['a human has taken over', { state: known('taken-over') }, 'takeover', 'hold', '2026-06-10T17:00:30.000Z'],
  ['a human works another contact', { elsewhere: 'taken-over' }, 'takeover', 'hold', '2026-06-10T18:00:00.000Z'],
  ['another contact is paused', { elsewhere: 'paused' }, 'takeover', 'hold', '2026-06-10T18:00:00.000Z'],
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
  ['the person had the same step today', { wanted: known('told') }, 'wanted', 'end'],
  ['another contact of the person wrote', { wanted: known('reply') }, 'wanted', 'end'],
  ['the appointment has moved', { wanted: known('moved') }, 'wanted', 'wait', '2026-06-10T17:00:01.000Z'],
  ['the step is not wanted any more', { wanted: known(false) }, 'wanted', 'end'],
  ['the activation is lost', { activated: known(false) }, 'activation', 'end'],
];

describe('the gate', () => {
  it.each(['sms', 'email', 'call-task'] as const)('opens for a %s when every fact is known and good', (channel) => {
    const verdict = judge({ ...open, channel });
    expect(verdict).toMatchObject({ open: true });
    expect(verdict).not.toHaveProperty('closedBy');
    expect(verdict.checks.map(({ check }) => check)).toEqual(gateChecks);
  });

  it.each(closing.map(([when, ...rest]) => ({ when, rest })))('closes when $when', ({ rest }) => {
    const [change, check, then, opensAt] = rest;
    const verdict = judge({ ...open, ...change });
    expect(verdict).toMatchObject({ open: false, then });
    expect(verdict.opensAt).toBe(opensAt);
    expect(verdict.checks.filter(({ pass }) => !pass).map((one) => one.check)).toContain(check);
    expect(verdict.checks).toHaveLength(gateChecks.length);
  });

  it('knows a failing case for every check', () => {
    expect(new Set(closing.map(([, , check]) => check))).toEqual(new Set(gateChecks));
  });

  const readable = [
    ...(['contact', 'consent', 'sending', 'suppressed', 'sentIn24h'] as const),
    ...(['state', 'location', 'unworkedInbound', 'wanted', 'activated'] as const),
  ] as const;
  it.each(readable)('closes while %s is unknown, and is asked again after a minute', (fact) => {
    const verdict = judge({ ...open, [fact]: unknown });
    expect(verdict).toMatchObject({ open: false, then: 'wait', unread: true, opensAt: '2026-06-10T17:01:00.000Z' });
  });

  it('reads again when the CRM said that it can be read', () => {
    const at = '2026-06-10T17:00:07.250Z';
    const told = { ...open, contact: unknown, unreadBefore: 2, readableAt: at };
    expect(judge(told)).toMatchObject({ then: 'wait', unread: true, readableAt: at, opensAt: at });
    expect(judge({ ...open, readableAt: at })).not.toHaveProperty('readableAt');
    expect(judge({ ...open, contact: unknown })).not.toHaveProperty('readableAt');
  });

  it('waits longer for what stays unreadable: one minute, then two, then five each time', () => {
    const waits = [0, 1, 2, 3, 50].map((unreadBefore) => judge({ ...open, contact: unknown, unreadBefore }).opensAt);
    expect(waits).toEqual([1, 2, 5, 5, 5].map((minutes) => `2026-06-10T17:0${minutes}:00.000Z`));
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
      consent: oneOf<ConsentStanding>(agreed, nobody, { ...agreed, origin: 'bought' }),
      suppressed: oneOf(false, true),
      sentIn24h: oneOf({ count: 2, oldestAt: noon }, { count: 3, oldestAt: noon }),
      state: oneOf<'active' | 'paused' | 'stopped' | 'taken-over'>('active', 'paused', 'stopped', 'taken-over'),
      location: oneOf<'active' | 'paused' | 'uninstalled'>('active', 'paused', 'uninstalled'),
      unworkedInbound: oneOf(0, 1),
      wanted: oneOf<boolean | 'paused' | 'told' | 'moved'>(true, false, 'paused', 'told', 'moved'),
      sending: oneOf<object>(tally, { ...tally, sent: 60, complained: 3 }) as fc.Arbitrary<GateFacts['sending']>,
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
        const day = textingWindow(now, { ...person, quietHours: open.quietHours }).open;
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
      { ...consent({ written: 'none' }), suppressed: known(true) },
      'end',
    ],
    [
      'do-not-disturb without consent ends the step',
      { ...contact({ dnd: true }), ...consent({ written: 'none' }) },
      'end',
    ],
    [
      'a takeover without consent makes no task behind the human',
      { ...consent({ written: 'none' }), state: known('taken-over') },
      'hold',
    ],
    [
      'an unknown suppression without consent is read again first',
      { ...consent({ written: 'none' }), suppressed: unknown },
      'wait',
    ],
    ['missing consent at night becomes a task at once', { ...consent({ written: 'none' }), now: night }, 'task'],
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
      '2026-06-11T19:01:00.000Z',
    );
    // The cap opens in the last minute of the hours: the message might leave after them.
    expect(judge({ ...open, ...full('2026-06-10T01:58:30.000Z') }).opensAt).toBe(morning);
    expect(judge({ ...open, ...full('2026-06-10T01:57:59.000Z') }).opensAt).toBe('2026-06-11T01:58:59.000Z');
  });

  it('keeps a minute to spare at the end of the hours and of the 24 hours, for what leaves some seconds after its gate', () => {
    expect(judge({ ...open, now: '2026-06-11T01:58:59.000Z' }).open).toBe(true);
    expect(judge({ ...open, now: '2026-06-11T01:59:00.000Z' })).toMatchObject({
      closedBy: 'quiet-hours',
      opensAt: morning,
    });
  });

  it('never names an instant that has passed, so that nobody asks in a circle', () => {
    const verdict = judge({ ...open, ...full('2026-06-09T16:59:00.000Z') });
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
            ...contact({ timezone, addressStates: [] }),
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
      ...{ sending: unknown, words: null },
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
    const worked = judge({ ...task, state: known('taken-over'), step: true });
    expect(worked).toMatchObject({ open: false, closedBy: 'takeover' });
    expect(judge({ ...task, elsewhere: 'taken-over', step: true }).open).toBe(true);
    // What a decision asks a human to look at does not wait for that human.
    for (const state of ['taken-over', 'paused'] as const) {
      expect(judge({ ...task, state: { known: true, value: state } }).open).toBe(true);
    }
    expect(judge({ ...task, location: known('paused') })).toMatchObject({ open: false, closedBy: 'location' });
    expect(judge({ ...task, activated: unknown })).toMatchObject({ open: false, closedBy: 'activation' });
  });

  it('lets an answer do without written consent, but never against a withdrawal, a suppression, the night or a takeover', () => {
    const answer: GateFacts = { ...open, purpose: 'answer', ...consent({ written: 'none', registry: 'listed' }) };
    const inTime: GateFacts = { ...answer, wroteAt: ago(60), ...full(noon, 19) };
    expect(judge(inTime).open).toBe(true);
    expect(judge({ ...inTime, ...consent({ written: 'withdrawn' }) }).then).toBe('end');
    expect(judge({ ...inTime, suppressed: known(true) }).then).toBe('end');
    expect(judge({ ...inTime, state: known('taken-over') }).then).toBe('hold');
    expect(judge({ ...inTime, ...full(noon, 20) }).closedBy).toBe('cap');
    const atNight = { ...inTime, now: night, wroteAt: known('2026-06-11T03:50:00.000Z'), ...full(noon, 0) };
    expect(judge(atNight)).toMatchObject({ closedBy: 'quiet-hours', then: 'wait' });
    expect(judge({ ...atNight, answersAtNight: true }).open).toBe(true);
    expect(judge({ ...atNight, answersAtNight: true, purpose: 'solicitation', consent: known(agreed) }).open).toBe(
      false,
    );
  });

  it('makes no task to call whom nobody may call, and says so', () => {
    const call: GateFacts = { ...open, channel: 'call-task', calls: true, words: null };
    const listed = consent({ written: 'none', registry: 'listed' });
    expect(judge({ ...call, ...listed })).toMatchObject({ closedBy: 'registry', then: 'end', doNotCall: true });
    expect(judge({ ...call, ...consent({ written: 'withdrawn' }) })).toMatchObject({ then: 'end', doNotCall: true });
    const relationship = { kind: 'inquiry', until: '2026-06-10T17:00:01.000Z' } as const;
    expect(judge({ ...call, ...consent({ written: 'none', registry: 'listed', relationship }) }).open).toBe(true);
    const over = { ...relationship, until: noon };
    expect(judge({ ...call, ...consent({ written: 'none', registry: 'listed', relationship: over }) }).open).toBe(
      false,
    );
    for (const fits of [
      { registry: 'unknown' },
      { registry: 'clear' },
      { origin: 'bought', registry: 'clear' },
    ] as const) {
      expect(judge({ ...call, ...consent({ written: 'none', ...fits }) }).open).toBe(true);
    }
    expect(judge({ ...call, ...consent({ written: 'granted', registry: 'listed' }) }).open).toBe(true);
    expect(judge({ ...call, consent: unknown })).toMatchObject({ open: false, unread: true });
    // A task that asks nobody to call is not kept from the team.
    const { calls: _, ...look } = { ...call, ...listed };
    expect(judge(look).open).toBe(true);
  });

  it('says to pause the sending of a location once, when it finds out', () => {
    const why = '11 of 100 messages of 24 hours failed, and 10 % are allowed';
    expect(judge({ ...open, ...sending({ sent: 100, failed: 11 }) }).pause).toBe(why);
    expect(
      judge({ ...open, ...sending({ sent: 100, failed: 11, paused: { since: noon, why } }) }).pause,
    ).toBeUndefined();
    expect(judge({ ...open, ...sending({ sent: 100, failed: 10 }) }).open).toBe(true);
    expect(judge({ ...open, ...sending({ sent: 49, failed: 40 }) }).open).toBe(true);
  });

  it('does not hold answers back by the ramp of a new number', () => {
    const health = { ...open.health, newNumberSince: '2026-06-10' };
    const busy = { ...open, health, ...sending({ segments: 500, oldestAt: noon }) };
    expect(judge(busy).closedBy).toBe('ramp');
    expect(judge({ ...busy, purpose: 'answer', wroteAt: ago(5) }).open).toBe(true);
    expect(judge({ ...busy, health: { ...health, newNumberSince: '2026-05-01' } }).open).toBe(true);
  });

  it('asks of a workflow that a rule of the CRM wants nothing about the list, and of a step that it can be read', () => {
    const rule: GateFacts = { ...open, channel: 'ghl-workflow', ...consent({ origin: 'bought' }) };
    expect(judge(rule).open).toBe(true);
    expect(judge({ ...open, ...flow, consent: unknown })).toMatchObject({ closedBy: 'origin', unread: true });
    expect(judge({ ...rule, elsewhere: 'taken-over' }).closedBy).toBe('takeover');
  });

  it('leaves out any one check for a control, and no other', () => {
    for (const [, change, check] of closing) {
      expect(judgeWith([check])({ ...open, ...change }).open).toBe(false);
      const others = gateChecks.filter((one) => one !== check);
      const { checks } = judgeWith(others)({ ...open, ...change });
      expect(checks.find((one) => one.check === check)).toMatchObject({ pass: true, finding: 'switched off' });
    }
    expect(judgeWith([])({ ...open, suppressed: known(true), now: night, contact: unknown }).open).toBe(true);
  });
});
