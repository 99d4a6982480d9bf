import { own } from './edm.ts';
import type { RawRecord } from './feed.ts';
import type { MarketListing } from './listing.ts';
import { sources } from './read-listing-sources.ts';

/** A record of Property as it came, and what was read of it; null: nothing, as its status is none. */
export interface DoubtedRow {
  readonly raw: RawRecord;
  readonly listing: MarketListing | null;
  readonly problems: readonly { readonly field: string | null; readonly reason: string }[];
}

/** Fields that a page holds in another shape than the metadata says. */
export interface Doubt {
  /** In no row of the page, not even as null. */
  readonly missing: ReadonlySet<string>;
  /** By row: of another kind, or not to be read. */
  readonly odd: ReadonlyMap<DoubtedRow, ReadonlySet<string>>;
}

/**
 * Fields whose shape may have changed since the feed's metadata was looked at. Vendors leave fields out that are empty, and show fewer than
 * their metadata lists, so this alone says little: see `lostBy`.
 * @param fields  of Property, with their types, as the metadata was last seen; what is frozen is in no doubt any more
 */
export function doubtOf(
  fields: Readonly<Record<string, string>>,
  frozen: ReadonlySet<string>,
  page: readonly DoubtedRow[],
): Doubt {
  const read = [...new Set(Object.values(sources).flat())].filter(
    (field) => Object.hasOwn(fields, field) && !frozen.has(field),
  );
  const missing = read.filter((field) => page.every(({ raw }) => !Object.hasOwn(raw, field)));
  const odd = page.flatMap((row) => {
    const names = read.filter((field) => !fits(fields[field] ?? '', own(row.raw, field)) || isUnreadable(row, field));
    return names.length === 0 ? [] : [[row, new Set(names)] as const];
  });
  return { missing: new Set(missing), odd: new Map(odd) };
}

export function isDoubtful({ missing, odd }: Doubt): boolean {
  return missing.size + odd.size > 0;
}

/** The fields by whose doubt something that is stored would be written over. */
export function lostBy(
  { missing, odd }: Doubt,
  page: readonly DoubtedRow[],
  stored: ReadonlyMap<string, MarketListing>,
  keyOf: (raw: RawRecord) => string | null,
): readonly string[] {
  const lost = new Set<string>();
  for (const row of page) {
    const before = stored.get(keyOf(row.raw) ?? '');
    if (before === undefined) continue;
    for (const [part, names] of Object.entries(sources) as [keyof typeof sources, readonly string[]][]) {
      const isLost =
        before[part] !== null && (row.listing === null ? part === 'status' : before[part] !== row.listing[part]);
      if (!isLost) continue;
      for (const name of names) if (missing.has(name) || odd.get(row)?.has(name) === true) lost.add(name);
    }
  }
  return [...lost];
}

function isUnreadable({ problems }: DoubtedRow, field: string): boolean {
  return problems.some((one) => one.field === field && (one.reason === 'wrong-type' || one.reason === 'unknown-code'));
}

const numbers = /^Edm\.(?:SByte|Byte|Int16|Int32|Int64|Decimal|Single|Double)\b/;

/** Is the value of the kind that JSON has for the type? What is null or absent is of any. A number of many digits was made text here. */
function fits(type: string, value: unknown): boolean {
  if (value == null) return true;
  if (type.startsWith('Collection(')) return Array.isArray(value);
  if (numbers.test(type))
    return typeof value === 'number' || (typeof value === 'string' && /^-?[\d.]{16,}$/.test(value));
  if (/^Edm\.Boolean\b/.test(type)) return typeof value === 'boolean';
  if (/^Edm\.(?:String|Date|DateTimeOffset|TimeOfDay|Guid)\b/.test(type)) return typeof value === 'string';
  // A member of an enumeration; of one with flags several.
  return type.startsWith('Edm.') || typeof value === 'string' || Array.isArray(value);
}
