import { day, home, iso, mlsStatusOf } from './home.ts';
import { VISIBLE } from './market.ts';
import { randomAt } from './random.ts';
import type { Event } from './records.ts';
import type { Kept } from './schema.ts';
import type { Row } from './wire.ts';
import { hashOf } from './wire.ts';
import { profileOf } from './world.ts';
import type { World } from './world.ts';

export interface ChangeOptions {
  /** Neither an event nor a new ModificationTimestamp tells of it. */
  readonly quiet?: boolean;
  /** The fields as they are given, without any that follow from them. */
  readonly exact?: boolean;
}

export const KEYS: Readonly<Record<Kept, string>> = {
  Property: 'ListingKey',
  Member: 'MemberKey',
  Office: 'OfficeKey',
  Media: 'MediaKey',
  OpenHouse: 'OpenHouseKey',
};

/** Writes one event down and sends it on its way. */
export function announce({ store, push }: World, resource: Kept, key: string): Event {
  const { hideOlder = true, gaps = true, withhold = false } = store.setting('events') ?? {};
  const gap = gaps === true ? hashOf(`${key} ${store.lastSequence()}`) % 3 : 0;
  const event = store.addEvent(resource, key, { hideOlder: hideOlder === true, gap, held: withhold === true });
  if (!event.held) push.offer(event);
  return event;
}

/** A new record, completed to a plausible one unless it is to be exact. */
export function createRecord(world: World, resource: Kept, given: Row, options: ChangeOptions): Row {
  const now = world.clock.now();
  const system = world.store.markets()[0]?.system ?? 'gulfcoast';
  const key = String(
    given[KEYS[resource]] ?? `${resource.charAt(0)}${hashOf(`${resource} ${now} ${world.store.lastSequence()}`)}`,
  );
  const common = { ModificationTimestamp: iso(now), OriginatingSystemName: system, ...VISIBLE };
  const row: Row = options.exact
    ? { ...given, [KEYS[resource]]: key }
    : { ...common, ...completed(world, resource, key, now), ...given, [KEYS[resource]]: key };
  world.store.put(resource, key, row);
  told(world, resource, key, row, options);
  return row;
}

/** Fields of a record changed, with what follows from a new price or status unless it is to be exact; undefined: there is none. */
export function changeRecord(
  world: World,
  resource: Kept,
  key: string,
  patch: Row,
  options: ChangeOptions,
): Row | undefined {
  const before = world.store.tables[resource].get(key);
  if (before === undefined) return undefined;
  const now = world.clock.now();
  const stamp = options.quiet || options.exact ? {} : { ModificationTimestamp: iso(now) };
  const follows = resource === 'Property' && !options.exact ? consequences(before, patch, now) : {};
  const row = { ...before, ...stamp, ...follows, ...patch };
  world.store.put(resource, key, row);
  told(world, resource, key, row, options);
  return row;
}

/** A record gone: at once, or hidden first where the vendor hides. Photos and open houses of a listing go before it. */
export function removeRecord(world: World, resource: Kept, key: string, options: ChangeOptions): boolean {
  const { store, clock } = world;
  const before = store.tables[resource].get(key);
  if (before === undefined) return false;
  if (resource === 'Property')
    for (const child of ['Media', 'OpenHouse'] as const)
      for (const id of store.children(child, key)) removeRecord(world, child, id, { ...options, exact: true });
  if (profileOf(world).hiddenMs === undefined) store.remove(resource, key);
  else {
    store.put(resource, key, { ...before, MlgCanView: false, ModificationTimestamp: iso(clock.now()) });
    store.setSetting(`hidden:${resource}:${key}`, { at: clock.now() });
  }
  told(world, resource, key, before, options);
  return true;
}

/** Records that were hidden for long enough leave the feed. */
export function purgeHidden(world: World): void {
  const { store, clock } = world;
  const { hiddenMs } = profileOf(world);
  if (hiddenMs === undefined) return;
  for (const [name, { at }] of store.settings('hidden:')) {
    if (clock.now() - Number(at) < hiddenMs) continue;
    const [, resource = '', key = ''] = /^hidden:(\w+):(.*)$/.exec(name) ?? [];
    if (store.tables[resource as Kept].get(key)?.['MlgCanView'] === false) store.remove(resource as Kept, key);
    store.setSetting(name, undefined);
  }
}

