import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contest, type Contest, type Happening, nextSilence } from '../../../domain/follow-up/contest.ts';
import type { Enrolment, EnrolmentEvent, SequenceDocument } from '../../../domain/follow-up/sequence.ts';
import { begun, document, enrolmentIn } from './documents.ts';

const now = '2026-03-20T12:00:00.000Z';
const visit: EnrolmentEvent = { kind: 'appointment', id: 'a1', at: '2026-03-25T15:00:00.000Z' };
const running = (one: SequenceDocument, more: Partial<Enrolment> = {}): Enrolment => ({
  ...enrolmentIn(one.steps),
  ...{ enrolmentId: `e-${one.key}`, document: one },
  ...more,
});
const situation = (happening: Happening, more: Partial<Contest> = {}): Contest => ({
  ...{ now, happening, sequences: [], running: [], began: {}, facts: {}, available: [] },
  ...more,
});
const activated: Happening = { on: 'lead.activated' };

/** Keys that begin, enrolments that end, and why the others do not begin. */
function outcome(happening: Happening, more: Partial<Contest>) {
  const { begin, end, declined } = contest(situation(happening, more));
  return {
    begin: begin.map(({ document: { key } }) => key),
    end: end.map(({ enrolmentId }) => enrolmentId),
    declined: Object.fromEntries(declined.map(({ key, why }) => [key, why])),
  };
}

const weak = document({ key: 'weak', priority: 10 });
const strong = document({ key: 'strong', priority: 90 });

describe('which sequence begins', () => {
  it.each<[string, Happening, SequenceDocument['trigger'], boolean]>([
    ['activation', activated, { on: 'lead.activated' }, true],
    ['activation, for one of silence', activated, { on: 'silence', after: 'P1D' }, false],
    ['a tier', { on: 'tier', becomes: 'hot' }, { on: 'tier', becomes: 'hot' }, true],
    ['another tier', { on: 'tier', becomes: 'warm' }, { on: 'tier', becomes: 'hot' }, false],
    [
      'silence, long enough',
      { on: 'silence', since: '2026-03-17T12:00:00.000Z' },
      { on: 'silence', after: 'P3D' },
      true,
    ],
    [
      'silence, too short',
      { on: 'silence', since: '2026-03-17T12:00:00.001Z' },
      { on: 'silence', after: 'P3D' },
      false,
    ],
    ['a booking', { on: 'appointment.booked', event: visit }, { on: 'appointment.booked' }, true],
    ['no person', activated, { on: 'operator' }, false],
  ])('follows from %s', (_, happening, trigger, begins) => {
    const sequences = [document({ trigger })];
    expect(outcome(happening, { sequences })).toEqual({ begin: begins ? ['plan'] : [], end: [], declined: {} });
  });

  it('is the strongest of a track, and the one whose key comes first where two are alike', () => {
    expect(outcome(activated, { sequences: [weak, strong] })).toEqual({
      begin: ['strong'],
      end: [],
      declined: { weak: 'strong is stronger' },
    });
    const alike = [document({ key: 'b' }), document({ key: 'a' })];
    expect(outcome(activated, { sequences: alike }).begin).toEqual(['a']);
  });

  it('is one on each track', () => {
    const other = document({ key: 'other', track: 'appointment' });
    expect(outcome(activated, { sequences: [weak, other] }).begin).toEqual(['other', 'weak']);
  });

  it('ends the weaker ones of its track, and waits for none that is as strong', () => {
    const alike = document({ key: 'alike', priority: 90 });
    expect(outcome(activated, { sequences: [strong], running: [running(weak)] })).toEqual({
      begin: ['strong'],
      end: ['e-weak'],
      declined: {},
    });
    for (const one of [strong, alike]) {
      expect(outcome(activated, { sequences: [weak, alike], running: [running(one)] }).begin).toEqual([]);
    }
    expect(outcome(activated, { sequences: [alike], running: [running(strong)] }).declined).toEqual({
      alike: 'strong runs and is not weaker',
    });
    const elsewhere = running(document({ ...weak, track: 'appointment' }));
    expect(outcome(activated, { sequences: [strong], running: [elsewhere] }).end).toEqual([]);
  });

  it('says by which one another ended', () => {
    const { end } = contest(situation(activated, { sequences: [strong], running: [running(weak)] }));
    expect(end).toEqual([{ enrolmentId: 'e-weak', reason: 'outranked', by: 'strong' }]);
  });

  it('is none that the lead is in already', () => {
    expect(outcome(activated, { sequences: [weak], running: [running(weak)] })).toMatchObject({
      begin: [],
      end: [],
      declined: { weak: 'the lead is in this sequence already' },
    });
  });

  it('has the lead in its audience', () => {
    const buyers = document({ audience: [{ fact: 'side', equals: 'buy' }] });
    expect(outcome(activated, { sequences: [buyers], facts: { side: 'buy' } }).begin).toEqual(['plan']);
    expect(outcome(activated, { sequences: [buyers], facts: { side: 'sell' } }).declined).toEqual({
      plan: 'the lead is not of its audience: side is not buy',
    });
    expect(outcome(activated, { sequences: [buyers] }).declined).toEqual({
      plan: 'the lead is not of its audience: side is not known',
    });
  });

  it('gives way to a weaker one where the lead is not of its audience', () => {
    const picky = document({ ...strong, audience: [{ fact: 'tier', equals: 'hot' }] });
    expect(outcome(activated, { sequences: [picky, weak], facts: { tier: 'cold' } }).begin).toEqual(['weak']);
  });

  it('has what it needs', () => {
    const needs = document({ needs: ['listings', 'valuations'] });
    expect(outcome(activated, { sequences: [needs], available: ['listings'] }).declined).toEqual({
      plan: 'it needs valuations, which this location does not have',
    });
    expect(outcome(activated, { sequences: [needs], available: ['valuations', 'listings'] }).begin).toEqual(['plan']);
  });

  it('ran long enough ago', () => {
    const often = document({ coolDown: 'P10D' });
    const began = { plan: '2026-03-10T12:00:00.000Z' };
    expect(outcome(activated, { sequences: [often], began }).begin).toEqual(['plan']);
    expect(outcome(activated, { sequences: [often], began: { plan: '2026-03-10T12:00:00.001Z' } }).declined).toEqual({
      plan: 'it ran not long ago, and may begin again from 2026-03-20T12:00:00.001Z',
    });
    expect(outcome(activated, { sequences: [document()], began }).declined).toEqual({
      plan: "it runs once in a lead's life, and has run",
    });
    expect(outcome(activated, { sequences: [document({ key: 'constructor' })], began }).begin).toEqual(['constructor']);
  });
});

