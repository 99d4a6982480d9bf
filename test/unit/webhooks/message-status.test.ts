import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isFailed, outranks, statusesByRank } from '../../../domain/webhooks/message-status.ts';

describe('the status of a message', () => {
  it.each([
    ['sent', 'delivered'],
    ['sent', 'failed'],
    ['pending', 'sent'],
    ['delivered', 'failed'],
    ['delivered', 'opened'],
    ['failed', 'clicked'],
    ['whatever', 'pending'],
  ])('%s does not hide %s, which hides it', (weaker, stronger) => {
    expect([outranks(weaker, stronger), outranks(stronger, weaker)]).toEqual([false, true]);
  });

  it('that comes first is always news, and the same again never', () => {
    for (const status of [...statusesByRank, 'odd']) {
      expect([outranks(status, null), outranks(status, status)]).toEqual([true, false]);
    }
  });

  it('ends the same in any order of its reports', () => {
    const statuses = fc.array(fc.constantFrom(...statusesByRank, 'odd', 'other'), { minLength: 1, maxLength: 8 });
    const last = (all: readonly string[]) =>
      all.reduce<string | null>((known, status) => (outranks(status, known) ? status : known), null);
    fc.assert(fc.property(statuses, (all) => expect(last(all.toReversed())).toBe(last(all))));
  });

  it('says that it did not arrive only in three words', () => {
    expect(['failed', 'undelivered', 'opt_out', 'sent', 'delivered', undefined, null].map(isFailed)).toEqual([
      ...[true, true, true, false, false, false, false],
    ]);
  });
});
