import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { budgetVerdict, type Budget } from '../../../domain/assistant/budgets.ts';
import { afterNews, reserve, standingOf, type Entry } from '../../../domain/assistant/ledger.ts';

const limits = { soft: 1_000, hard: 1_500 };
const spent = (of: Budget['of'], billed: number, maybe = 0, reserved = 0): Budget => ({
  of,
  limits,
  standing: { billed, maybe, reserved },
});

describe('the verdict on a call', () => {
  it('goes, goes with a warning, gives way, stops: by what the call can cost at most', () => {
    const verdict = (billed: number, most = 100) => budgetVerdict([spent('location', billed)], most, 10);
    expect(verdict(0)).toEqual({ kind: 'go' });
    expect(verdict(700)).toEqual({ kind: 'go' });
    expect(verdict(701)).toEqual({ kind: 'go-and-warn', of: 'location', left: 199 });
    expect(verdict(900)).toEqual({ kind: 'go-and-warn', of: 'location', left: 0 });
    expect(verdict(901)).toEqual({ kind: 'refuse-soft', of: 'location', instead: 'cheaper-model' });
    expect(verdict(1_450)).toEqual({ kind: 'refuse-soft', of: 'location', instead: 'cheaper-model' });
    expect(verdict(1_491)).toEqual({ kind: 'refuse-hard', of: 'location' });
  });

  it('puts a draft off where no cheaper model is at hand', () => {
    expect(budgetVerdict([spent('lead', 901)], 100)).toEqual({
      kind: 'refuse-soft',
      of: 'lead',
      instead: 'draft-later',
    });
    expect(budgetVerdict([spent('lead', 1_450)], 100)).toEqual({ kind: 'refuse-hard', of: 'lead' });
  });

  it('counts what may have been billed and what is under way as spent', () => {
    expect(budgetVerdict([spent('lead', 300, 300, 300)], 101)).toMatchObject({ kind: 'refuse-soft' });
    expect(budgetVerdict([spent('lead', 300, 300, 300)], 100)).toMatchObject({ kind: 'go-and-warn' });
  });

  it('listens to the strictest of the budgets, and names it', () => {
    const location = spent('location', 0);
    expect(budgetVerdict([location, spent('lead', 1_450)], 100)).toEqual({ kind: 'refuse-hard', of: 'lead' });
    expect(budgetVerdict([location, spent('lead', 950)], 100, 100)).toMatchObject({ kind: 'refuse-soft', of: 'lead' });
    expect(budgetVerdict([spent('location', 750), spent('lead', 850)], 100)).toEqual({
      kind: 'go-and-warn',
      of: 'lead',
      left: 50,
    });
    expect(budgetVerdict([], 100)).toEqual({ kind: 'go' });
  });

  it('never lets the limits be passed, in whatever order calls are reserved and end', () => {
    const step = fc.record({ most: fc.integer({ min: 1, max: 400 }), share: fc.nat(100), ends: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const entries: Entry[] = [];
        for (const { most, share, ends } of steps) {
          const budget: Budget = { of: 'lead', limits, standing: standingOf(entries) };
          const cheaper = Math.ceil(most / 20);
          const verdict = budgetVerdict([budget], most, cheaper);
          if (verdict.kind === 'refuse-hard') continue;
          if (verdict.kind === 'refuse-soft') entries.push(reserve(cheaper));
          else entries.push(reserve(most));
          const { billed, maybe, reserved } = standingOf(entries);
          expect(billed + maybe + reserved).toBeLessThanOrEqual(verdict.kind === 'refuse-soft' ? 1_500 : 1_000);
          const last = entries.length - 1;
          if (!ends) continue;
          const sent = afterNews(entries[last]!, { kind: 'sending' });
          const total = Math.floor((sent.upTo * share) / 100);
          entries[last] = afterNews(sent, { kind: 'answered', bill: { total, upTo: total } });
        }
      }),
    );
  });
});
