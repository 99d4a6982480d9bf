import { describe, expect, it } from '@jest/globals';
import {
  type ConsentFact,
  type ConsentRecord,
  type Holder,
  consentOf,
  standingOf,
  type StandingFacts,
} from '../../../domain/consent/ledger.ts';
import { entriesFor, readModel } from '../../../domain/consent/ledger-changes.ts';
import { areaCodeOf, type RegistryFinding, registryStanding } from '../../../domain/consent/registry.ts';
import type { ShownConsent } from '../../../domain/consent/shown.ts';
import type { ConsentStanding, FreshConsent } from '../../../domain/consent/standing.ts';

const NOW = '2026-06-15T12:00:00.000Z';
const day = 86_400_000;
const ago = (days: number): string => new Date(Date.parse(NOW) - days * day).toISOString();
const me: Holder = { contactId: 'ann', hashes: { sms: 'number', email: 'mailbox' } };

let next = 0;
function entry(change: Partial<ConsentRecord> = {}): ConsentRecord {
  return {
    ...{ recordId: String((next += 1)), contactId: 'ann', personHash: 'number', channel: 'sms', state: 'granted' },
    ...{ written: true, textVersion: null, source: 'operator', basis: 'operator', givenAt: ago(100) },
    ...change,
  };
}
const byTag = (change: Partial<ConsentRecord> = {}) => entry({ source: 'tag', basis: 'tag:ok', ...change });
const revoked = (days: number, change: Partial<ConsentRecord> = {}) =>
  entry({ state: 'withdrawn', source: 'message', basis: 'opt-out', givenAt: ago(days), ...change });
const optIn = (days: number) => entry({ source: 'message', basis: 'opt-in', written: false, givenAt: ago(days) });

const shown = (state: ShownConsent['state'], change: Partial<ShownConsent> = {}): ShownConsent => ({
  ...{ channel: 'sms', state, source: 'tag', basis: 'tag:ok', textVersion: null, givenAt: null },
  ...change,
});

function standing(
  found: Partial<StandingFacts>,
  fresh: Partial<FreshConsent> = {},
  now: string = NOW,
): ConsentStanding {
  return standingOf(
    { records: [], facts: [], registry: [], inquiryAt: null, ...found },
    { contactId: 'ann', fresh: { channel: 'sms', hashes: me.hashes, bought: false, shown: [], ...fresh }, now },
  );
}
const written = (records: readonly ConsentRecord[], fresh: Partial<FreshConsent> = {}) =>
  standing({ records }, fresh).written;

describe('written consent', () => {
  it('is what an entry with words that make it says, for its channel and its address', () => {
    expect(written([])).toBe('none');
    expect(written([entry()])).toBe('granted');
    expect(written([entry({ written: false })])).toBe('none');
    expect(written([entry()], { channel: 'email' })).toBe('none');
    expect(written([entry({ channel: 'email', personHash: 'mailbox' })], { channel: 'email' })).toBe('granted');
  });

  it('is for the number that it was given for: another number of the contact has not agreed', () => {
    expect(written([entry({ personHash: 'old number' })])).toBe('none');
    expect(written([entry({ personHash: null })])).toBe('granted');
    expect(written([entry({ personHash: null, contactId: 'bob' })])).toBe('none');
  });

  it('is known by the number where the contact is another one, unless it rests on what that contact shows', () => {
    expect(written([entry({ contactId: 'bob' })])).toBe('granted');
    expect(written([entry({ contactId: null })])).toBe('granted');
    expect(written([byTag({ contactId: 'bob' })], { shown: [shown('granted')] })).toBe('none');
  });

  it('that rests on a tag holds while the contact bears the tag, and a form’s holds on', () => {
    expect(written([byTag()], { shown: [shown('granted', { basis: 'tag:OK' })] })).toBe('granted');
    expect(written([byTag()], { shown: [shown('gone')] })).toBe('none');
    expect(written([byTag()], { shown: [] })).toBe('none');
    expect(written([entry({ source: 'form', basis: 'form:site' })], { shown: [] })).toBe('granted');
    expect(consentOf([byTag()], me, 'sms').grant).toBeDefined();
  });

  it('of one source ends with it, and another’s stays', () => {
    const gone = byTag({ state: 'withdrawn', givenAt: ago(10) });
    expect(written([byTag(), gone], { shown: [shown('granted')] })).toBe('none');
    const second = byTag({ basis: 'tag:paper' });
    expect(written([byTag(), second, gone], { shown: [shown('granted', { basis: 'tag:paper' })] })).toBe('granted');
    expect(written([byTag(), gone, byTag({ givenAt: ago(5) })], { shown: [shown('granted')] })).toBe('granted');
  });

  it('ends by the person’s own word, and only their own later word brings it back', () => {
    const tagOn = { shown: [shown('granted')] };
    expect(written([byTag(), revoked(50)], tagOn)).toBe('withdrawn');
    expect(written([revoked(50), byTag({ givenAt: ago(10) })], tagOn)).toBe('withdrawn');
    expect(written([byTag(), revoked(50), optIn(40)], tagOn)).toBe('granted');
    expect(written([byTag(), revoked(50), optIn(60)], tagOn)).toBe('withdrawn');
    expect(written([entry(), revoked(50), optIn(40), revoked(30)])).toBe('withdrawn');
    expect(written([revoked(50), entry({ givenAt: ago(49) })])).toBe('granted');
    expect(written([revoked(50), entry({ givenAt: ago(50) })])).toBe('withdrawn');
    expect(written([revoked(50), entry({ source: 'form', givenAt: ago(10) })])).toBe('withdrawn');
  });

  it('is never made by an opt-in alone', () => {
    expect(written([optIn(1)])).toBe('none');
    expect(written([revoked(2), optIn(1)])).toBe('none');
  });

  it('names the newest entry that says so', () => {
    const text = entry({ textVersion: 'web-2', givenAt: ago(3) });
    const { record } = standing({ records: [entry(), text, entry({ givenAt: ago(200) })] });
    expect(record).toEqual({ recordId: text.recordId, textVersion: 'web-2', at: ago(3) });
    const last = revoked(1);
    expect(standing({ records: [text, last] }).record).toMatchObject({ recordId: last.recordId, at: ago(1) });
  });
});