/** Events of a change: the record's own, and after a photo's that of its listing, whose photos have changed. */
function told(world: World, resource: Kept, key: string, row: Row, { quiet, exact }: ChangeOptions): void {
  if (quiet) return;
  announce(world, resource, key);
  const listing = row['ResourceRecordKey'];
  if (resource !== 'Media' || exact || typeof listing !== 'string') return;
  const { tables } = world.store;
  if (!tables.Property.has(listing)) return;
  const stamp = iso(world.clock.now());
  const photos = world.store.children('Media', listing).length;
  changeRecord(world, 'Property', listing, { PhotosChangeTimestamp: stamp, PhotosCount: photos }, {});
}

function completed({ store }: World, resource: Kept, key: string, now: number): Row {
  switch (resource) {
    case 'Property': {
      const made = home(randomAt(hashOf(key), 'posted', 0), { at: now, asOf: now, status: 'Active' });
      const member = store.tables.Member.walk('id')[hashOf(key) % Math.max(1, store.tables.Member.size)];
      const agent = member === undefined ? {} : store.tables.Member.row(member);
      const entered = { OriginalEntryTimestamp: iso(now), ListingContractDate: day(now), OnMarketDate: day(now) };
      return {
        ...{ ListingId: key, OriginatingSystemKey: key, UniversalPropertyId: null, ...made, ...entered },
        ...{ PreviousListPrice: null, PriceChangeTimestamp: null, MajorChangeType: 'New Listing', DaysOnMarket: 0 },
        ...{ OriginalListPrice: made['ListPrice'], CumulativeDaysOnMarket: 0, PhotosCount: 0 },
        ...{ ListOfficeKey: agent['OfficeKey'] ?? null, ListOfficeName: agent['OfficeName'] ?? 'Harborline Realty' },
        ...{ ListAgentKey: agent['MemberKey'] ?? null, ListAgentFullName: agent['MemberFullName'] ?? null },
        ...{ InternetEntireListingDisplayYN: true, InternetAddressDisplayYN: true },
      };
    }
    case 'Media':
      return { ResourceName: 'Property', MediaCategory: 'Photo', Order: 0, MediaModificationTimestamp: iso(now) };
    case 'OpenHouse':
      return {
        OpenHouseId: key,
        OpenHouseStatus: 'Active',
        OpenHouseType: 'Public',
        AppointmentRequiredYN: false,
        OpenHouseDate: day(now + 86_400_000),
      };
    case 'Member':
      return { MemberMlsId: key, MemberFullName: `Agent ${key}`, MemberStatus: 'Active' };
    case 'Office':
      return { OfficeMlsId: key, OfficeName: `Office ${key}`, OfficeStatus: 'Active' };
  }
}

/** What an MLS fills in itself when a price or a status changes. */
function consequences(before: Row, patch: Row, now: number): Row {
  const at = iso(now);
  let follows: Row = {};
  const [price, status] = [patch['ListPrice'], patch['StandardStatus']];
  if (price !== undefined && price !== before['ListPrice'])
    follows = {
      ...{ PreviousListPrice: before['ListPrice'], PriceChangeTimestamp: at },
      ...{ MajorChangeTimestamp: at, MajorChangeType: 'Price Change' },
    };
  if (typeof status !== 'string' || status === before['StandardStatus']) return follows;
  const back =
    status === 'Active' &&
    ['Pending', 'Active Under Contract', 'Withdrawn', 'Hold'].includes(String(before['StandardStatus']));
  return {
    ...follows,
    ...{ StatusChangeTimestamp: at, MajorChangeTimestamp: at, MajorChangeType: back ? 'Back On Market' : status },
    MlsStatus: mlsStatusOf(status),
    ...(status === 'Pending' && { PurchaseContractDate: day(now) }),
    ...(status === 'Closed' && { CloseDate: day(now), ClosePrice: before['ListPrice'], OffMarketDate: day(now) }),
  };
}
