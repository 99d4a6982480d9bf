import { describe, expect, it } from '@jest/globals';
import { inWords, speakerFor, standpointOf, type Trial, trialOf } from '../../../domain/scoring/cold-start.ts';
import { extractFeatures } from '../../../domain/scoring/features.ts';
import { type AdvisedLead, recommendationsFor } from '../../../domain/scoring/recommendations.ts';
import { logistic, scoreByRules, tierOf } from '../../../domain/scoring/scorecard.ts';
import type { Score, ScoreFacts } from '../../../domain/scoring/score.ts';
import { createRandom } from '../../../domain/scoring/trainer/random.ts';

const asOf = '2026-03-01T12:00:00.000Z';
const better = { low: 0.01, high: 0.05 };
const worse = { low: -0.01, high: 0.05 };
const trial: Trial = {
  leads: 400,
  won: 60,
  logLoss: { model: 0.3, rules: 0.4, baseRate: 0.42 },
  gain: { overRules: better, overBaseRate: better },
};

describe('who speaks', () => {
  it.each([
    ['too few leads', { leads: 999, won: 500, trial }, 'too-few-leads'],
    ['too few won', { leads: 5_000, won: 119, trial }, 'too-few-leads'],
    ['no trial', { leads: 1_000, won: 120, trial: null }, 'not-tried'],
    ['too few won in the trial', { leads: 1_000, won: 120, trial: { ...trial, won: 29 } }, 'too-few-won-in-trial'],
    [
      'no better than the base rate, beyond chance',
      { leads: 1_000, won: 120, trial: { ...trial, gain: { overRules: better, overBaseRate: worse } } },
      'no-better-than-base-rate',
    ],
    [
      'no better than the rules, beyond chance',
      { leads: 1_000, won: 120, trial: { ...trial, gain: { overRules: worse, overBaseRate: better } } },
      'no-better-than-rules',
    ],
    [
      'nobody can tell',
      { leads: 1_000, won: 120, trial: { ...trial, gain: { overRules: null, overBaseRate: better } } },
      'no-better-than-rules',
    ],
  ])('the rules: %s', (_, evidence, why) => {
    expect(speakerFor(evidence)).toMatchObject({ speaks: 'rules', why });
  });

  it('the model, once all of it is there', () => {
    expect(speakerFor({ leads: 1_000, won: 120, trial })).toEqual({ speaks: 'model', trial });
  });

  it('says how many more are needed', () => {
    expect(speakerFor({ leads: 700, won: 200, trial: null })).toMatchObject({ needs: { leads: 300, won: 0 } });
  });
});

describe('a trial', () => {
  const random = createRandom(4);
  const rows = Array.from({ length: 600 }, () => 4 * random.next() - 2);
  const labels = rows.map((logOdds) => (random.next() < logistic(logOdds) ? 1 : 0));
  const noise = rows.map(() => random.next() - 0.5);
  const halves = <T>(of: readonly T[]): [readonly T[], readonly T[]] => [of.slice(0, 300), of.slice(300)];
  const held = (model: readonly number[], rules: readonly number[]): Trial =>
    trialOf(
      {
        before: { labels: halves(labels)[0], rules: halves(rules)[0] },
        after: { labels: halves(labels)[1], rules: halves(rules)[1], model: halves(model)[1] },
      },
      1,
    );

  it('tells a model that knows from rules that do not', () => {
    const { gain, logLoss, leads } = held(rows.map(logistic), noise);
    expect(leads).toBe(300);
    expect(gain.overRules!.low).toBeGreaterThan(0);
    expect(gain.overBaseRate!.low).toBeGreaterThan(0);
    expect(logLoss.rules).toBeCloseTo(logLoss.baseRate, 1);
  });

  it('is fair to the rules: on their best line they win against chance', () => {
    const { gain } = held(
      noise.map(logistic),
      rows.map((one) => 5 * one + 3),
    );
    expect(gain.overRules!.high).toBeLessThan(0);
  });

  it('finds no gain in the base rate itself', () => {
    const rate = labels.slice(0, 300).reduce((sum, label) => sum + label, 0.5) / 301;
    const { gain } = held(
      rows.map(() => rate),
      noise,
    );
    expect(gain.overBaseRate!.low).toBeLessThanOrEqual(0);
    expect(gain.overBaseRate!.high).toBeGreaterThanOrEqual(0);
  });

  it('needs leads on both sides', () => {
    const none = { labels: [], rules: [], model: [] };
    expect(() => trialOf({ before: { labels: [1], rules: [0] }, after: none }, 1)).toThrow(RangeError);
  });
});

