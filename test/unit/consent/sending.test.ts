import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { finalWords, withDisclosure, wordsFacts } from '../../../domain/consent/disclosure.ts';
import { openingJitterMs, rampAt, type SendingTally, unhealthy } from '../../../domain/consent/sending-health.ts';
import { smsSegments } from '../../../domain/follow-up/segments.ts';

const SENDER = 'Example Realty';

describe('the disclosure of a first text', () => {
  it.each([
    ['Hello Ann', 'Example Realty: Hello Ann\nReply STOP to opt out.'],
    ['Hello from EXAMPLE  realty!', 'Hello from EXAMPLE  realty!\nReply STOP to opt out.'],
    ['Hi. Text STOP to end this.', 'Example Realty: Hi. Text STOP to end this.'],
    ['Example Realty here. Reply STOP to opt out.', 'Example Realty here. Reply STOP to opt out.'],
    [
      'Example Realty: the bus stop is near. Reply soon.',
      'Example Realty: the bus stop is near. Reply soon.\nReply STOP to opt out.',
    ],
  ])('adds to %j what it lacks', (body, full) => {
    expect(withDisclosure(body, SENDER)).toBe(full);
  });

  it('is whole, whatever the words are, and added once', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (body) => {
        const full = withDisclosure(body, SENDER);
        expect(wordsFacts('sms', { body: full }, SENDER, true)).toMatchObject({ namesSender: true, tellsOptOut: true });
        expect(withDisclosure(full, SENDER)).toBe(full);
        expect(full).toContain(body.trimEnd());
      }),
    );
  });

  it('is for texts alone, and says nothing for a sender without a name', () => {
    const asked = { first: true, registry: null };
    expect(finalWords('email', { body: 'Hello' }, SENDER, asked).body).toBe('Hello');
    expect(finalWords('sms', { body: 'Hello' }, SENDER, { ...asked, first: false }).body).toBe('Hello');
    expect(wordsFacts('sms', { body: withDisclosure('Hello', '  ') }, '  ', true).namesSender).toBe(false);
  });

  it('counts the segments that go out', () => {
    const body = withDisclosure('x'.repeat(150), SENDER);
    expect(wordsFacts('sms', { body }, SENDER, true).segments).toBe(smsSegments(body).segments);
    expect(wordsFacts('sms', { body }, SENDER, true).segments).toBe(2);
  });
});

describe('the words of a task to call', () => {
  const words = { body: 'Call', call: true } as const;
  it.each([
    ['unknown', /not known: look before you call/],
    ['listed', /allows this call/],
    [null, /not known/],
    ['clear', /^Call$/],
  ] as const)('say what the registries say: %s', (registry, told) => {
    expect(finalWords('call-task', words, SENDER, { first: false, registry }).body).toMatch(told);
    expect(finalWords('call-task', { body: 'Read' }, SENDER, { first: false, registry }).body).toBe('Read');
  });
});

describe('the health of sending', () => {
  const limits = { failureRate: 0.1, optOutRate: 0.05, complaintRate: 0.003, leastSent: 50, newNumberSince: null };
  const tally: SendingTally = {
    paused: null,
    sent: 100,
    failed: 0,
    optedOut: 0,
    complained: 0,
    segments: 0,
    oldestAt: null,
  };

  it.each<[string, Partial<SendingTally>, boolean]>([
    ['at the limit', { failed: 10 }, false],
    ['above the limit', { failed: 11 }, true],
    ['too many opt-outs', { optedOut: 6 }, true],
    ['three complaints', { complained: 3 }, true],
    ['two complaints, which may be chance', { complained: 2 }, false],
    ['too few messages', { sent: 49, failed: 49 }, false],
    ['not counted', { sent: null, failed: 2 }, false],
  ])('%s', (_, change, bad) => {
    expect(unhealthy({ ...tally, ...change }, limits) !== undefined).toBe(bad);
  });
});

describe('the ramp of a new number', () => {
  it.each([
    ['2026-03-01', 100],
    ['2026-03-05', 100],
    ['2026-02-27', 250],
    ['2026-02-20', 500],
    ['2026-02-12', 1_000],
    ['2026-02-05', 2_000],
    ['2026-01-31', null],
    [null, null],
    ['soon', 0],
  ])('since %s allows %s', (since, segments) => {
    expect(rampAt('2026-03-02T15:00:00.000Z', since)).toBe(segments);
  });
});

describe('the instant of its own after an opening', () => {
  it('is the same for a contact each time, within the time that is given, and spread', () => {
    const at = Array.from({ length: 2_000 }, (_, n) => openingJitterMs(`contact${n}`, 600));
    expect(at).toEqual(Array.from({ length: 2_000 }, (_, n) => openingJitterMs(`contact${n}`, 600)));
    expect(Math.min(...at)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...at)).toBeLessThan(600_000);
    const minutes = Array.from({ length: 10 }, (_, m) => at.filter((ms) => Math.floor(ms / 60_000) === m).length);
    for (const count of minutes) expect(count).toBeGreaterThan(140);
    expect(openingJitterMs('contact', 0)).toBe(0);
  });
});
