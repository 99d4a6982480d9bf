import type { SequenceDocument } from './sequence.ts';

/** Those that begin by themselves in a location; a person may enrol a lead in every one. */
export function beginningHere(
  sequences: readonly SequenceDocument[],
  chosen: Readonly<Record<string, boolean>>,
): readonly SequenceDocument[] {
  return sequences.filter(({ key, optIn }) => (Object.hasOwn(chosen, key) ? chosen[key] : optIn !== true));
}
