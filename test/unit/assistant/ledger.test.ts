import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  afterFailure,
  afterNews,
  reconcile,
  reserve,
  standingOf,
  type Entry,
  type Failure,
  type News,
} from '../../../domain/assistant/ledger.ts';
import { billOf, mostOf, type Usage } from '../../../domain/assistant/prices.ts';

const AT = '2026-11-29T10:00:00.000Z';
const MODEL = 'claude-haiku-5-5';
const batch = { batch: true };
const failures = Object.keys(afterFailure) as Failure[];
const sent: Entry = afterNews(reserve(900), { kind: 'sending' });
const answered = (total: number, upTo = total): News => ({ kind: 'answered', bill: { total, upTo } });
const failed = (how: Failure, atMost?: number): News => ({
  kind: 'failed',
  how,
  ...(atMost === undefined ? {} : { atMost }),
});

function refusal(entry: Entry, news: News) {
  try {
    return afterNews(entry, news).state;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

describe('an entry of the ledger', () => {
  it('holds the worst case from before the call until its answer names the usage', () => {
    expect(reserve(900)).toEqual({ state: 'reserved', billed: 0, upTo: 900 });
    expect(sent).toEqual({ state: 'sent', billed: 0, upTo: 900 });
    expect(afterNews(sent, answered(400))).toEqual({ state: 'billed', billed: 400, upTo: 400 });
  });

  it('is not billed after an error that the vendor does not bill, and may be after any other', () => {
    const states = Object.fromEntries(failures.map((how) => [how, afterNews(sent, failed(how)).state]));
    expect(states).toEqual({
      'no-connection': 'not-billed',
      'cut-before-first-byte': 'maybe-billed',
      'cut-mid-answer': 'maybe-billed',
      'rate-limited': 'not-billed',
      overloaded: 'not-billed',
      refused: 'not-billed',
      'server-error': 'maybe-billed',
      timeout: 'maybe-billed',
      unpriced: 'maybe-billed',
      'worker-killed': 'maybe-billed',
      declined: 'not-billed',
      'batch-dropped': 'not-billed',
    });
  });

  it('is not billed where its worker died before it was sent, and cannot be sent any more', () => {
    const swept = afterNews(reserve(900), failed('worker-killed'));
    expect(swept).toEqual({ state: 'not-billed', billed: 0, upTo: 0 });
    expect(refusal(swept, { kind: 'sending' })).toBe('LEDGER_STEP');
  });

  it('is sent once: whoever comes second may not send', () => {
    for (const entry of [sent, afterNews(sent, answered(1)), afterNews(sent, failed('timeout'))]) {
      expect(refusal(entry, { kind: 'sending' })).toBe('LEDGER_STEP');
    }
  });

  it('takes the beginning of an answer for a closer bound, never for a wider one', () => {
    const cut = afterNews(sent, failed('cut-mid-answer', 600));
    expect(cut).toEqual({ state: 'maybe-billed', billed: 0, upTo: 600 });
    expect(afterNews(cut, failed('timeout')).upTo).toBe(600);
    expect(afterNews(sent, failed('cut-mid-answer', 5_000)).upTo).toBe(900);
  });

  it('believes an answer that comes late, and keeps the first of two that contradict', () => {
    for (const how of failures) {
      expect(afterNews(afterNews(sent, failed(how)), answered(300)).billed).toBe(300);
    }
    const billed = afterNews(sent, answered(300));
    expect(afterNews(billed, answered(300))).toEqual(billed);
    expect(afterNews(billed, failed('worker-killed'))).toEqual(billed);
    expect(refusal(billed, answered(301))).toBe('LEDGER_STEP');
    expect(refusal(reserve(900), answered(1))).toBe('LEDGER_STEP');
  });
});

/** A vendor in miniature: what one attempt truly costs, whatever we hear of it. */
interface Attempt {
  readonly most: number;
  /** Nano-dollars, doubled: batches cost halves. */
  readonly owedTwice: number;
  readonly news: readonly News[];
}

const anyUsage = fc.record({
  input: fc.nat(500),
  read: fc.nat(9_000),
  write5m: fc.nat(501),
  write1h: fc.nat(9_000),
  output: fc.integer({ min: 1, max: 400 }),
});
const card = { input: 100, read: 10, write5m: 125, write1h: 200, output: 500 };
const owedOf = (usage: Usage, output = usage.output): number =>
  (Object.keys(card) as (keyof Usage)[]).reduce(
    (sum, of) => sum + (of === 'output' ? output : usage[of]) * card[of],
    0,
  );

const anyAttempt: fc.Arbitrary<Attempt> = fc
  .tuple(anyUsage, fc.constantFrom(...failures, 'none' as const), fc.boolean(), fc.nat(100), fc.boolean(), fc.boolean())
  .map(([usage, how, worked, share, twice, late]) => {
    const { input, read, write5m, write1h, output } = usage;
    const ask = { prompt: input + read + write5m + write1h, maxTokens: output };
    const bill = billOf(usage, MODEL, AT, batch);
    const answer: News = { kind: 'answered', bill };
    const atMost = bill.upTo;
    const begun = Math.floor((output * share) / 100);
    const told = (): { owedTwice: number; ends: News[] } => {
      if (how === 'none') return { owedTwice: owedOf(usage), ends: [answer] };
      if (how === 'cut-mid-answer') return { owedTwice: owedOf(usage, begun), ends: [failed(how, atMost)] };
      const mayBe = ['cut-before-first-byte', 'server-error', 'timeout', 'worker-killed'].includes(how);
      if (!mayBe || !worked) return { owedTwice: 0, ends: [failed(how)] };
      return { owedTwice: owedOf(usage), ends: late ? [failed(how), answer] : [failed(how)] };
    };
    const { owedTwice, ends } = told();
    const heard = [{ kind: 'sending' } as const, ...ends];
    return {
      most: mostOf(ask, MODEL, AT, batch),
      owedTwice,
      news: twice ? [...heard, ends.at(-1)!] : heard,
    };
  });

describe('the ledger beside a vendor in miniature', () => {
  it('keeps the invoice between what is billed and what may be, at every moment, and equal to it once the report is read', () => {
    fc.assert(
      fc.property(
        fc.array(anyAttempt, { minLength: 1, maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        (attempts, pick) => {
          const entries = attempts.map(({ most }) => reserve(most));
          const left = attempts.map(({ news }) => [...news]);
          let owedTwice = 0;
          for (;;) {
            const going = left.flatMap((news, at) => (news.length > 0 ? [at] : []));
            const at = going[pick.next().value! % Math.max(1, going.length)];
            if (at === undefined) break;
            const news = left[at]!.shift()!;
            // The vendor may have worked the call before anything else is heard.
            if (news.kind === 'sending') owedTwice += attempts[at]!.owedTwice;
            entries[at] = afterNews(entries[at]!, news);
            const { billed, maybe, reserved } = standingOf(entries);
            expect(billed * 2).toBeLessThanOrEqual(owedTwice);
            expect(owedTwice).toBeLessThanOrEqual((billed + maybe + reserved) * 2);
          }
          // A report in whole nano-dollars, rounded as it may be.
          for (const invoice of new Set([Math.floor(owedTwice / 2), Math.ceil(owedTwice / 2)])) {
            const report = reconcile(entries, invoice);
            if (report.kind !== 'settled') throw new Error(report.kind);
            expect(standingOf(report.entries)).toEqual({ billed: invoice, maybe: 0, reserved: 0 });
            report.entries.forEach((entry, at) => {
              expect(entry.billed).toBeGreaterThanOrEqual(entries[at]!.billed);
              expect(entry.billed).toBeLessThanOrEqual(entries[at]!.upTo);
            });
          }
        },
      ),
    );
  });
});

describe('the reading of the usage report', () => {
  const maybe = (upTo: number): Entry => ({ state: 'maybe-billed', billed: 0, upTo });
  const billed: Entry = { state: 'billed', billed: 500, upTo: 500 };

  it('shares what nobody can place in proportion, to the last nano-dollar', () => {
    const report = reconcile([maybe(300), billed, maybe(100), maybe(2)], 601);
    expect(report).toEqual({
      kind: 'settled',
      entries: [
        { state: 'settled', billed: 75, upTo: 75 },
        billed,
        { state: 'settled', billed: 25, upTo: 25 },
        { state: 'settled', billed: 1, upTo: 1 },
      ],
    });
  });

  it('frees everything that turned out not to be billed', () => {
    const report = reconcile([maybe(300), billed], 500);
    expect(report).toMatchObject({ kind: 'settled', entries: [{ state: 'settled', billed: 0 }, { billed: 500 }] });
  });

  it('says by how much an invoice cannot be ours, and waits for attempts under way', () => {
    expect(reconcile([maybe(300), billed], 499)).toEqual({ kind: 'below', by: 1 });
    expect(reconcile([maybe(300), billed], 803)).toEqual({ kind: 'above', by: 3 });
    expect(reconcile([billed, reserve(5), sent], 500)).toEqual({ kind: 'open', open: 2 });
  });

  it('is not undone by news that come after it', () => {
    const settled: Entry = { state: 'settled', billed: 75, upTo: 75 };
    expect(afterNews(settled, answered(300))).toEqual(settled);
    expect(afterNews(settled, failed('timeout'))).toEqual(settled);
    expect(refusal(settled, { kind: 'sending' })).toBe('LEDGER_STEP');
  });
});
