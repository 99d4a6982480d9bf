import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { extractFeatures, featureNames, type FeatureName } from '../../../domain/scoring/features.ts';
import { confidenceOf, logOddsOf, logistic, scoreByRules, tierOf, weights } from '../../../domain/scoring/scorecard.ts';
import { explain } from '../../../domain/scoring/reasons.ts';
import type { ScoreFacts } from '../../../domain/scoring/score.ts';
import { anyFacts } from '../../support/random-facts.ts';

const asOf = '2026-03-01T12:00:00.000Z';
const nothing: ScoreFacts = { asOf };

/** Facts that give all eight features. */
const everything: ScoreFacts = {
  asOf,
  emailsSent: 4,
  emailOpens: 2,
  emailClicks: 1,
  responseHours: [12],
  pageViews: 8,
  budget: 400_000,
  viewedPrices: [450_000],
  timeline: 'soon',
  propertyMatches: 4,
  messages: ['Which location has the lowest taxes?'],
  source: 'Referral',
};

describe('extractFeatures', () => {
  it('clamps rates: many opens of one letter are one opened letter', () => {
    expect(extractFeatures({ asOf, emailsSent: 2, emailOpens: 9, emailClicks: 0 }).engagement).toBe(Math.fround(0.6));
    expect(extractFeatures({ asOf, emailsSent: 2, emailOpens: 9, emailClicks: 9 }).engagement).toBe(1);
  });

  it('gives each feature the value of its definition', () => {
    const features = extractFeatures({ ...everything, messages: ['x'.repeat(100), 'At 5? When? Where?'] });
    const expected: Record<FeatureName, number> = {
      engagement: 0.6 * 0.5 + 0.4 * 0.25,
      budgetMatch: 400 / 450,
      responseTime: 1 - 12 / 48,
      timeline: 0.7,
      pageViews: 0.4,
      communication: (0.15 + (0.3 * 18) / 200 + 0.4 + 0.3) / 2,
      propertyMatches: 0.4,
      source: 1,
    };
    for (const name of featureNames) expect([name, features[name]]).toEqual([name, Math.fround(expected[name])]);
  });

  it('records what is absent as missing, never as a middling value', () => {
    expect(Object.values(extractFeatures(nothing))).toEqual(Array(featureNames.length).fill(null));
  });

  it.each<[string, Partial<ScoreFacts>]>([
    ['no letters sent', { emailsSent: 0, emailOpens: 0, emailClicks: 0 }],
    ['opens unknown', { emailsSent: 3, emailClicks: 1 }],
    ['a budget without viewed homes', { budget: 400_000 }],
    ['viewed homes without a budget', { viewedPrices: [400_000] }],
    ['no answers yet', { responseHours: [] }],
    ['blank texts', { messages: ['', '  '] }],
    ['a timeline in words we do not know', { timeline: 'no idea' }],
    ['a source we do not know', { source: 'other' }],
    [
      'impossible numbers',
      { pageViews: -1, propertyMatches: Number.NaN, responseHours: [-3, Number.POSITIVE_INFINITY] },
    ],
  ])('is missing: %s', (_, facts) => {
    expect(Object.values(extractFeatures({ asOf, ...facts }))).toEqual(Array(featureNames.length).fill(null));
  });

  it('stays within 0 and 1 for any facts', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        for (const value of Object.values(extractFeatures(facts)))
          expect(value === null || (value >= 0 && value <= 1)).toBe(true);
      }),
    );
  });
});