describe('what a person asks for', () => {
  const asked = (more: Partial<Extract<Happening, { on: 'operator' }>> = {}): Happening => ({
    ...{ on: 'operator', sequence: 'weak', event: null },
    ...more,
  });
  const picky = document({ ...weak, audience: [{ fact: 'tier', equals: 'hot' }], needs: ['listings'] });

  it('begins whatever its trigger, audience, cool-down and rank are', () => {
    const more = { sequences: [strong, picky], running: [running(strong)], began: { weak: begun } };
    expect(outcome(asked(), { ...more, available: ['listings'] })).toEqual({
      begin: ['weak'],
      end: ['e-strong'],
      declined: {},
    });
    expect(outcome(asked(), more).declined).toEqual({ weak: 'it needs listings, which this location does not have' });
  });

  it('is about an appointment only where there is one', () => {
    const reminders = document({ ...weak, trigger: { on: 'appointment.booked' } });
    expect(outcome(asked(), { sequences: [reminders] }).declined).toEqual({
      weak: 'it is about an appointment, and there is none',
    });
    const { begin } = contest(situation(asked({ event: visit }), { sequences: [reminders, strong] }));
    expect(begin).toEqual([{ document: reminders, event: visit }]);
    expect(contest(situation(asked({ event: visit }), { sequences: [weak] })).begin).toEqual([
      { document: weak, event: null },
    ]);
  });
});

describe('two appointments', () => {
  const reminders = document({
    key: 'reminders',
    track: 'appointment',
    trigger: { on: 'appointment.booked' },
    coolDown: 'PT0S',
  });
  const first = running(reminders, { event: visit });

  it('have their reminders side by side, and each its own once', () => {
    const booked = (event: EnrolmentEvent) =>
      outcome({ on: 'appointment.booked', event }, { sequences: [reminders], running: [first] });
    expect(booked({ ...visit, id: 'a2' })).toEqual({ begin: ['reminders'], end: [], declined: {} });
    expect(booked({ ...visit, at: now }).declined).toEqual({ reminders: 'the lead is in this sequence already' });
  });
});

describe('the next silence', () => {
  const after = (key: string, days: number, coolDown: string | null = null) =>
    document({ key, coolDown, trigger: { on: 'silence', after: `P${days}D` } });
  const since = '2026-03-18T12:00:00.000Z';
  const next = (sequences: readonly SequenceDocument[], began: Contest['began'] = {}) =>
    nextSilence(since, { now, sequences, began });

  it('is the earliest that is not over, and never one that may not begin again', () => {
    expect(next([after('past', 1), after('late', 30), after('soon', 3), document()])).toBe('2026-03-21T12:00:00.000Z');
    expect(next([after('past', 1)])).toBeNull();
    expect(next([after('once', 3)], { once: begun })).toBeNull();
    expect(next([])).toBeNull();
  });

  it('is put off by a cool-down', () => {
    expect(next([after('again', 1, 'P20D')], { again: begun })).toBe('2026-03-27T15:00:00.000Z');
    expect(next([after('again', 1, 'P1D')], { again: begun })).toBeNull();
  });
});

describe('whatever runs and waits', () => {
  const some = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    priority: fc.integer({ min: 0, max: 3 }),
    track: fc.constantFrom('talk' as const, 'appointment' as const),
  });
  const documents = fc
    .uniqueArray(some, { selector: ({ key }) => key })
    .map((list) => list.map((one) => document(one)));

  it('one of each track runs afterwards if one did or waits, none is weaker than another was, and order decides nothing', () => {
    fc.assert(
      fc.property(documents, documents, (sequences, others) => {
        // Of each track at most one runs beforehand, as it always is.
        const before = (['talk', 'appointment'] as const).flatMap((track) => {
          const one = others.find((other) => other.track === track);
          return one === undefined ? [] : [running(one)];
        });
        const given = situation(activated, { sequences, running: before });
        const result = contest(given);
        expect(contest({ ...given, sequences: sequences.toReversed(), running: before.toReversed() })).toEqual(result);
        for (const track of ['talk', 'appointment'] as const) {
          const ended = new Set(result.end.map(({ enrolmentId }) => enrolmentId));
          const staying = before.filter((one) => one.document.track === track && !ended.has(one.enrolmentId));
          const all = [
            ...staying.map((one) => one.document),
            ...result.begin.map((one) => one.document).filter((one) => one.track === track),
          ];
          const had = before.filter((one) => one.document.track === track).map((one) => one.document.priority);
          expect(all.length).toBeLessThanOrEqual(1);
          for (const priority of had) expect(all[0]!.priority).toBeGreaterThanOrEqual(priority);
        }
        const told = [...result.begin.map((one) => one.document.key), ...result.declined.map(({ key }) => key)];
        expect(told.toSorted()).toEqual(sequences.map(({ key }) => key).toSorted());
      }),
    );
  });
});
