import type { RescoreStep } from './contract.ts';

/** Leads at a time: some tenths of a second of work, and some megabytes. */
const AT_ONCE = 500;

export const firstStep: RescoreStep = { atMost: AT_ONCE, within: 0 };

/** So many leads, two at least, could not be read in the time of one statement: half of them is tried. */
export function afterSlow(leads: number): RescoreStep {
  return { atMost: Math.ceil(leads / 2), within: leads };
}

/**
 * So many leads were read. The one that is too long must be among the rest of those that could not be read together: half of these come
 * next, so that it is found in nine steps at most. Once it is behind us the steps grow again, twofold each, for its neighbours may be
 * as long.
 */
export function afterDone({ atMost, within }: RescoreStep, leads: number): RescoreStep {
  const rest = Math.max(within - leads, 0);
  return { atMost: rest > 0 ? Math.ceil(rest / 2) : Math.min(atMost * 2, AT_ONCE), within: rest };
}
