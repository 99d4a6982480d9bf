import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { traceFeatures, traceOf } from '../../../domain/scoring/features/lead-features.ts';
import { pastScore } from '../../../domain/scoring/past-score.ts';
import type { ScoreTrace } from '../../../domain/scoring/score.ts';
import { logOddsOf, scoreByRules } from '../../../domain/scoring/scorecard.ts';
import { voiceOf } from '../../../domain/scoring/voice.ts';
import { storedValues } from '../../support/closed-leads.ts';
import { stump } from '../../support/own-model.ts';
import { anyFacts } from '../../support/random-facts.ts';
import { anyHistory } from '../../support/random-history.ts';

const asOf = '2026-03-01T12:00:00.000Z';
const trace: ScoreTrace = {
  ...{ model: 'leads-1', modelHash: 'f00d', asOf },
  features: traceFeatures,
  values: storedValues({ homesViewed: 8 }),
};

describe('a past score', () => {
  it('comes from what was stored with it, to the last bit, when the rules spoke', () => {
    fc.assert(
      fc.property(anyFacts, anyHistory, (facts, history) => {
        const stored = JSON.parse(JSON.stringify({ features: traceFeatures, values: traceOf(facts, history) }));
        const rules = scoreByRules(facts);
        const { unsure: _, ...score } = pastScore({ ...stored, model: rules.model, modelHash: null, asOf }, null);
        expect(score).toEqual(rules);
      }),
    );
  });

  it('is explained by the model that spoke', () => {
    const score = pastScore(trace, voiceOf(stump));
    expect(score).toMatchObject({ model: 'leads-1', probability: 0.5, confidence: 0.95, tier: 'hot' });
    expect(score.reasons).toEqual([{ feature: 'homesViewed', value: 8, contribution: 1 }]);
    expect(logOddsOf(score)).toBeCloseTo(Math.log(3), 12);
  });

  it('says where it could not tell, and what was worth asking', () => {
    const rules = (known: Parameters<typeof storedValues>[0]): ScoreTrace => ({
      ...{ model: 'scorecard-1', modelHash: null, asOf },
      ...{ features: traceFeatures, values: storedValues(known) },
    });
    expect(pastScore(rules({}), null).unsure).toEqual({ ask: 'How soon would you like to move?' });
    expect(pastScore(rules({ viewedPrice: 400_000 }), null).unsure).toEqual({
      ask: 'What price range do you have in mind?',
    });
    expect(pastScore(rules({ viewedPrice: 400_000, budget: 400_000 }), null).unsure).toEqual({
      ask: 'How soon would you like to move?',
    });
  });

  it('is explained by no other model, and from no facts that mean something else', () => {
    expect(() => pastScore(trace, voiceOf({ ...stump, name: 'leads-2' }))).toThrow(
      'leads-1 spoke, and leads-2 came to explain it',
    );
    const other = { ...trace, features: trace.features.map((name) => name.replace('homesViewed@1', 'homesViewed@2')) };
    expect(() => pastScore(other, voiceOf(stump))).toThrow('the stored facts lack homesViewed@1');
  });
});
