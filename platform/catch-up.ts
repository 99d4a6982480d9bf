import type { WishesPass, WishesUpkeep } from '../domain/ports/listing-matcher.ts';

/** Leads of one transaction: a decision about one of them waits that long. */
const BATCH = 50;

/**
 * Brings what the leads of a location look for, and what fits, to what they have said. Broken off it may be begun anew, or behind the contact of
 * the last pass.
 * @param after   the contact behind which to begin; null: with the first
 * @param passed  told the sum after each pass; answers whether to go on
 * @returns the sum; its `next` is null where all leads were looked at
 * Errors: STORE_AWAY.
 */
export async function catchUpWishes(
  wishes: WishesUpkeep,
  locationId: string,
  after: string | null,
  passed: (sum: WishesPass) => boolean,
): Promise<WishesPass> {
  let sum: WishesPass = { leads: 0, stored: 0, matched: 0, next: after };
  do {
    const pass = await wishes.catchUp(locationId, sum.next, BATCH);
    sum = {
      leads: sum.leads + pass.leads,
      stored: sum.stored + pass.stored,
      matched: sum.matched + pass.matched,
      next: pass.next,
    };
  } while (passed(sum) && sum.next !== null);
  return sum;
}
