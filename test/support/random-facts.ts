import fc from 'fast-check';
import type { ScoreFacts } from '../../domain/scoring/score.ts';

const impossible = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 1e308, 5e-324);

/** Facts of any lead: each key may be absent, and numbers are also what a broken source would send. */
export const anyFacts: fc.Arbitrary<ScoreFacts> = fc.record(
  {
    asOf: fc.constant('2026-03-01T12:00:00.000Z'),
    emailsSent: count(30),
    emailOpens: count(60),
    emailClicks: count(60),
    responseHours: fc.array(quantity(100), { maxLength: 6 }),
    pageViews: count(60),
    budget: quantity(2_000_000),
    viewedPrices: fc.array(quantity(2_000_000), { maxLength: 6 }),
    timeline: fc.constantFrom('immediate', 'soon', 'exploring', 'asap', '3-6 months', 'no rush', 'no idea', ''),
    propertyMatches: count(30),
    messages: fc.array(
      fc.oneof(fc.lorem({ maxCount: 30 }), fc.string(), fc.constant('Is the location ok? Budget is $450k')),
      {
        maxLength: 5,
      },
    ),
    source: fc.constantFrom('Referral', 'Google organic', 'Facebook ads', 'other', 'constructor'),
  },
  { requiredKeys: ['asOf'] },
);

/** The same leads for the same seed. */
export function sampleFacts(leads: number, seed: number): ScoreFacts[] {
  return fc.sample(anyFacts, { numRuns: leads, seed });
}

function count(usual: number): fc.Arbitrary<number> {
  return fc.oneof({ weight: 9, arbitrary: fc.nat(usual) }, { weight: 1, arbitrary: impossible });
}

function quantity(usual: number): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: 0, max: usual, noNaN: true }) },
    { weight: 1, arbitrary: impossible },
  );
}
