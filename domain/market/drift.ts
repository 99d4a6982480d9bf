import type { FeedMetadata } from '../ports/market-feed.ts';
import { sources } from './read-listing-sources.ts';

export type DriftKind = 'added' | 'removed' | 'type' | 'lookup-added' | 'lookup-removed';

/** One difference between two shapes of a feed. */
export interface Drift {
  /** Of a look-up: `Lookup`. */
  readonly resource: string;
  /** Of a look-up: its name. `*`: the resource as a whole. */
  readonly field: string;
  readonly kind: DriftKind;
  /** EDM type or look-up value. */
  readonly before: string | null;
  readonly after: string | null;
  /** The field keeps its last value until somebody acknowledges the change. */
  readonly frozen: boolean;
}

/**
 * Only what is read of Property can be frozen. Keys, times and `MlgCanView` are not: each record is judged by its own, and one that does not
 * fit is a dead letter. Neither are fields of other resources: a record of theirs is little more than its key.
 */
const freezable: ReadonlySet<string> = new Set(Object.values(sources).flat());

/** Whole numbers that hold more and more; every one of them fits into those after it. */
const integers = ['Edm.SByte', 'Edm.Byte', 'Edm.Int16', 'Edm.Int32', 'Edm.Int64'];
/** A whole number may become one with a fraction, and a fraction may become finer: all are read as decimal numbers. */
const numbers = [...integers, 'Edm.Decimal', 'Edm.Single', 'Edm.Double'];

/**
 * What changed between two looks at a feed's metadata, in the order of names. A change of type freezes a field that is read, and so does its
 * removal, as a field that is gone looks like one that is empty. Harmless, told and not frozen:
 * - numbers that become wider (`Int32` → `Int64`, any whole number → `Decimal`, `Decimal` ↔ `Double`) and other facets of the same type,
 * - an enumeration that becomes text or text that becomes one, as RESO's own transition does: words and codes are read alike.
 * A resource that is gone as a whole is one finding, `*`; its rows stay until keys are compared.
 */
export function driftBetween(before: FeedMetadata, after: FeedMetadata): readonly Drift[] {
  return [...resourceDrift(before, after), ...lookupDrift(before, after)];
}

/** The fields of a resource that open drift freezes. */
export function frozenFields(
  open: readonly Pick<Drift, 'resource' | 'field' | 'frozen'>[],
  resource: string,
): ReadonlySet<string> {
  return new Set(open.filter((drift) => drift.frozen && drift.resource === resource).map(({ field }) => field));
}

function resourceDrift(before: FeedMetadata, after: FeedMetadata): Drift[] {
  return names(before.resources, after.resources).flatMap((resource) => {
    const [was, is] = [ownOf(before.resources, resource), ownOf(after.resources, resource)];
    const whole = { resource, field: '*', before: null, after: null, frozen: false };
    if (was === undefined) return [{ ...whole, kind: 'added' as const }];
    if (is === undefined) return [{ ...whole, kind: 'removed' as const }];
    return names(was, is).flatMap((field) => fieldDrift(resource, field, ownOf(was, field), ownOf(is, field)));
  });
}

function fieldDrift(resource: string, field: string, was: string | undefined, is: string | undefined): Drift[] {
  if (was === is) return [];
  const isRead = resource === 'Property' && freezable.has(field);
  const drift = { resource, field, before: was ?? null, after: is ?? null };
  if (was === undefined) return [{ ...drift, kind: 'added', frozen: false }];
  if (is === undefined) return [{ ...drift, kind: 'removed', frozen: isRead }];
  return [{ ...drift, kind: 'type', frozen: isRead && !isHarmless(was, is) }];
}

function lookupDrift(before: FeedMetadata, after: FeedMetadata): Drift[] {
  return names(before.lookups, after.lookups).flatMap((field) => {
    const [was, is] = [new Set(ownOf(before.lookups, field)), new Set(ownOf(after.lookups, field))];
    const found = (kind: DriftKind, value: Pick<Drift, 'before' | 'after'>): Drift => ({
      ...{ resource: 'Lookup', field, kind, frozen: false },
      ...value,
    });
    return [
      ...[...is].filter((value) => !was.has(value)).map((after) => found('lookup-added', { before: null, after })),
      ...[...was].filter((value) => !is.has(value)).map((before) => found('lookup-removed', { before, after: null })),
    ];
  });
}

function isHarmless(was: string, is: string): boolean {
  const [from, to] = [bare(was), bare(is)];
  if (from === to) return true;
  if (isWord(from) && isWord(to)) return true;
  if (integers.includes(from) && integers.includes(to)) return integers.indexOf(to) > integers.indexOf(from);
  return numbers.includes(from) && numbers.includes(to) && !integers.includes(to);
}

/** Without facets: `Edm.Decimal(14,2)` is `Edm.Decimal`. A collection stays one. */
function bare(type: string): string {
  return type.startsWith('Collection(') ? type : type.replace(/\(.*\)$/, '').trim();
}

/** Text, or a member of an enumeration, which has a name of its own: `org.reso.metadata.enums.StandardStatus`. */
function isWord(type: string): boolean {
  return type === 'Edm.String' || !/^(?:Edm\.|Collection\()/.test(type);
}

function names(one: object, other: object): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}

function ownOf<T>(all: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}