describe('scoreByRules', () => {
  it('stays within 0–100 and 0.30–0.95 for any facts', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const score = scoreByRules(facts);
        expect(score.value >= 0 && score.value <= 100).toBe(true);
        expect(score.confidence >= 0.3 && score.confidence <= 0.95).toBe(true);
      }),
    );
  });

  it('adds up: baseline and contributions are the log-odds, and those are the value', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const score = scoreByRules(facts);
        const sum = score.reasons.reduce((total, reason) => total + reason.contribution, score.baseline);
        expect(logOddsOf(score)).toBe(sum);
        expect(score.value).toBe(100 * logistic(sum));
      }),
    );
  });

  it('follows the formula, feature by feature', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        for (const { feature, value, contribution } of scoreByRules(facts).reasons) {
          const wanted = value === null ? 0 : 10 * weights[feature as FeatureName] * (Number(value) - 0.5);
          expect(Math.abs(contribution - wanted)).toBeLessThan(1e-6);
        }
      }),
    );
  });

  it('lets a missing feature contribute nothing and lower the confidence', () => {
    const full = scoreByRules(everything);
    const without: Record<FeatureName, keyof ScoreFacts> = {
      engagement: 'emailsSent',
      budgetMatch: 'budget',
      responseTime: 'responseHours',
      timeline: 'timeline',
      pageViews: 'pageViews',
      communication: 'messages',
      propertyMatches: 'propertyMatches',
      source: 'source',
    };
    for (const name of featureNames) {
      const { [without[name]]: _, ...rest } = everything;
      const score = scoreByRules(rest as ScoreFacts);
      const others = full.reasons.filter((reason) => reason.feature !== name);
      expect(score.reasons.find((reason) => reason.feature === name)).toEqual({
        feature: name,
        value: null,
        contribution: 0,
      });
      expect(score.reasons.filter((reason) => reason.feature !== name)).toEqual(others);
      expect(score.confidence).toBeLessThan(full.confidence);
    }
  });

  it('gives even odds and its least confidence to a lead of whom nothing is known', () => {
    expect(scoreByRules(nothing)).toMatchObject({ value: 50, confidence: 0.3, tier: 'cold', model: 'rules-fallback' });
  });

  it.each<[string, (n: number) => Partial<ScoreFacts>, number]>([
    ['more opens', (n) => ({ emailsSent: 10, emailOpens: n, emailClicks: 0 }), 12],
    ['more pages', (n) => ({ pageViews: n }), 25],
    ['more matches', (n) => ({ propertyMatches: n }), 12],
    ['faster answers', (n) => ({ responseHours: [60 - n] }), 60],
    ['a budget nearer to the homes', (n) => ({ budget: 100_000 + n * 10_000, viewedPrices: [400_000] }), 30],
  ])('never falls with %s', (_, facts, most) => {
    fc.assert(
      fc.property(anyFacts, fc.nat(most), fc.nat(most), (lead, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((n) => scoreByRules({ ...lead, ...facts(n) }).value);
        expect(more!).toBeGreaterThanOrEqual(less!);
      }),
    );
  });
});

describe('tierOf', () => {
  it.each([
    [70, 0.5, 'hot'],
    [69.99, 0.5, 'warm'],
    [50, 0.5, 'warm'],
    [49.99, 0.5, 'cold'],
    [80, 0.499, 'hot'],
    [79.99, 0.499, 'warm'],
    [60, 0.499, 'warm'],
    [59.99, 0.499, 'cold'],
  ])('calls %d at confidence %d %s', (value, confidence, tier) => expect(tierOf(value, confidence)).toBe(tier));
});

describe('confidenceOf', () => {
  it('runs from 0.30 to 0.95', () => {
    expect(confidenceOf(extractFeatures(nothing))).toBeCloseTo(0.3, 12);
    expect(confidenceOf(extractFeatures(everything))).toBeCloseTo(0.95, 12);
  });
});

describe('explain', () => {
  it('names what raises, what lowers and what is not known, strongest first', () => {
    const said = explain(
      scoreByRules({ asOf, timeline: 'asap', pageViews: 0, source: 'referral', propertyMatches: 0 }),
    );
    expect(said).toEqual({
      raises: ['wants to move within months', 'came from a source that tends to close'],
      lowers: ['views few pages', 'few listings match'],
      unknown: ['e-mail engagement', 'budget against viewed prices', 'response time', 'messages'],
    });
  });
});
