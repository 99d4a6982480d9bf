import type { Order } from './table.ts';

export const VENDORS = ['reso', 'trestle', 'mlsgrid', 'spark', 'bridge'] as const;
export type Vendor = (typeof VENDORS)[number];

/** How much one token may take in a stretch of time. */
export interface Quota {
  readonly name: string;
  readonly unit: 'requests' | 'bytes';
  readonly limit: number;
  readonly windowMs: number;
  /** `sliding` looks back from every request; `fixed` starts anew when a window ends. */
  readonly kind: 'sliding' | 'fixed';
}

export interface Pages {
  /** Rows of a page where nobody asked for a number. */
  readonly usual: number;
  readonly most: number;
  readonly mostExpanded: number;
  /** Where nothing but keys is selected. */
  readonly mostKeys: number;
  /** What a larger `$top` gets: fewer rows, or a 400. */
  readonly beyond: 'fewer' | 'refused';
  /** `total`: `$top` limits the whole answer, as OData has it; `page`: it is the size of its pages. */
  readonly top: 'total' | 'page';
}

/** One vendor's habits. Sources and open questions are in `README.md`. */
export interface Profile {
  readonly vendor: Vendor;
  /** Paths at which the vendor has its service root, besides the stand-in's own root. */
  readonly roots: readonly string[];
  readonly pages: Pages;
  /** The same behind the vendor's way to replicate; undefined: it has none of its own. */
  readonly replication: Pages | undefined;
  readonly next: 'skip' | 'key';
  /** The order of rows that nobody asked an order for. */
  readonly order: Order;
  /** Beyond so many rows `$skip` is refused. */
  readonly deepest: number | undefined;
  readonly quotas: readonly Quota[];
  /** What counts of a request that is over a limit. */
  readonly refusedCounts: boolean;
  readonly suspendedStatus: number;
  readonly events: boolean;
  readonly enums: 'lookups' | 'edm';
  readonly gzip: 'never' | 'required';
  /** The field that every `$filter` must fix, and the only ones that it may use. */
  readonly system: { readonly required: string; readonly searchable: readonly string[] } | undefined;
  /** Deleted records stay for so long with `MlgCanView` false; undefined: they are gone at once. */
  readonly hiddenMs: number | undefined;
  /** The look-ups are to be asked for once in so long. */
  readonly lookupEveryMs: number | undefined;
  /** Comparisons in a filter, and values in one of its lists, beyond which it is too complex. */
  readonly mostTerms: number;
  readonly mostListed: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const requests = (name: string, limit: number, windowMs: number, kind: Quota['kind']): Quota => ({
  ...{ name, limit, windowMs, kind },
  unit: 'requests',
});

const standard: Profile = {
  vendor: 'reso',
  roots: [],
  pages: { usual: 100, most: 2_000, mostExpanded: 2_000, mostKeys: 2_000, beyond: 'fewer', top: 'total' },
  replication: undefined,
  next: 'skip',
  order: 'scrambled',
  deepest: undefined,
  quotas: [],
  refusedCounts: false,
  suspendedStatus: 403,
  events: true,
  enums: 'lookups',
  gzip: 'never',
  system: undefined,
  hiddenMs: undefined,
  lookupEveryMs: undefined,
  mostTerms: 100,
  mostListed: 500,
};

export const PROFILES: Readonly<Record<Vendor, Profile>> = {
  reso: standard,
  trestle: {
    ...standard,
    vendor: 'trestle',
    roots: ['/trestle/odata'],
    pages: { usual: 10, most: 1_000, mostExpanded: 1_000, mostKeys: 300_000, beyond: 'fewer', top: 'page' },
    replication: { usual: 1_000, most: 1_000, mostExpanded: 1_000, mostKeys: 300_000, beyond: 'fewer', top: 'page' },
    next: 'skip',
    quotas: [requests('minute', 180, MINUTE, 'fixed'), requests('hour', 7_200, HOUR, 'fixed')],
    events: false,
    enums: 'edm',
  },
  mlsgrid: {
    ...standard,
    vendor: 'mlsgrid',
    roots: ['/v2'],
    pages: { usual: 500, most: 5_000, mostExpanded: 1_000, mostKeys: 5_000, beyond: 'refused', top: 'page' },
    next: 'key',
    order: 'modified',
    quotas: [
      requests('second', 2, SECOND, 'sliding'),
      requests('hour', 7_200, HOUR, 'sliding'),
      requests('day', 40_000, DAY, 'sliding'),
      { name: 'bytes', unit: 'bytes', limit: 4_000_000_000, windowMs: HOUR, kind: 'sliding' },
    ],
    refusedCounts: true,
    suspendedStatus: 429,
    events: false,
    gzip: 'required',
    system: {
      required: 'OriginatingSystemName',
      searchable: [
        'OriginatingSystemName',
        'MlgCanView',
        'ModificationTimestamp',
        'StandardStatus',
        'PropertyType',
        'ListingId',
        'LookupName',
      ],
    },
    hiddenMs: 7 * DAY,
    lookupEveryMs: DAY,
  },
  spark: {
    ...standard,
    vendor: 'spark',
    roots: ['/Reso/OData', '/replication/Reso/OData'],
    pages: { usual: 25, most: 25, mostExpanded: 25, mostKeys: 25, beyond: 'refused', top: 'page' },
    replication: { usual: 1_000, most: 1_000, mostExpanded: 1_000, mostKeys: 1_000, beyond: 'refused', top: 'page' },
    next: 'key',
    order: 'id',
    // No number is published: a generous one, so that clients without any pace are told.
    quotas: [requests('second', 20, SECOND, 'sliding')],
    events: false,
  },
  bridge: {
    ...standard,
    vendor: 'bridge',
    roots: ['/api/v2/OData/gulfcoast'],
    pages: { usual: 10, most: 200, mostExpanded: 200, mostKeys: 200, beyond: 'refused', top: 'page' },
    replication: { usual: 2_000, most: 2_000, mostExpanded: 2_000, mostKeys: 2_000, beyond: 'refused', top: 'page' },
    next: 'key',
    deepest: 10_000,
    quotas: [requests('burst', 334, MINUTE, 'fixed'), requests('application', 5_000, HOUR, 'fixed')],
    events: false,
  },
};
