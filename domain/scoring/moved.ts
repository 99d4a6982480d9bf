import type { Tier } from '../glossary.ts';

/**
 * Points by which a field in the CRM may lag behind the list here: fewer nobody sees in a column of scores or acts upon, and each write
 * costs the team calls. A quarter of the way between two tiers.
 */
export const SEEN_POINTS = 5;

/**
 * Does a new score concern more than our own list, so that the lead's own work has to decide on it? Another tier may set off something
 * and mean another plan; a field that shows the score must not fall behind for everybody to see, by one pass or bit by bit.
 * @param shown  what the field in the CRM is to show by the last decision; null: there is none
 */
export function movesOn(
  last: { readonly tier: Tier } | null,
  score: { readonly tier: Tier; readonly value: number },
  shown: number | null,
): boolean {
  if (last?.tier !== score.tier) return true;
  return shown !== null && Math.abs(Math.round(score.value) - shown) >= SEEN_POINTS;
}