describe('a score that cannot tell', () => {
  const score = (value: number, confidence: number): Score => ({
    ...{ value, confidence, tier: 'warm', model: 'leads-1', reasons: [] },
    baseline: Math.log(value / (100 - value)),
  });
  const asks = (moves: number) => [
    { feature: 'answerHours', moves: 9 },
    { feature: 'budget', moves },
  ];

  it('asks what can be asked, and abstains where the answer would carry it over a bar', () => {
    const near = standpointOf(score(68, 0.9), asks(0.3));
    expect(near).toEqual({
      tells: false,
      ask: { feature: 'budget', question: 'What price range do you have in mind?', moves: 0.3 },
    });
    expect(standpointOf(score(68, 0.9), asks(0.05)).tells).toBe(true);
    expect(standpointOf(score(60, 0.9), asks(0.3)).tells).toBe(true);
  });

  it('abstains while less than half is sure, whatever can be asked', () => {
    expect(standpointOf(score(95, 0.49), [])).toEqual({ tells: false, ask: null });
    expect(standpointOf(score(95, 0.5), [])).toEqual({ tells: true, ask: null });
  });

  it('counts in ones of n below 45 in 100, and in tens from there on', () => {
    const words = (probability: number): string =>
      inWords({ ...score(80, 0.9), probability }, { speaks: 'model', trial }).replace(/^.* of leads like this /, '');
    expect([0, 0.0005, 0.19, 0.449, 0.45, 0.54, 0.551, 1].map(words)).toEqual([
      'about 1 in 1000 is won.',
      'about 1 in 1000 is won.',
      'about 1 in 5 is won.',
      'about 1 in 2 is won.',
      'about 5 in 10 are won.',
      'about 5 in 10 are won.',
      'about 6 in 10 are won.',
      'about 9 in 10 are won.',
    ]);
  });

  it('measures how far it is from the bars of who is sure', () => {
    const tells = (value: number): boolean => standpointOf(score(value, 0.5), asks(0.2)).tells;
    expect([46, 54, 66, 74].map(tells)).toEqual([false, false, false, false]);
    expect([40, 60, 80].map(tells)).toEqual([true, true, true]);
    expect([tierOf(70, 0.5), tierOf(50, 0.5), tierOf(49.9, 0.5)]).toEqual(['hot', 'warm', 'cold']);
    expect([tierOf(80, 0.49), tierOf(79.9, 0.49), tierOf(60, 0.49), tierOf(59.9, 0.49)]).toEqual([
      ...['hot', 'warm', 'warm', 'cold'],
    ]);
  });

  it('says who speaks and how sure it is', () => {
    const rules = { ...scoreByRules({ asOf, timeline: 'asap' }), model: 'scorecard-1' };
    const needs = speakerFor({ leads: 990, won: 100, trial: null });
    expect(inWords({ ...rules, unsure: { ask: 'How did you hear of us?' } }, needs)).toBe(
      'By the rules, not by your own results: 68 of 100, warm. A model of your own needs 10 more leads with a known outcome and ' +
        '20 more that were won first. Not enough is known to tell; ask: How did you hear of us?',
    );
    const own = { ...score(80, 0.9), probability: 0.19 };
    const speaks = { speaks: 'model', trial } as const;
    expect(inWords(own, speaks)).toBe('By your team’s own closed leads: of leads like this about 1 in 5 is won.');
    expect(inWords({ ...own, probability: 0.46 }, speaks)).toMatch(/about 5 in 10 are won\.$/);
    expect(inWords({ ...own, unsure: { ask: null } }, speaks)).toMatch(/ is won\. Not enough is known to tell\.$/);
    expect(inWords(rules, speaks)).toMatch(/Your own model did not speak when this was scored\.$/);
    expect(inWords({ ...rules, model: 'rules-fallback' }, speaks)).toMatch(/Your own model could not be asked\.$/);
  });
});

describe('what to do', () => {
  const full: ScoreFacts = {
    ...{ asOf, emailsSent: 4, emailOpens: 1, emailClicks: 0, responseHours: [60], propertyMatches: 2 },
    ...{ budget: 400_000, viewedPrices: [410_000] },
  };
  const lead = (over: Partial<AdvisedLead>): AdvisedLead => ({
    ...{ tier: 'hot', stage: 'engaged', side: 'buy', features: extractFeatures(full) },
    unsure: undefined,
    ...over,
  });
  const does = (over: Partial<AdvisedLead>): string[] => recommendationsFor(lead(over)).map((one) => one.does);

  it('follows from the tier and from known facts', () => {
    expect(recommendationsFor(lead({}))).toEqual([
      { does: 'Call', withinHours: 1, because: null },
      { does: 'Offer a viewing', withinHours: 48, because: null },
      { does: 'Talk about financing', withinHours: null, because: 'budgetMatch' },
    ]);
    expect(does({ tier: 'warm' })).toEqual([
      'Call or write',
      'Write something else than so far',
      'Look for more listings that match',
    ]);
    expect(does({ tier: 'cold' })).toEqual([
      'Leave it to the follow-up sequences',
      'Try another channel',
      'Look for more listings that match',
    ]);
  });

  it('invents nothing where a fact is not known', () => {
    const features = extractFeatures({ asOf });
    expect(does({ features, side: null })).toEqual(['Call', 'Offer an appointment']);
    expect(does({ features, tier: 'warm' })).toEqual(['Call or write']);
    expect(does({ features, tier: 'cold' })).toEqual(['Leave it to the follow-up sequences']);
    expect(does({ tier: 'warm', side: 'sell' })).not.toContain('Look for more listings that match');
  });

  it('asks first where the score cannot tell', () => {
    expect(does({ unsure: { ask: 'How soon would you like to move?' } })[0]).toBe(
      'Ask: How soon would you like to move?',
    );
    expect(does({ unsure: { ask: null } })[0]).toBe('Call');
  });

  it('advises nothing for a lead that is gone or wants to be left alone', () => {
    expect(does({ stage: 'opted-out' })).toEqual([]);
    expect(does({ stage: 'gone' })).toEqual([]);
  });
});
