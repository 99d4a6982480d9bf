import type { Iso } from '../glossary.ts';

/** One month of changes: `changedFrom` belongs to it, `changedBefore` does not. */
export interface Month {
  /** `2026-11`, UTC. */
  readonly month: string;
  readonly changedFrom: Iso;
  readonly changedBefore: Iso;
}

export function monthOf(_month: string): Month {
  throw new Error('monthOf: body follows');
}

/** @param filled  months that are done */
export function monthsToFill(_from: string, _now: Iso, _filled: readonly string[]): readonly Month[] {
  throw new Error('monthsToFill: body follows');
}
