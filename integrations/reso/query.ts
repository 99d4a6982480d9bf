import type { FeedResource } from '../../domain/market/feed.ts';
import type { VendorHabits } from './vendors.ts';

/** The key field of each resource, as the RESO Data Dictionary names it. */
export const keyFields: Readonly<Record<FeedResource, string>> = {
  Office: 'OfficeKey',
  Member: 'MemberKey',
  Property: 'ListingKey',
  Media: 'MediaKey',
  OpenHouse: 'OpenHouseKey',
};

/** Where questions go, and what all of them have in common. */
export interface Scope {
  /** The service root, without a slash at its end. */
  readonly root: string;
  readonly habits: VendorHabits;
  /** OriginatingSystemName; null: whatever the account may see. */
  readonly system: string | null;
}

/** A stretch of changes, from (`ge`) and before; the bounds are timestamps as the feed or we wrote them. */
export interface Stretch {
  readonly from?: string | undefined;
  readonly before?: string | undefined;
  readonly counted?: boolean | undefined;
}

/** Records a page, of a whole set or of anything else; a vendor's host with smaller pages has them everywhere. */
export function pageSize({ root, habits }: Scope, of: 'set' | 'keys' | 'anything'): number {
  const { narrow, page, keyPage, plainPage } = habits;
  if (narrow !== null && new URL(root).hostname === narrow.host) return narrow.page;
  return { set: page, keys: keyPage, anything: plainPage }[of];
}

/** Records by when they changed. A scan without a lower bound leaves out what may not be kept anyway. */
export function recordsUrl(scope: Scope, resource: FeedResource, { from, before, counted = false }: Stretch): string {
  const { habits } = scope;
  const filters = [
    ...systemFilter(scope),
    ...(from === undefined && habits.viewFlag !== null ? [`${habits.viewFlag} eq true`] : []),
    ...(from === undefined ? [] : [`ModificationTimestamp ge ${from}`]),
    ...(before === undefined ? [] : [`ModificationTimestamp lt ${before}`]),
  ];
  const order = `ModificationTimestamp asc,${keyFields[resource]} asc`;
  return setUrl(scope, resource, { filters, order, counted, size: pageSize(scope, 'set') });
}

export function keysUrl(scope: Scope, resource: FeedResource): string {
  const { viewFlag } = scope.habits;
  const filters = [...systemFilter(scope), ...(viewFlag === null ? [] : [`${viewFlag} eq true`])];
  const key = keyFields[resource];
  return setUrl(scope, resource, {
    filters,
    order: `${key} asc`,
    counted: true,
    size: pageSize(scope, 'keys'),
    select: key,
  });
}

/** Events after a sequence and, if told, up to another. */
export function eventsUrl(scope: Scope, after: string | null, upTo?: string): string {
  const filters = [
    after === null ? 'EntityEventSequence ge 0' : `EntityEventSequence gt ${after}`,
    ...(upTo === undefined ? [] : [`EntityEventSequence le ${upTo}`]),
  ];
  return url(scope, 'EntityEvent', {
    $filter: filters.join(' and '),
    $orderby: 'EntityEventSequence asc',
    ...topOf(scope, pageSize(scope, 'anything')),
  });
}

export function keyedUrl(scope: Scope, resource: FeedResource, keys: readonly string[]): string {
  const field = keyFields[resource];
  const byKey =
    scope.habits.keysBy?.operator === 'in'
      ? `${field} in (${keys.map(literal).join(',')})`
      : keys.map((key) => `${field} eq ${literal(key)}`).join(' or ');
  const filters = [...systemFilter(scope), scope.system === null || keys.length === 1 ? byKey : `(${byKey})`];
  return url(scope, resource, { $filter: filters.join(' and '), ...topOf(scope, pageSize(scope, 'anything')) });
}

export function recordUrl({ root }: Scope, resource: FeedResource, key: string): string {
  return `${root}/${resource}(${encodeURIComponent(literal(key))})`;
}

/** One row of whatever there is: tells whether the account is given any. */
export function probeUrl(scope: Scope, resource: FeedResource): string {
  const filters = systemFilter(scope);
  return url(scope, resource, { ...(filters.length === 0 ? {} : { $filter: filters.join('') }), $top: '1' });
}

/** The document of the whole service, or of one system's part of it. */
export function metadataUrl(scope: Scope): string {
  return url(scope, '$metadata', scope.habits.systemRequired ? { $filter: systemFilter(scope).join('') } : {});
}

export function lookupsUrl(scope: Scope): string {
  const { systemRequired, viewFlag } = scope.habits;
  const filters = [
    ...(systemRequired ? systemFilter(scope) : []),
    ...(viewFlag === null ? [] : [`${viewFlag} eq true`]),
  ];
  return url(scope, 'Lookup', {
    ...(filters.length === 0 ? {} : { $filter: filters.join(' and ') }),
    ...topOf(scope, pageSize(scope, 'anything')),
  });
}

/** Whole sets are read by the vendor's path for that, if it has one, and in the order that it takes. */
function setUrl(
  scope: Scope,
  resource: FeedResource,
  asked: {
    readonly filters: readonly string[];
    readonly order: string;
    readonly counted: boolean;
    readonly size: number;
    readonly select?: string;
  },
): string {
  const { replicationPath, orders, counts } = scope.habits;
  return url(scope, `${resource}${replicationPath}`, {
    ...(asked.select === undefined ? {} : { $select: asked.select }),
    ...(asked.filters.length === 0 ? {} : { $filter: asked.filters.join(' and ') }),
    ...(orders ? { $orderby: asked.order } : {}),
    ...(counts && asked.counted ? { $count: 'true' } : {}),
    ...topOf(scope, asked.size),
  });
}

function topOf({ habits }: Scope, size: number): { readonly $top?: string } {
  return habits.sizeBy === 'top' ? { $top: String(size) } : {};
}

function systemFilter({ system }: Scope): string[] {
  return system === null ? [] : [`OriginatingSystemName eq ${literal(system)}`];
}

/** OData writes a quote in a string twice. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function url({ root }: Scope, path: string, options: Readonly<Record<string, string>>): string {
  const query = Object.entries(options).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${root}/${path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}
