import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SequenceDocument, SequenceStep } from '../../../domain/follow-up/sequence.ts';
import { diffOf, impactOf } from '../../../domain/follow-up/versions.ts';
import { document, text } from './documents.ts';

const four = [text('a'), text('b'), text('c'), text('d')];
const of = (steps: readonly SequenceStep[], more: Partial<SequenceDocument> = {}) => document({ steps, ...more });

describe('what differs between two versions', () => {
  it('is nothing where only the spelling of the document does', () => {
    const shuffled = Object.fromEntries(Object.entries(four[0]!).toReversed()) as unknown as SequenceStep;
    const before = of(four, { exits: ['reply', 'booking'] });
    const after = of([shuffled, ...four.slice(1)], { exits: ['booking', 'reply'], version: 7 });
    expect(diffOf(before, after)).toEqual({ steps: [], choices: [] });
  });

  it('is told step by step: added, removed, and what of one is another', () => {
    const after = [
      text('a', { body: 'Hello' }),
      text('new'),
      text('b', { offset: 'P1D', lapsesAfter: 'PT1H' }),
      text('d', { when: [{ fact: 'tier', equals: 'hot' }] }),
    ];
    expect(diffOf(of(four), of(after)).steps).toEqual([
      { kind: 'changed', key: 'a', place: 1, wasPlace: 1, aspects: ['words'] },
      { kind: 'added', key: 'new', place: 2 },
      { kind: 'changed', key: 'b', place: 3, wasPlace: 2, aspects: ['time'] },
      { kind: 'changed', key: 'd', place: 4, wasPlace: 4, aspects: ['branch'] },
      { kind: 'removed', key: 'c', wasPlace: 3 },
    ]);
    const called: SequenceStep = {
      key: 'a',
      channel: 'call-task',
      offset: 'PT0S',
      anchor: 'enrolment',
      title: 'x',
      body: 'x',
    };
    expect(diffOf(of(four), of([called, ...four.slice(1)])).steps).toMatchObject([{ aspects: ['channel', 'words'] }]);
  });

  it('names as moved the fewest steps that can have been', () => {
    const [a, b, c, d] = four as [SequenceStep, SequenceStep, SequenceStep, SequenceStep];
    expect(diffOf(of(four), of([d, a, b, c])).steps).toEqual([
      { kind: 'changed', key: 'd', place: 1, wasPlace: 4, aspects: ['order'] },
    ]);
    expect(diffOf(of(four), of([b, c, d])).steps).toEqual([{ kind: 'removed', key: 'a', wasPlace: 1 }]);
  });

  it('is told choice by choice in plain words', () => {
    const after: Partial<SequenceDocument> = {
      title: 'another plan',
      priority: 60,
      track: 'appointment',
      trigger: { on: 'silence', after: 'P3D' },
      optIn: true,
      audience: [
        { fact: 'score', from: 30, below: 60 },
        { fact: 'side', known: false },
      ],
      coolDown: 'P30D',
      needs: ['listings'],
      exits: ['reply', 'booking'],
    };
    expect(diffOf(of(four), of(four, after)).choices).toEqual([
      { choice: 'title', before: 'a plan', after: 'another plan' },
      { choice: 'priority', before: '50', after: '60' },
      { choice: 'track', before: 'talk', after: 'appointment' },
      { choice: 'trigger', before: 'lead.activated', after: 'silence of P3D' },
      { choice: 'optIn', before: 'everywhere', after: 'where a location turned it on' },
      { choice: 'audience', before: 'everybody', after: 'score from 30 and below 60, side unknown' },
      { choice: 'coolDown', before: 'once in a life', after: 'P30D' },
      { choice: 'needs', before: 'nothing', after: 'listings' },
      { choice: 'exits', before: 'reply', after: 'booking, reply' },
    ]);
    const tiers = (['hot', 'cold'] as const).map((becomes) => of(four, { trigger: { on: 'tier', becomes } }));
    expect(diffOf(tiers[0]!, tiers[1]!).choices).toMatchObject([
      { before: 'tier becomes hot', after: 'tier becomes cold' },
    ]);
  });

  it('is empty for a document and itself, and the other way round adds what was removed', () => {
    const steps = fc
      .uniqueArray(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), body: fc.constantFrom('x', 'y') }), {
        selector: ({ key }) => key,
        minLength: 1,
      })
      .map((list) => of(list.map(({ key, body }) => text(key, { body }))));
    const keys = (list: ReturnType<typeof diffOf>['steps'], kind: string) =>
      list.flatMap((change) => (change.kind === kind ? [change.key] : [])).toSorted();
    fc.assert(
      fc.property(steps, steps, (one, other) => {
        expect(diffOf(one, one)).toEqual({ steps: [], choices: [] });
        const [there, back] = [diffOf(one, other).steps, diffOf(other, one).steps];
        expect(keys(there, 'added')).toEqual(keys(back, 'removed'));
        expect(keys(there, 'removed')).toEqual(keys(back, 'added'));
        expect(there.length === 0).toBe(JSON.stringify(one.steps) === JSON.stringify(other.steps));
      }),
    );
  });
});

describe('whom a new version changes something for', () => {
  const before = of(four);
  const after = of([four[0]!, text('b', { body: 'Hello' }), ...four.slice(2)]);
  const versions = new Map([
    [1, of([text('a', { body: 'old' }), ...four.slice(1)])],
    [2, before],
  ]);

  it('is of those under way whoever has a step ahead that is another one now; all of them keep their version', () => {
    const impact = impactOf(
      before,
      after,
      [
        { version: 2, nextStep: 'a', leads: 5 },
        { version: 2, nextStep: 'b', leads: 3 },
        { version: 2, nextStep: 'c', leads: 20 },
        { version: 2, nextStep: null, leads: 1 },
        { version: 1, nextStep: 'c', leads: 7 },
      ],
      versions,
    );
    expect(impact).toEqual({
      keep: [
        { version: 2, leads: 29, differing: 8 },
        { version: 1, leads: 7, differing: 0 },
      ],
      beginsOtherwise: false,
      getsOtherwise: true,
    });
  });

  it('is whoever comes to a step that is gone, or is followed by a new one, and whose version nobody has', () => {
    const differing = (later: SequenceDocument, version: number, nextStep: string) =>
      impactOf(before, later, [{ version, nextStep, leads: 1 }], versions).keep[0]!.differing;
    expect(differing(of(four.slice(0, 3)), 2, 'd')).toBe(1);
    expect(differing(of([...four, text('e')]), 2, 'd')).toBe(1);
    expect(differing(before, 2, 'd')).toBe(0);
    expect(differing(before, 9, 'd')).toBe(1);
  });

  it('tells who begins from what they get', () => {
    const impact = (more: Partial<SequenceDocument>) => {
      const { beginsOtherwise, getsOtherwise } = impactOf(before, of(four, more), [], versions);
      return [beginsOtherwise, getsOtherwise];
    };
    expect(impact({ title: 'another title' })).toEqual([false, false]);
    expect(impact({ audience: [{ fact: 'tier', equals: 'hot' }] })).toEqual([true, false]);
    expect(impact({ exits: [] })).toEqual([false, true]);
    expect(impact({ priority: 1, steps: four.slice(1) })).toEqual([true, true]);
  });
});
