import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  changedSince,
  estimatedTokens,
  fingerprintsOf,
  mostTokens,
  promptOf,
  stableLayer,
  type PromptParts,
} from '../../../domain/assistant/layers.ts';
import { unstableIn } from '../../../domain/assistant/stable.ts';

const parts: PromptParts = {
  model: 'claude-sonnet-5-5',
  settings: { effort: 'low', thinking: 'between_tools' },
  global: stableLayer('global', [{ name: 'find_listings', schema: { type: 'object' } }, 'You answer for a brokerage.']),
  location: stableLayer('location', ['Office hours: Monday to Saturday, 9:00–18:30. Call (512) 555-0143.']),
  conversation: [
    { role: 'lead', text: 'Is the house on Barton Hills Drive still there?' },
    { role: 'assistant', text: 'It is. When would you like to move?' },
  ],
  volatile: [{ now: '2026-11-29T10:00:00.000Z', contactId: 've9EPM428h8vShlRW1KT' }],
};

/** The same value with its keys in another order, all the way down. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, shuffled(inner)]),
  );
}

describe('the bytes of a prompt', () => {
  it('are the same whatever the order in which keys were set', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 4 }), (blocks) => {
        const one = promptOf({ ...parts, conversation: blocks });
        const other = promptOf({ ...parts, conversation: shuffled(blocks) as unknown[] });
        expect(other).toEqual(one);
        expect(fingerprintsOf(other)).toEqual(fingerprintsOf(one));
      }),
    );
  });

  it('are canonical JSON, block by block', () => {
    expect(promptOf(parts).global.blocks).toEqual([
      '{"name":"find_listings","schema":{"type":"object"}}',
      '"You answer for a brokerage."',
    ]);
    expect(promptOf(parts).settings).toBe('{"effort":"low","thinking":"between_tools"}');
  });

  it('are guarded where calls share them: no clock, no date, no id', () => {
    const refusal = (layer: 'global' | 'location', text: string, knownDates: string[] = []) => {
      try {
        return stableLayer(layer, ['Be kind.', text], knownDates).blocks.length;
      } catch (error) {
        return [(error as { code?: string }).code, (error as Error).message];
      }
    };
    expect(refusal('global', 'It is 2026-11-29T10:00:00Z.')).toEqual([
      'PROMPT_UNSTABLE',
      'Block 1 of the global layer holds what changes by itself: instant.',
    ]);
    expect(refusal('location', 'Market sheet of 2026-11-28')).toEqual([
      'PROMPT_UNSTABLE',
      'Block 1 of the location layer holds what changes by itself: date.',
    ]);
    expect(refusal('location', 'Market sheet of 2026-11-28', ['2026-11-28'])).toBe(2);
    expect(refusal('location', 'Market sheet of 2026-11-29', ['2026-11-28'])).toMatchObject(['PROMPT_UNSTABLE', {}]);
  });
});

describe('what changes by its look', () => {
  const harmless = [
    'Open 9:00–18:30, Sunday by appointment; we answer 24/7.',
    'Call (512) 555-0143 or +1 512 555 0143, 5125550143.',
    'Homes from $450,000 to $1,250,000 in 78704-1234; lots of 0.25 acres.',
    'Licence 0654321. MLS 8123456. Founded in 1998.',
    'Ask one question at a time; at most 160 characters, two segments of 153.',
    'internationalization_of_questions question_1_timeframe_of_move',
    'We may show a home now or on May 4; the market of 2026 is calm.',
    'Rates change; a visit takes 45 minutes; parking 3/4 full.',
  ];
  const changing: readonly (readonly [string, string])[] = [
    ['uuid', '7f1c9a52-0c55-4d0e-9f0e-3a3f5b0c8d11'],
    ['instant', '2026-11-29T10:00:00.000Z'],
    ['instant', '2026-11-29 10:00'],
    ['time', '10:00:07'],
    ['time', 'Current time: 10:07'],
    ['date', '2026-11-29'],
    ['date', '11/29/2026'],
    ['date', 'November 29, 2026'],
    ['date', '29 Nov 2026'],
    ['date', 'Today is'],
    ['epoch', '1796032800'],
    ['epoch', '1796032800123'],
    ['id', 've9EPM428h8vShlRW1KT'],
    ['id', '01JDVQ6Z3T8M5W2K9XBC4FGHRN'],
    ['id', 'req_011CSHoEeqs5C35K2UUqR7Fy'],
  ];

  it('is not found in facts that stay', () => {
    for (const text of harmless) expect([text, unstableIn({ [text]: [text, 78704] })]).toEqual([text, []]);
  });

  it('is found wherever it stands, also as a number and as a key', () => {
    fc.assert(
      fc.property(fc.constantFrom(...harmless), fc.constantFrom(...changing), fc.nat(), (text, [what, sign], place) => {
        const words = text.split(' ');
        words.splice(place % (words.length + 1), 0, sign);
        expect(unstableIn({ facts: [`Hello.\n${words.join(' ')}`] })).toContain(what);
      }),
    );
    expect(unstableIn({ at: 1_796_032_800_123 })).toEqual(['epoch']);
    expect(unstableIn({ '2026-11-29': true })).toEqual(['date']);
  });
});

describe('the fingerprints', () => {
  const before = fingerprintsOf(promptOf(parts));
  const none = stableLayer('location', []);

  it('are the same while a talk is only appended to, whatever is volatile', () => {
    const longer = [...parts.conversation, { role: 'lead', text: 'In spring.' }];
    expect(changedSince(before, promptOf({ ...parts, conversation: longer, volatile: [] }))).toBeUndefined();
  });

  it('name the first layer that changed', () => {
    const changed = (change: Partial<PromptParts>) => changedSince(before, promptOf({ ...parts, ...change }));
    expect(changed({ model: 'claude-haiku-5-5', location: none })).toBe('model');
    expect(changed({ settings: { effort: 'high' }, global: none })).toBe('settings');
    expect(changed({ global: stableLayer('global', ['And be brief.']), location: none })).toBe('global');
    expect(changed({ location: stableLayer('location', ['Office hours: 9:00–18:00.']) })).toBe('location');
    expect(changed({ conversation: [{ role: 'lead', text: 'Hi' }, parts.conversation[1]] })).toBe('conversation');
    expect(changed({ conversation: parts.conversation.slice(0, 1) })).toBe('conversation');
  });

  it('tell any two talks apart, and blocks from their concatenation', () => {
    const anyTalk = fc.array(fc.string({ maxLength: 6 }), { maxLength: 3 });
    const print = (conversation: string[]) => fingerprintsOf(promptOf({ ...parts, conversation })).conversation;
    fc.assert(
      fc.property(anyTalk, anyTalk, (one, other) => {
        expect(print(one) === print(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
    const prints = new Set(Array.from({ length: 5_000 }, (_, at) => print([`message ${at}`])));
    expect(prints.size).toBe(5_000);
  });

  it('keep nothing that can be read', () => {
    const { model, blocks, ...prints } = before;
    expect([model, blocks]).toEqual(['claude-sonnet-5-5', 2]);
    for (const print of Object.values(prints)) expect(print).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('the estimate of tokens', () => {
  it('is a token for every two and a half characters, rounded up', () => {
    expect(estimatedTokens(['12345', '678901'])).toBe(5);
    expect(estimatedTokens([])).toBe(0);
  });
});

describe('the most tokens that a prompt can have', () => {
  it('are its bytes, whatever stands in it, and what the vendor adds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(9_000), (text, counted) => {
        const prompt = promptOf({ ...parts, conversation: [text], volatile: [{ '😀': text }] });
        const bytes = (blocks: readonly string[]) => Buffer.byteLength(blocks.join(''), 'utf8');
        const talk = bytes(prompt.conversation) + bytes(prompt.volatile);
        expect(mostTokens(prompt, counted)).toBe(counted + talk + 1_000);
        const stable = bytes(prompt.global.blocks) + bytes(prompt.location.blocks);
        expect(mostTokens(prompt)).toBe(stable + talk + 1_000);
      }),
    );
  });
});