describe('the registry', () => {
  const found = (list: string, days: number, listed = false): RegistryFinding => ({ list, asOf: ago(days), listed });

  it.each([
    ['30 days old', 30, 'clear'],
    ['31 days old', 31, 'clear'],
    ['31 days and an hour old', 31 + 1 / 24, 'unknown'],
    ['32 days old', 32, 'unknown'],
    ['dated ahead', -1, 'unknown'],
  ] as const)('%s is %s to a number that is not on it', (_name, days, answer) => {
    expect(registryStanding([found('national', days)], NOW)).toBe(answer);
    expect(registryStanding([found('national', days, true)], NOW)).toBe(answer === 'clear' ? 'listed' : 'unknown');
  });

  it('is clear only where the national list was asked and no list is old; on any fresh one is listed', () => {
    expect(registryStanding([], NOW)).toBe('unknown');
    expect(registryStanding([found('tx', 1)], NOW)).toBe('unknown');
    expect(registryStanding([found('national', 1), found('tx', 2)], NOW)).toBe('clear');
    expect(registryStanding([found('national', 1), found('tx', 40)], NOW)).toBe('unknown');
    expect(registryStanding([found('national', 40), found('tx', 2, true)], NOW)).toBe('listed');
  });

  it('is about numbers, by their area code', () => {
    expect(standing({ registry: [found('national', 1)] }, { channel: 'email' }).registry).toBe('unknown');
    expect(['+18135550142', '+442071234567', '8135550142', null].map(areaCodeOf)).toEqual(['813', null, null, null]);
  });
});

describe('past business', () => {
  const until = (facts: readonly ConsentFact[], now: string, records: readonly ConsentRecord[] = []) =>
    standing({ facts, records }, {}, now).relationship;

  it.each([
    ['transaction', '2025-01-31T10:00:00.000Z', '2026-07-31T10:00:00.000Z'],
    ['inquiry', '2025-11-30T10:00:00.000Z', '2026-02-28T10:00:00.000Z'],
  ] as const)('by %s lasts to the instant, months counted by the calendar', (kind, at, end) => {
    const before = new Date(Date.parse(end) - 1).toISOString();
    expect(until([{ kind, at }], before)).toEqual({ kind, until: end });
    expect(until([{ kind, at }], end)).toBeNull();
    expect(until([{ kind, at }], new Date(Date.parse(at) - 1).toISOString())).toBeNull();
  });

  it('counts from what the person last wrote, and the longest of several is told', () => {
    expect(standing({ inquiryAt: ago(10) }).relationship).toMatchObject({ kind: 'inquiry' });
    const facts = [{ kind: 'transaction', at: ago(100) }] as const;
    expect(standing({ inquiryAt: ago(10), facts }).relationship).toMatchObject({ kind: 'transaction' });
  });

  it('ends when the person revokes, and a later inquiry begins a new one', () => {
    expect(until([{ kind: 'transaction', at: ago(100) }], NOW, [revoked(50)])).toBeNull();
    expect(until([{ kind: 'inquiry', at: ago(50) }], NOW, [revoked(50, { channel: 'call' })])).toBeNull();
    expect(until([{ kind: 'inquiry', at: ago(49) }], NOW, [revoked(50)])).toMatchObject({ kind: 'inquiry' });
    expect(until([{ kind: 'inquiry', at: ago(60) }], NOW, [revoked(50, { channel: 'email' })])).not.toBeNull();
  });
});

