import type { Iso } from '../glossary.ts';
import { flagOf, instantOf, keyOf, kindOf, later, MAX_KEY, own } from './edm.ts';
import { feedUses } from './rights.ts';
import type { RawRecord } from './feed.ts';
import type { DeadReason, DeadRecord } from './poison.ts';

/** Clocks differ by minutes. A row from the future would keep out every honest change until its time has come. */
export const FUTURE_TOLERANCE_MS = 3_600_000;

/** What no record can be without. */
export type Identified = { readonly kind: 'identified'; readonly key: string; readonly at: Iso } | DeadRecord;

/** Key and time of a record, which no freezing touches: each record is judged by its own. */
export function identify(raw: RawRecord, keyField: string, now: Iso): Identified {
  const given = own(raw, keyField);
  const key = keyOf(given);
  if (given == null || given === '') return dead(null, 'no-key', keyField, `expected a key, got ${kindOf(given)}`);
  if (key === null)
    return dead(
      null,
      'bad-key',
      keyField,
      `expected a key of at most ${MAX_KEY} printable characters, got ${oddKey(given)}`,
    );
  const time = own(raw, 'ModificationTimestamp');
  if (time == null || time === '')
    return dead(key, 'no-timestamp', 'ModificationTimestamp', `expected an instant, got ${kindOf(time)}`);
  const at = instantOf(time);
  if (at === null || at < '1900')
    return dead(
      key,
      'bad-timestamp',
      'ModificationTimestamp',
      `expected an instant of our time with its offset, got ${at === null ? kindOf(time) : 'one before 1900'}`,
    );
  if (at > later(now, FUTURE_TOLERANCE_MS))
    return dead(key, 'future-timestamp', 'ModificationTimestamp', 'expected an instant that has been, got one to come');
  return { kind: 'identified', key, at };
}

/** MLS Grid says by a flag of its own that a record is to be shown no more. A flag that cannot be read does not allow. */
export function mayBeViewed(raw: RawRecord): boolean {
  const flag = own(raw, 'MlgCanView');
  return flag === undefined || flag === null || flagOf(flag) === true;
}

/** MLS Grid says of each record for which uses of its licence it is meant. What cannot be read is meant for none; null: nothing is said. */
export function usesOf(raw: RawRecord): readonly string[] | null {
  const said = own(raw, 'MlgCanUse');
  if (said === undefined) return null;
  const words = typeof said === 'string' ? said.split(',') : Array.isArray(said) ? said : [];
  const read = words.flatMap((word: unknown) => (typeof word === 'string' ? [word.trim().toUpperCase()] : []));
  return feedUses.filter((use) => read.includes(use));
}

export function dead(key: string | null, reason: DeadReason, field: string, detail: string): DeadRecord {
  return { kind: 'dead', key, reason, field, detail };
}

function oddKey(value: unknown): string {
  if (typeof value !== 'string') return kindOf(value);
  return value.length > MAX_KEY ? `${value.length} of them` : 'blanks or control characters';
}
