import type { Iso } from '../glossary.ts';
import type { ContactPatch, ContactSnapshot } from './contact.ts';
import { contactChanges } from './contact-changes.ts';
import { mergeSnapshot } from './merge-snapshot.ts';

/** A contact event against what is known now, by names of facts. */
export interface EventDiff {
  /** It would change these. */
  readonly newer: readonly string[];
  /** It says otherwise of these, and is older than what is known of them. */
  readonly older: readonly string[];
}

export function eventDiff(
  snapshot: ContactSnapshot | null,
  snapshotAt: Iso | null,
  patch: ContactPatch,
  at: Iso,
): EventDiff {
  const newer = names(snapshot, mergeSnapshot(snapshot, snapshotAt, patch, at).snapshot);
  return { newer, older: names(snapshot, patch).filter((name) => !newer.includes(name)) };
}

function names(before: ContactSnapshot | null, after: ContactSnapshot): string[] {
  return contactChanges(before, after).map(({ field }) => field);
}
