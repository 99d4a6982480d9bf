import { describe, expect, it } from '@jest/globals';
import { speakerFor } from '../../../domain/scoring/cold-start.ts';
import { leadFeaturesAt } from '../../../domain/scoring/features/lead-features.ts';
import { leadExamples, leadSchema, type LeadSnapshot, refusedIn } from '../../../domain/scoring/lead-model.ts';
import { holdTrial } from '../../../domain/scoring/lead-trial.ts';
import { numbersOf, wordsOf } from '../../../domain/scoring/table.ts';
import { madeUpLeads, snapshotOf } from '../../support/closed-leads.ts';

const day = (n: number): string => new Date(Date.parse('2026-01-01T00:00:00.000Z') + n * 86_400_000).toISOString();
const contact = { now: day(200), stage: 'contact' } as const;
const fresh = { daysKnown: 0.5, homesViewed: 3 };

describe('leadExamples', () => {
  it('has a row for each lead whose time is over, won or not', () => {
    const snapshots = ['quick', 'late', 'lost', 'silent', 'running', 'early win'].map((id, i) =>
      snapshotOf(id, day(i < 4 ? 10 : 150), fresh),
    );
    const { table, counts } = leadExamples(
      snapshots,
      [
        { contactId: 'quick', status: 'won', at: day(30) },
        { contactId: 'late', status: 'won', at: day(150) },
        { contactId: 'lost', status: 'lost', at: day(20) },
        { contactId: 'early win', status: 'won', at: day(160) },
      ],
      contact,
    );
    const labels = Object.fromEntries(wordsOf(table, 'lead')!.map((id, i) => [id, numbersOf(table, 'won')[i]]));
    expect(labels).toEqual({ quick: 1, late: 0, lost: 0, silent: 0 });
    expect(counts).toEqual({ leads: 4, won: 1, censored: 2, unusable: 0 });
  });

  it('does not learn from what was known once the deal was closed', () => {
    const won = { contactId: 'a', status: 'won', at: day(20) } as const;
    const after = leadExamples([snapshotOf('a', day(20), fresh)], [won], contact);
    expect(after.counts).toEqual({ leads: 0, won: 0, censored: 0, unusable: 1 });
    const before = leadExamples([snapshotOf('a', day(20), fresh), snapshotOf('a', day(19), fresh)], [won], contact);
    expect(before.counts).toMatchObject({ leads: 1, won: 1 });
    expect(numbersOf(before.table, 'day')[0]).toBe(Date.parse(day(19)) / 86_400_000);
  });

  it('takes the first snapshot at capture, if it was taken in time', () => {
    const scored = (id: string, daysKnown: number): LeadSnapshot[] => [
      snapshotOf(id, day(12), { daysKnown: daysKnown + 7, homesViewed: 9 }),
      snapshotOf(id, day(5), { daysKnown, homesViewed: 2 }),
    ];
    const { table, counts } = leadExamples([...scored('a', 0.2), ...scored('b', 3)], [], {
      ...contact,
      stage: 'capture',
    });
    expect(wordsOf(table, 'lead')).toEqual(['a']);
    expect([...numbersOf(table, 'homesViewed@1')]).toEqual([2]);
    expect(counts.unusable).toBe(1);
  });

  it('counts a lead that is scored often once, and not always by its first snapshot', () => {
    const leads = Array.from({ length: 40 }, (_, i) =>
      [1, 2, 3, 4].map((n) => snapshotOf(`lead-${i}`, day(n), { daysKnown: n, homesViewed: n })),
    );
    const { table } = leadExamples(leads.flat(), [], contact);
    expect(table.rows).toBe(40);
    expect(new Set(numbersOf(table, 'homesViewed@1'))).toEqual(new Set([1, 2, 3, 4]));
    expect(leadExamples(leads.flat().toReversed(), [], contact).table).toEqual(table);
  });

  it('leaves out values that meant something else', () => {
    const now = snapshotOf('a', day(1), fresh);
    const older = { ...now, features: now.features.map((name) => (name === 'homesViewed@1' ? 'homesViewed@0' : name)) };
    expect(leadExamples([older], [], contact).counts.unusable).toBe(1);
  });

  it('keeps contacts of one person together', () => {
    const one = { ...snapshotOf('a', day(1), fresh), person: 'p' };
    const { table } = leadExamples([one, { ...one, contactId: 'b' }], [], contact);
    expect(wordsOf(table, leadSchema('contact').group!)).toEqual(['p', 'p']);
  });
});

describe('leadSchema', () => {
  it('names exactly the features of its stage, and no outcome', () => {
    const names = leadSchema('capture').features.map(({ name }) => name);
    expect(names).toEqual(leadFeaturesAt('capture').map(({ name, version }) => `${name}@${version}`));
    expect(leadSchema('contact').features.map(({ knownAt }) => knownAt)).not.toContain('outcome');
  });
});

describe('refusedIn', () => {
  it('names what a model of leads looks at and must not', () => {
    const columns = ['homesViewed@1', 'zipCode', 'answerHours@1', 'homesViewed@7'].map(
      (feature) => ({ kind: 'number', feature }) as const,
    );
    expect(refusedIn({ encoder: { columns } }, 'capture').map(({ feature }) => feature)).toEqual([
      'zipCode',
      'answerHours@1',
      'homesViewed@7',
    ]);
    expect(refusedIn({ encoder: { columns: columns.slice(0, 1) } }, 'capture')).toEqual([]);
  });
});

describe('a trial on later leads', () => {
  const learner = { trees: 40, leaves: 4, learningRate: 0.2 };
  const held = (signal: number) => {
    const { snapshots, outcomes, last } = madeUpLeads(1_600, { seed: 11, signal });
    const now = new Date(Date.parse(last) + 100 * 86_400_000).toISOString();
    const { table, counts } = leadExamples(snapshots, outcomes, { now, stage: 'capture' });
    const trial = holdTrial(table, 'capture', { seed: 3, learner });
    return { trial, speaker: speakerFor({ leads: counts.leads, won: counts.won, trial }) };
  };

  it('lets a model speak that is better than the rules and the base rate', () => {
    const { trial, speaker } = held(1);
    expect(speaker).toMatchObject({ speaks: 'model' });
    expect(trial!.leads).toBe(400);
    expect(trial!.logLoss.model).toBeLessThan(trial!.logLoss.baseRate);
  });

  it('does not let one speak that learned from chance', () => {
    expect(held(0).speaker).toEqual({ speaks: 'rules', why: 'no-better-than-base-rate' });
  });

  it('needs leads whose outcome was known before those it is tried on', () => {
    const { snapshots, outcomes, last } = madeUpLeads(200, { seed: 5, signal: 1 });
    const now = new Date(Date.parse(last) + 100 * 86_400_000).toISOString();
    const { table } = leadExamples(snapshots, outcomes, { now, stage: 'capture' });
    expect(holdTrial(table, 'capture', { seed: 3, learner })).toBeNull();
  });
});
