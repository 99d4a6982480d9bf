import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ResoStandin } from '../../sandbox/vendors/reso/server.ts';
import { fresh, get, keysOf, order, rowsOf, scan, startReso, truth } from '../support/reso-stand-in.ts';
import type { Fields } from '../support/reso-stand-in.ts';

let standin: ResoStandin;

beforeAll(async () => {
  standin = await startReso();
});
afterAll(() => standin.close());

/** How many of the rows have each value. */
const counted = (rows: readonly Fields[], field: string): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[JSON.stringify(row[field])] = (counts[JSON.stringify(row[field])] ?? 0) + 1;
  return counts;
};
const NOW = '2026-11-02T12:00:00.000Z';
const TYPES = ['Broker', 'Livestream Broker', 'Livestream Public', 'Office', 'Public'];

describe('open houses', () => {
  const MARKET = { listings: 320, openHouseEvery: 10 };
  const houses = () => truth(standin, 'OpenHouse');
  beforeEach(() => fresh(standin, {}, MARKET));

  it('are mostly public, some for the trade, some by appointment, some of no type, the same in every market', async () => {
    const first = await houses();
    expect(counted(first, 'OpenHouseType')).toEqual({
      ...{ '"Public"': 20, '"Broker"': 4, '"Office"': 2, null: 2 },
      ...{ '"Livestream Public"': 2, '"Livestream Broker"': 2 },
    });
    expect(counted(first, 'AppointmentRequiredYN')).toEqual({ false: 26, true: 4, null: 2 });
    await fresh(standin, {}, { ...MARKET, seed: 9 });
    const other = await houses();
    expect(other.map((row) => row['OpenHouseType'])).toEqual(first.map((row) => row['OpenHouseType']));
  });

  it('have their type and appointment in the metadata, the type in the look-ups and in filters', async () => {
    const xml = (await get(standin, '/$metadata')).text;
    expect(xml).toContain(
      '<Property Name="OpenHouseType" Type="Edm.String"><Annotation Term="RESO.OData.Metadata.LookupName" String="OpenHouseType"/>',
    );
    expect(xml).toContain('<Property Name="AppointmentRequiredYN" Type="Edm.Boolean"/>');
    const { rows } = await scan(standin, "/Lookup?$filter=LookupName eq 'OpenHouseType'");
    expect(keysOf(rows, 'LookupValue').toSorted()).toEqual(TYPES);
    const asked = async (filter: string) => rowsOf(await get(standin, `/OpenHouse?$filter=${filter}`)).length;
    expect(await asked("OpenHouseType eq 'Livestream Public'")).toBe(2);
    expect(await asked('OpenHouseType eq null')).toBe(2);
    expect(await asked("OpenHouseType eq 'Broker' and AppointmentRequiredYN eq true")).toBe(2);
  });

  it('are an enumeration where the vendor has those', async () => {
    await fresh(standin, { vendor: 'trestle' }, MARKET);
    const xml = (await get(standin, '/trestle/odata/$metadata')).text;
    expect(xml).toContain('<Property Name="OpenHouseType" Type="org.reso.metadata.enums.OpenHouseType"/>');
    const members = /<EnumType Name="OpenHouseType".*?<\/EnumType>/.exec(xml)?.[0].match(/Member Name="\w+"/g);
    expect(members).toEqual(TYPES.map((type) => `Member Name="${type.replace(' ', '')}"`));
    const reply = await get(standin, "/trestle/odata/OpenHouse?$filter=OpenHouseType eq 'LivestreamBroker'");
    expect(counted(rowsOf(reply), 'OpenHouseType')).toEqual({ '"LivestreamBroker"': 2 });
  });

  it('are made and changed with a type that is given; one without is public and needs no appointment', async () => {
    const made = { OpenHouseKey: 'H1', ListingKey: 'GC10000001' };
    await order(standin, 'openhouses', { ...made, OpenHouseType: 'Office', AppointmentRequiredYN: true });
    const shown = async (key: string) => (await get(standin, `/OpenHouse('${key}')`)).body;
    expect(await shown('H1')).toMatchObject({ ...made, OpenHouseType: 'Office', AppointmentRequiredYN: true });
    await order(standin, 'openhouses/H1', { OpenHouseType: null, AppointmentRequiredYN: null }, 'PATCH');
    const changed = { OpenHouseType: null, AppointmentRequiredYN: null, ModificationTimestamp: NOW };
    expect(await shown('H1')).toMatchObject(changed);
    await order(standin, 'openhouses', { OpenHouseKey: 'H2', ListingKey: 'GC10000001' });
    expect(await shown('H2')).toMatchObject({ OpenHouseType: 'Public', AppointmentRequiredYN: false });
  });

  it('that happen are of several types, too', async () => {
    const before = new Set(keysOf(await houses(), 'OpenHouseKey'));
    await order(standin, 'changes', { count: 40, seed: 5, kinds: ['open-house'] });
    const happened = (await houses()).filter((row) => !before.has(String(row['OpenHouseKey'])));
    const types = counted(happened, 'OpenHouseType');
    expect(types['"Public"']).toBeGreaterThan(20);
    expect(Object.keys(types).length).toBeGreaterThan(2);
  });
});

