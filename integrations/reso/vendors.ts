import type { FeedProvider } from '../../domain/market/feed.ts';

/** At most so many requests, or bytes of answers, in any stretch of so many milliseconds. */
export interface Limit {
  readonly requests?: number;
  readonly bytes?: number;
  readonly perMs: number;
}

/**
 * How a vendor's RESO Web API differs from the others, as far as replication has to know. Page sizes are ours where the vendor allows
 * more: a page of 5,000 listings with all their fields takes a worker more memory than it saves requests.
 */
export interface VendorHabits {
  readonly page: number;
  /** Where not a whole set is read. */
  readonly plainPage: number;
  /** Where nothing but the key is selected. */
  readonly keyPage: number;
  /** A host of the vendor's with smaller pages. */
  readonly narrow: { readonly host: string; readonly page: number } | null;
  /** `prefer`: OData's header, since `$top` bounds the whole set there; `top`: the vendor reads `$top` as the size of a page. */
  readonly sizeBy: 'prefer' | 'top';
  /** Below a resource, where whole sets are read. */
  readonly replicationPath: string;
  /** Does it take `$orderby` there? Where it does not, its own order and its links hold a scan together. */
  readonly orders: boolean;
  /** Does it take `$count` there? */
  readonly counts: boolean;
  /** How records are asked for by keys; null: one request a key. */
  readonly keysBy: { readonly operator: 'in' | 'or'; readonly most: number } | null;
  /** Must every request name one OriginatingSystemName? Elsewhere it may. */
  readonly systemRequired: boolean;
  /** A flag of records, false where a record may be kept no longer. */
  readonly viewFlag: string | null;
  readonly hasEvents: 'asked' | 'never';
  /** Metadata and look-ups that are younger than this are not asked for again. */
  readonly metadataEveryMs: number;
  readonly limits: readonly Limit[];
  /** Headers with limits of the account's own, which take the place of the published ones, and with what is left of them, whoever asked. */
  readonly quotaHeaders: readonly {
    readonly perMs: number;
    readonly limit: string;
    readonly left: string;
    readonly resetsAt: string;
  }[];
  /** The vendor's words for what happened, where the status alone does not tell. */
  readonly codes: {
    readonly suspended: readonly string[];
    readonly busy: readonly string[];
    readonly tooLong: readonly string[];
  };
  readonly oauth: { readonly scope: string | null; readonly clientIn: 'header' | 'form' };
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const standard: VendorHabits = {
  page: 1_000,
  plainPage: 1_000,
  keyPage: 10_000,
  narrow: null,
  sizeBy: 'prefer',
  replicationPath: '',
  orders: true,
  counts: true,
  // `in` came with OData 4.01, and a server may speak 4.0.
  keysBy: { operator: 'or', most: 50 },
  systemRequired: false,
  viewFlag: null,
  hasEvents: 'asked',
  metadataEveryMs: 0,
  limits: [],
  quotaHeaders: [],
  codes: { suspended: [], busy: [], tooLong: [] },
  oauth: { scope: null, clientIn: 'header' },
};

const trestleQuota = (name: string, perMs: number): VendorHabits['quotaHeaders'][number] => ({
  ...{ perMs, limit: `${name}-quota-limit`, left: `${name}-quota-available`, resetsAt: `${name}-quota-resettime` },
});

const bridgeQuota = (name: string, perMs: number): VendorHabits['quotaHeaders'][number] => ({
  ...{ perMs, limit: `${name}-ratelimit-limit`, left: `${name}-ratelimit-remaining` },
  resetsAt: `${name}-ratelimit-reset`,
});

export const vendors: Readonly<Record<FeedProvider, VendorHabits>> = {
  reso: standard,
  /**
   * Cotality's Trestle, trestle-documentation.corelogic.com. Its `replication=true` is not used: there one link answers with the next page
   * each time it is asked, so that a page that was lost on the way could not be had again.
   */
  trestle: {
    ...standard,
    keyPage: 100_000,
    sizeBy: 'top',
    keysBy: { operator: 'in', most: 100 },
    limits: [
      { requests: 180, perMs: MINUTE_MS },
      { requests: 7_200, perMs: HOUR_MS },
    ],
    quotaHeaders: [trestleQuota('minute', MINUTE_MS), trestleQuota('hour', HOUR_MS)],
    oauth: { scope: 'api', clientIn: 'form' },
  },
  /**
   * docs.mlsgrid.com, API version 2.0. Its order is by when records changed, unasked. Only a few fields can be filtered by, and keys are not
   * among them. Photos come inside listings alone.
   */
  mlsgrid: {
    ...standard,
    keyPage: 5_000,
    sizeBy: 'top',
    orders: false,
    keysBy: null,
    systemRequired: true,
    viewFlag: 'MlgCanView',
    hasEvents: 'never',
    // Look-ups once a day at most; a daily look may come somewhat early.
    metadataEveryMs: 0.8 * DAY_MS,
    limits: [
      { requests: 2, perMs: SECOND_MS },
      { requests: 7_200, perMs: HOUR_MS },
      { requests: 40_000, perMs: DAY_MS },
      { bytes: 4_000_000_000, perMs: HOUR_MS },
    ],
  },
  /** sparkplatform.com/docs/reso: pages hang together by `$skiptoken` in the order of keys, and another order is not to be asked for. */
  spark: {
    ...standard,
    keyPage: 1_000,
    narrow: { host: 'sparkapi.com', page: 25 },
    sizeBy: 'top',
    orders: false,
    keysBy: { operator: 'or', most: 20 },
    codes: { suspended: ['1010', '1015'], busy: ['1550'], tooLong: ['1041'] },
  },
  /** Bridge Interactive: 200 records a page and 10,000 in all, but on `/replication`, which has its own order and no count. */
  bridge: {
    ...standard,
    page: 2_000,
    plainPage: 200,
    keyPage: 2_000,
    sizeBy: 'top',
    replicationPath: '/replication',
    orders: false,
    counts: false,
    limits: [
      { requests: 334, perMs: MINUTE_MS },
      { requests: 5_000, perMs: HOUR_MS },
    ],
    quotaHeaders: [bridgeQuota('burst', MINUTE_MS), bridgeQuota('application', HOUR_MS)],
  },
};