describe('the origin', () => {
  const facts = (...kinds: ConsentFact['kind'][]) => ({ facts: kinds.map((kind) => ({ kind, at: ago(1) })) });

  it('is bought once anybody said so, until somebody writes down otherwise; a tag that says so now always counts', () => {
    expect(standing({}).origin).toBe('unknown');
    expect(standing(facts('bought')).origin).toBe('bought');
    expect(standing(facts('bought', 'inquiry')).origin).toBe('bought');
    expect(standing(facts('bought', 'first-party')).origin).toBe('first-party');
    expect(standing(facts('first-party', 'bought')).origin).toBe('bought');
    expect(standing(facts('first-party'), { bought: true }).origin).toBe('bought');
  });
});

describe('what the CRM shows', () => {
  const texts = [
    { version: 'web-2', channels: ['sms', 'email'], written: true, seller: 'Example Realty' },
    { version: 'plain', channels: ['sms', 'email'], written: false, seller: 'Example Realty' },
  ] as const;
  const see = (
    records: readonly ConsentRecord[],
    seen: readonly ShownConsent[],
    hashes: Holder['hashes'] = me.hashes,
  ) => entriesFor(records, { contactId: 'ann', hashes, shown: seen, texts, now: NOW, seenBy: 'event:1' });

  it('is written down once, withdrawn when it is gone, and granted anew', () => {
    expect(see([], [shown('granted')])).toMatchObject([
      { state: 'granted', written: true, personHash: 'number', source: 'tag', basis: 'tag:ok', givenAt: NOW },
    ]);
    expect(see([byTag()], [shown('granted', { basis: 'tag:OK' })])).toEqual([]);
    expect(see([byTag()], [shown('gone', { basis: 'tag:OK' })])).toMatchObject([
      { state: 'withdrawn', basis: 'tag:ok' },
    ]);
    const gone = byTag({ state: 'withdrawn' });
    expect(see([byTag(), gone], [shown('gone')])).toEqual([]);
    expect(see([byTag(), gone], [shown('granted')])).toMatchObject([{ state: 'granted' }]);
    expect(see([byTag({ contactId: 'bob' })], [shown('gone')])).toEqual([]);
  });

  it('makes written consent only by words that do, and of words that are known', () => {
    const says = (textVersion: string, channel: 'sms' | 'email' | 'call') =>
      see([], [shown('granted', { source: 'form', basis: 'form:site', textVersion, channel })])[0]?.written;
    expect([says('web-2', 'sms'), says('plain', 'sms'), says('unheard-of', 'sms')]).toEqual([true, false, false]);
    expect([says('plain', 'email'), says('web-2', 'call')]).toEqual([true, false]);
  });

  it('gains its words when they become known, and no other number with them', () => {
    const seen = [shown('granted', { source: 'form', basis: 'form:site', textVersion: 'web-2' })];
    const before = entry({ source: 'form', basis: 'form:site', textVersion: 'web-2', written: false, givenAt: ago(9) });
    expect(see([before], seen)).toMatchObject([{ written: true, givenAt: ago(9), personHash: 'number' }]);
    expect(see([{ ...before, personHash: 'old number' }], seen)).toMatchObject([{ personHash: 'old number' }]);
    expect(see([{ ...before, textVersion: 'plain' }], seen)).toEqual([]);
  });

  it('is bound to the first number that is known, and to no number after it', () => {
    const unbound = byTag({ personHash: null, givenAt: ago(9) });
    expect(see([unbound], [shown('granted')])).toMatchObject([{ personHash: 'number', givenAt: ago(9) }]);
    expect(see([unbound], [shown('granted')], {})).toEqual([]);
    expect(see([byTag({ personHash: 'old number' })], [shown('granted')])).toEqual([]);
  });
});

describe('the read model', () => {
  it('tells of each channel what holds, and that what is there is not for this number', () => {
    expect(readModel([], me)).toEqual([]);
    expect(readModel([byTag()], me)).toMatchObject([{ channel: 'sms', state: 'granted', since: ago(100) }]);
    expect(readModel([byTag({ personHash: 'old number' })], me)).toMatchObject([{ state: 'unknown' }]);
    expect(readModel([byTag(), revoked(3)], me)).toMatchObject([
      { state: 'withdrawn', basis: 'opt-out', since: ago(3) },
    ]);
    expect(readModel([byTag(), byTag({ state: 'withdrawn', givenAt: ago(2) })], me)).toMatchObject([
      { state: 'withdrawn', basis: 'tag:ok', since: ago(2) },
    ]);
    expect(readModel([revoked(3), optIn(2)], me)).toMatchObject([{ state: 'unknown' }]);
  });
});
