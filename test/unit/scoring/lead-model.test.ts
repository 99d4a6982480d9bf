import { describe, expect, it } from '@jest/globals';
import { speakerFor } from '../../../domain/scoring/cold-start.ts';
import { leadFeaturesAt } from '../../../domain/scoring/features/lead-features.ts';
import { leadSchema, refusedIn } from '../../../domain/scoring/lead-model.ts';
import { holdTrial } from '../../../domain/scoring/lead-trial.ts';
import { numbersOf, type Table } from '../../../domain/scoring/data/table.ts';
import type { Encoding } from '../../../domain/scoring/trainer/encoder.ts';
import { examplesOf, madeUpLeads } from '../../support/closed-leads.ts';

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

  it('names what a model takes for what it is not', () => {
    const timeline = leadSchema('contact').features.find(({ name }) => name.startsWith('moveTimeline@'))!.name;
    const columns: readonly Encoding[] = [
      { kind: 'number', feature: timeline },
      { kind: 'is', feature: timeline, level: 'soon', known: ['soon', null] },
      { kind: 'month', feature: 'homesViewed@1' },
      { kind: 'mean', feature: 'homesViewed@1', levels: [] },
    ];
    expect(refusedIn({ encoder: { columns } }, 'contact')).toEqual([
      { feature: timeline, why: 'it is a category and is read as a number' },
      { feature: 'homesViewed@1', why: 'it is a number and is read as a date' },
      { feature: 'homesViewed@1', why: 'it is a number and is read as a category' },
    ]);
  });
});

describe('a trial on later leads', () => {
  const learner = { trees: 40, leaves: 4, learningRate: 0.2 };
  const held = (signal: number) => {
    const { snapshots, outcomes, last } = madeUpLeads(1_600, { seed: 11, signal });
    const now = new Date(Date.parse(last) + 100 * 86_400_000).toISOString();
    const { table } = examplesOf(snapshots, outcomes, { now, stage: 'capture' });
    const trial = holdTrial(table, 'capture', { seed: 3, learner });
    const won = numbersOf(table, 'won').reduce((sum, label) => sum + label, 0);
    return { trial, speaker: speakerFor({ leads: table.rows, won, trial }) };
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
    const { table } = examplesOf(snapshots, outcomes, { now, stage: 'capture' });
    expect(holdTrial(table, 'capture', { seed: 3, learner })).toBeNull();
  });

  it('learns from no earlier lead of a person on whose later lead it is tried', () => {
    const { snapshots, outcomes, last } = madeUpLeads(1_600, { seed: 11, signal: 1 });
    const now = new Date(Date.parse(last) + 100 * 86_400_000).toISOString();
    // Each of the last 400 leads is of somebody who wrote three times before.
    const people = Object.fromEntries(snapshots.map(({ contactId }, i) => [contactId, `person ${i % 400}`]));
    const options = { seed: 3, learner };
    const trialOf = (table: Table) => holdTrial(table, 'capture', options);
    expect(trialOf(examplesOf(snapshots, outcomes, { now, stage: 'capture', people }).table)).toBeNull();
    expect(trialOf(examplesOf(snapshots, outcomes, { now, stage: 'capture' }).table)).not.toBeNull();
  });
});