describe('what records may be used for at MLS Grid', () => {
  beforeEach(() => fresh(standin, { vendor: 'mlsgrid', quotas: [] }, { listings: 400 }));
  const ALL = '["IDX","VOW","BO","PT"]';
  const listing = async (key: string) => (await get(standin, `/v2/Property('${key}')?$expand=Media,OpenHouse`)).body;

  it('is mostly everything, some only IDX, some only BO, a few nothing, the same for the same seed', async () => {
    const first = await truth(standin);
    const uses = counted(first, 'MlgCanUse');
    expect(Object.keys(uses).toSorted()).toEqual([ALL, '["BO"]', '["IDX"]', '[]'].toSorted());
    expect(uses[ALL]).toBeGreaterThan(280);
    expect(uses['["IDX"]']).toBeGreaterThan(uses['[]']!);
    expect(first.every((row) => row['MlgCanView'] === true)).toBe(true);
    const feed = await scan(standin, "/v2/Property?$filter=OriginatingSystemName eq 'gulfcoast'", {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(counted(feed.rows, 'MlgCanUse')).toEqual(uses);
    await fresh(standin, { vendor: 'mlsgrid', quotas: [] }, { listings: 400 });
    expect(await truth(standin)).toEqual(first);
  });

  it('is the same for a listing and its photos and open houses', async () => {
    const limited = (await truth(standin)).find((row) => (row['MlgCanUse'] as unknown[]).length === 1)!;
    const { MlgCanUse: use, Media: photos } = await listing(String(limited['ListingKey']));
    expect(use).toEqual(limited['MlgCanUse']);
    expect(photos!.map((photo) => (photo as Fields)['MlgCanUse'])).toEqual([use, use]);
    const houses = await truth(standin, 'OpenHouse');
    const uses = new Map((await truth(standin)).map((row) => [row['ListingKey'], row['MlgCanUse']]));
    for (const house of houses) expect(house['MlgCanUse']).toEqual(uses.get(house['ListingKey']));
  });

  it('is set by hand, of a new record and of an old one', async () => {
    await order(standin, 'listings', [{ ListingKey: 'all' }, { ListingKey: 'none', MlgCanUse: [] }]);
    expect([(await listing('all'))['MlgCanUse'], (await listing('none'))['MlgCanUse']]).toEqual([
      ['IDX', 'VOW', 'BO', 'PT'],
      [],
    ]);
    await order(standin, 'listings/all', { MlgCanUse: ['VOW'] }, 'PATCH');
    expect(await listing('all')).toMatchObject({ MlgCanUse: ['VOW'], ModificationTimestamp: NOW });
  });

  it('does not exist at other vendors', async () => {
    await fresh(standin);
    expect((await truth(standin))[0]).not.toHaveProperty('MlgCanUse');
  });
});
