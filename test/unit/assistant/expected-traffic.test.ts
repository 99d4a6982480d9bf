import { describe, expect, it } from '@jest/globals';
import { breakpointsOf } from '../../../domain/assistant/breakpoints.ts';
import { expectedTraffic } from '../../../domain/assistant/expected-traffic.ts';
import { fingerprintsOf, promptOf, stableLayer } from '../../../domain/assistant/layers.ts';
import { planOf } from '../../../domain/assistant/plan.ts';
import { priceOf } from '../../../domain/assistant/prices.ts';
import { noGaps } from '../../../domain/assistant/ttl.ts';
import type { CountedTraffic } from '../../../domain/ports/model-ledger.ts';

const prompt = promptOf({
  model: 'claude-sonnet-5-5',
  settings: {},
  global: stableLayer('global', [{ text: 'You help leads. '.repeat(800) }]),
  location: stableLayer('location', [{ text: 'We work in Austin. '.repeat(200) }]),
  conversation: ['Hello', 'Hi there', 'I look for a house'].map((text, at) => ({
    ...{ role: at % 2 === 0 ? 'user' : 'assistant', text },
  })),
  volatile: [{ text: 'Ask one question.' }],
});
const nothing: CountedTraffic = {
  gaps: { global: noGaps, location: noGaps, conversation: noGaps },
  talks: { calls: 0, opening: 0 },
  meanOutput: null,
};
const { rates, minimumPrefix } = priceOf(prompt.model, '2026-11-02');

describe('what calls are expected to be like', () => {
  it('keeps what is shared for an hour before anything was counted', () => {
    const { ttls } = planOf(expectedTraffic(prompt, nothing, undefined), rates, minimumPrefix);
    expect(ttls).toMatchObject({ global: '1h', location: '1h' });
    expect(breakpointsOf(prompt, ttls, minimumPrefix).length).toBeGreaterThanOrEqual(2);
  });

  it('follows what was counted once that outweighs what was expected', () => {
    const seldom = { calls: 2_000, over5m: 2_000, over1h: 2_000 };
    const counted = { ...nothing, gaps: { global: seldom, location: seldom, conversation: seldom } };
    const { ttls } = planOf(expectedTraffic(prompt, counted, undefined), rates, minimumPrefix);
    expect(ttls).toEqual({ global: 'none', location: 'none', conversation: 'none' });
  });

  it('tells what the call adds to the talk from what was sent before', () => {
    const before = { at: 0, prints: fingerprintsOf(prompt, 2), marks: [] };
    const opening = expectedTraffic(prompt, nothing, undefined);
    const later = expectedTraffic(prompt, nothing, before);
    expect(opening.tokens.conversation).toBe(0);
    expect(later.tokens.conversation).toBeGreaterThan(0);
    expect(later.fresh).toBeLessThan(opening.fresh);
    expect(expectedTraffic(prompt, { ...nothing, meanOutput: 77 }, before).output).toBe(77);
  });
});
