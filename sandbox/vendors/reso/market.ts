import { CITIES, STREETS, day, home, iso } from './home.ts';
import { randomAt, weighted } from './random.ts';
import type { Kept } from './schema.ts';
import type { Block } from './table.ts';

/** What a market is made from: the same numbers make the same records on every machine. */
export interface MarketSeed {
  readonly seed: number;
  readonly listings: number;
  /** Photos of each listing. */
  readonly mediaEach: number;
  /** Every so many listings one has an open house; 0: none. Those listings are active. */
  readonly openHouseEvery: number;
  readonly offices: number;
  readonly members: number;
  /** So many neighbouring listings were changed in the same millisecond. */
  readonly equalStamps: number;
  /** Over how many days before `asOf` the latest changes are spread. */
  readonly days: number;
  readonly onlyActive: boolean;
  /** With which every key begins. */
  readonly prefix: string;
  readonly system: string;
  /** ISO instant: nothing was changed later. */
  readonly asOf: string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** MLS Grid's own fields; other vendors do not have them. */
export const VISIBLE = { MlgCanView: true, MlgCanUse: ['IDX', 'VOW', 'BO', 'PT'] } as const;
/** What records may be used for: nearly all for everything, some for one purpose alone, a few for none. */
const USES = weighted<readonly string[]>([
  [VISIBLE.MlgCanUse, 80],
  [['IDX'], 9],
  [['BO'], 7],
  [[], 4],
]);

const audience = (type: string | null, appointment: boolean | null = false) => ({
  OpenHouseType: type,
  AppointmentRequiredYN: appointment,
});
const everybody = audience('Public');
/** Whom open houses are for, in turn: mostly for everybody, also for the trade, by appointment, and nobody said for whom. */
export const AUDIENCES = [
  ...[everybody, everybody, audience('Broker'), everybody, audience('Public', true), everybody, audience('Office')],
  ...[everybody, audience(null), everybody, audience('Broker', true), everybody, audience('Public', null)],
  ...[audience('Livestream Public'), everybody, audience('Livestream Broker')],
] as const;

/** The market as blocks of records, one for each resource that is kept. */
export function marketOf(seed: MarketSeed): Readonly<Record<Kept, Block>> {
  const asOf = Date.parse(seed.asOf);
  const chance = (family: string, n: number): number => randomAt(seed.seed, family, n).unit();
  const stamp = (n: number): number => {
    const group = Math.floor(n / Math.max(1, seed.equalStamps));
    return Math.floor(asOf - HOUR - chance('stamp', group) * seed.days * DAY);
  };
  const key = (n: number): string => `${seed.prefix}${10_000_000 + n}`;
  const officeKey = (n: number): string => `${seed.prefix}O${1_000 + n}`;
  const memberKey = (n: number): string => `${seed.prefix}A${10_000 + n}`;
  /** Photos and open houses may be used as their listing may. */
  const common = (at: number, family: 'office' | 'member' | 'listing', n: number) => ({
    ...{ ModificationTimestamp: iso(at), OriginatingSystemName: seed.system, ...VISIBLE },
    MlgCanUse: USES(randomAt(seed.seed, `use of ${family}`, n)),
  });
  const long = (n: number): number => asOf - seed.days * DAY - n * 60_000;
  const hosted = seed.openHouseEvery > 0 ? Math.ceil(seed.listings / seed.openHouseEvery) : 0;

  return {
    Office: {
      count: seed.offices,
      id: officeKey,
      modified: long,
      row: (n) => ({
        OfficeKey: officeKey(n),
        OfficeMlsId: `${1_000 + n}`,
        OfficeName: n === 0 ? 'Harborline Realty' : `${STREETS[n % STREETS.length]} ${n} Realty`,
        OfficePhone: `(813) 555-${String(100 + (n % 100)).padStart(4, '0')}`,
        OfficeEmail: `office-${n}@example.com`,
        OfficeCity: CITIES[n % CITIES.length]!.name,
        OfficeStatus: 'Active',
        ...common(long(n), 'office', n),
      }),
    },
    Member: {
      count: seed.members,
      id: memberKey,
      modified: long,
      row: (n) => ({
        MemberKey: memberKey(n),
        MemberMlsId: `${10_000 + n}`,
        MemberFullName: `Agent ${n}`,
        MemberEmail: `agent-${n}@example.com`,
        MemberStatus: 'Active',
        OfficeKey: officeKey(n % seed.offices),
        OfficeName:
          n % seed.offices === 0
            ? 'Harborline Realty'
            : `${STREETS[(n % seed.offices) % STREETS.length]} ${n % seed.offices} Realty`,
        ...common(long(n), 'member', n),
      }),
    },
    Property: {
      count: seed.listings,
      id: key,
      modified: stamp,
      row: (n) => {
        const member = Math.floor(chance('agent', n) * seed.members);
        const office = member % seed.offices;
        const active = seed.onlyActive || (seed.openHouseEvery > 0 && n % seed.openHouseEvery === 0);
        return {
          ListingKey: key(n),
          ListingId: `T${300_000 + n}`,
          OriginatingSystemKey: key(n),
          UniversalPropertyId: null,
          ...common(stamp(n), 'listing', n),
          ...home(randomAt(seed.seed, 'listing', n), { at: stamp(n), asOf, status: active ? 'Active' : undefined }),
          PhotosCount: seed.mediaEach,
          ListOfficeKey: officeKey(office),
          ListOfficeName: office === 0 ? 'Harborline Realty' : `${STREETS[office % STREETS.length]} ${office} Realty`,
          ListOfficeMlsId: `${1_000 + office}`,
          ListAgentKey: memberKey(member),
          ListAgentFullName: `Agent ${member}`,
          ListAgentMlsId: `${10_000 + member}`,
        };
      },
    },
    Media: {
      count: seed.listings * seed.mediaEach,
      id: (n) => `${key(Math.floor(n / seed.mediaEach))}-M${n % seed.mediaEach}`,
      modified: (n) => stamp(Math.floor(n / seed.mediaEach)),
      row: (n) => {
        const listing = Math.floor(n / seed.mediaEach);
        const at = stamp(listing);
        return {
          MediaKey: `${key(listing)}-M${n % seed.mediaEach}`,
          ResourceName: 'Property',
          ResourceRecordKey: key(listing),
          MediaURL: `https://media.example.com/${key(listing)}/${n % seed.mediaEach}.jpg`,
          MediaCategory: 'Photo',
          Order: n % seed.mediaEach,
          ShortDescription: null,
          MediaModificationTimestamp: iso(at),
          ...common(at, 'listing', listing),
        };
      },
    },
    OpenHouse: {
      count: hosted,
      id: (n) => `${key(n * seed.openHouseEvery)}-H`,
      modified: (n) => stamp(n * seed.openHouseEvery),
      row: (n) => {
        const listing = n * seed.openHouseEvery;
        // Afternoons of the days to come.
        const from = Math.ceil(asOf / DAY) * DAY + (n % 10) * DAY + (17 + (n % 3)) * HOUR;
        return {
          OpenHouseKey: `${key(listing)}-H`,
          OpenHouseId: `H${n}`,
          ListingKey: key(listing),
          ListingId: `T${300_000 + listing}`,
          OpenHouseDate: day(from),
          OpenHouseStartTime: iso(from),
          OpenHouseEndTime: iso(from + 2 * HOUR),
          OpenHouseStatus: 'Active',
          ...AUDIENCES[n % AUDIENCES.length]!,
          OpenHouseRemarks: null,
          ...common(stamp(listing), 'listing', listing),
        };
      },
    },
  };
}
