import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ResoStandin } from '../../sandbox/vendors/reso/server.ts';
import { fresh, get, keysOf, order, rowsOf, scan, startReso, truth } from '../support/reso-stand-in.ts';
import type { Fields } from '../support/reso-stand-in.ts';

let standin: ResoStandin;
let all: readonly Fields[];

beforeAll(async () => {
  standin = await startReso();
  await fresh(standin, {}, { listings: 400, seed: 5 });
  all = await truth(standin);
});

afterAll(() => standin.close());

const at = (row: Fields, name: string): number => Date.parse(String(row[name]));
const number = (row: Fields, name: string): number => Number(row[name]);

describe('$filter', () => {
  const MIDDLE = '2026-09-15T00:00:00Z';
  /** Text → what it means, in other words than the stand-in's. */
  const cases: readonly [string, (row: Fields) => boolean][] = [
    ["StandardStatus eq 'Active'", (row) => row['StandardStatus'] === 'Active'],
    ["StandardStatus eq 'Active Under Contract'", (row) => row['StandardStatus'] === 'Active Under Contract'],
    [
      "StandardStatus eq org.reso.metadata.enums.StandardStatus'ActiveUnderContract'",
      (row) => row['StandardStatus'] === 'Active Under Contract',
    ],
    ["StandardStatus ne 'Closed'", (row) => row['StandardStatus'] !== 'Closed'],
    ["City in ('Tampa','Brandon')", (row) => row['City'] === 'Tampa' || row['City'] === 'Brandon'],
    ["not (City eq 'Tampa')", (row) => row['City'] !== 'Tampa'],
    ["not (City eq 'Tampa' or City eq 'Brandon')", (row) => row['City'] !== 'Tampa' && row['City'] !== 'Brandon'],
    ['ListPrice gt 400000', (row) => number(row, 'ListPrice') > 400_000],
    [
      'ListPrice ge 250000 and ListPrice le 400000.50',
      (row) => number(row, 'ListPrice') >= 250_000 && number(row, 'ListPrice') <= 400_000.5,
    ],
    ['400000 gt ListPrice', (row) => number(row, 'ListPrice') < 400_000],
    ['ClosePrice eq null', (row) => row['ClosePrice'] === null],
    ['ClosePrice ne null', (row) => row['ClosePrice'] !== null],
    ['ClosePrice gt 0', (row) => row['ClosePrice'] !== null],
    ['PoolPrivateYN eq true', (row) => row['PoolPrivateYN'] === true],
    [
      'BedroomsTotal eq 3 or BedroomsTotal eq 4 and PoolPrivateYN eq true',
      (row) => row['BedroomsTotal'] === 3 || (row['BedroomsTotal'] === 4 && row['PoolPrivateYN'] === true),
    ],
    [`ModificationTimestamp ge ${MIDDLE}`, (row) => at(row, 'ModificationTimestamp') >= Date.parse(MIDDLE)],
    [`ModificationTimestamp lt ${MIDDLE}`, (row) => at(row, 'ModificationTimestamp') < Date.parse(MIDDLE)],
    [
      'ModificationTimestamp ge 2026-09-14T20:00:00-04:00',
      (row) => at(row, 'ModificationTimestamp') >= Date.parse(MIDDLE),
    ],
    ['ModificationTimestamp ge 2026-09-15', (row) => at(row, 'ModificationTimestamp') >= Date.parse(MIDDLE)],
    ['ListingContractDate lt 2026-09-01', (row) => String(row['ListingContractDate']) < '2026-09-01'],
    [
      'year(ListingContractDate) eq 2026 and month(ListingContractDate) eq 8',
      (row) => String(row['ListingContractDate']).startsWith('2026-08'),
    ],
    ["contains(PublicRemarks,'newly priced')", (row) => String(row['PublicRemarks']).includes('newly priced')],
    ["startswith(UnparsedAddress,'1') eq true", (row) => String(row['UnparsedAddress']).startsWith('1')],
    ["endswith(tolower(StreetName),'ave')", (row) => String(row['StreetName']).endsWith('Ave')],
    ["ListingKey gt 'GC10000200'", (row) => String(row['ListingKey']) > 'GC10000200'],
    [
      "ListingKey in ('GC10000007','nobody','GC10000009')",
      (row) => ['GC10000007', 'GC10000009'].includes(String(row['ListingKey'])),
    ],
  ];

  it.each(cases)('%s', async (filter, means) => {
    const wanted = keysOf(all.filter(means));
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.length).toBeLessThan(all.length);
    const { rows } = await scan(standin, `/Property?$filter=${filter}&$select=ListingKey`);
    expect(keysOf(rows).sort()).toEqual(wanted.sort());
    const counted = await get(standin, `/Property?$filter=${filter}&$count=true&$top=0`);
    expect(counted.body).toMatchObject({ '@odata.count': wanted.length, value: [] });
  });

  it('an apostrophe is written twice', async () => {
    await order(standin, 'listings', { ListingKey: 'quoted', UnparsedAddress: "1 O'Hara Ln" });
    expect(keysOf(rowsOf(await get(standin, "/Property?$filter=UnparsedAddress eq '1 O''Hara Ln'")))).toEqual([
      'quoted',
    ]);
    await order(standin, 'listings/quoted', {}, 'DELETE');
  });

  it('a mistake is a 400 with the place of it, in the shape of the recorded answer', async () => {
    const reply = await get(standin, '/Property?$filter=ListPrice gt 3 foo');
    expect(reply.status).toBe(400);
    const message = 'Unexpected token after end of expression at position 15';
    expect(reply.body).toEqual({
      error: { code: '40000', message, target: 'Query', details: [{ code: '30212', target: '$filter', message }] },
    });
    for (const wrong of [
      'ListPrice gt',
      'ListPrice',
      "listprice gt 3 and City eq 'Tampa'",
      "ListPrice gt 'much'",
      "(City eq 'Tampa'",
      'Cooling eq 3',
      "unknown(City) eq 'x'",
      'City in ()',
      "City eq 'Tampa",
      'ModificationTimestamp gt 2026-13-45T99:00:00Z',
    ])
      expect([wrong, (await get(standin, `/Property?$filter=${wrong}`)).status]).toEqual([wrong, 400]);
  });

  it('one that is too complex is a 413', async () => {
    const many = Array.from({ length: 101 }, (_, n) => `BedroomsTotal eq ${n}`).join(' or ');
    expect((await get(standin, `/Property?$filter=${many}`)).status).toBe(413);
    const keys = Array.from({ length: 501 }, (_, n) => `'GC${n}'`).join(',');
    expect((await get(standin, `/Property?$filter=ListingKey in (${keys})`)).status).toBe(413);
  });
});

describe('$select, $orderby, $expand, $count', () => {
  it('selected fields alone come; an unknown one, or one in another case, is a 400', async () => {
    const [first] = rowsOf(await get(standin, '/Property?$select=ListingKey,ListPrice&$top=1'));
    expect(Object.keys(first!)).toEqual(['ListingKey', 'ListPrice']);
    expect((await get(standin, '/Property?$select=listingkey')).status).toBe(400);
    expect((await get(standin, '/Property?$orderby=Price')).status).toBe(400);
    expect((await get(standin, '/Property?$expand=Rooms')).status).toBe(400);
    expect((await get(standin, '/Property?$apply=groupby((City))')).status).toBe(400);
  });

  it.each([
    ['ListPrice desc', 'ListPrice', true],
    ['ModificationTimestamp', 'ModificationTimestamp', false],
    ['ModificationTimestamp desc,ListingKey desc', 'ModificationTimestamp', true],
    ['ListingKey desc', 'ListingKey', true],
    ['City,ListPrice', 'City', false],
    ['ClosePrice', 'ClosePrice', false],
  ])('$orderby=%s', async (by, field, descending) => {
    const { rows } = await scan(standin, `/Property?$orderby=${by}`, { headers: { prefer: 'odata.maxpagesize=37' } });
    expect(rows).toHaveLength(all.length);
    // A value that is missing comes first, upwards.
    const values = rows.map((row) => row[field] ?? '');
    const sorted = [...values].sort((a, b) => (a === b ? 0 : a < b ? -1 : 1));
    expect(values).toEqual(descending ? sorted.reverse() : sorted);
  });

  it('without $orderby no order is to be relied on, and it is the same each time', async () => {
    const { rows } = await scan(standin, '/Property');
    expect(keysOf(rows)).not.toEqual(keysOf(rows).sort());
    expect(keysOf((await scan(standin, '/Property')).rows)).toEqual(keysOf(rows));
  });

  it('photos and open houses come nested where they are asked for', async () => {
    const [row] = rowsOf(
      await get(
        standin,
        "/Property?$filter=ListingKey eq 'GC10000025'&$expand=Media($select=MediaKey,Order),OpenHouse",
      ),
    );
    expect(row!['Media']).toEqual([
      { MediaKey: 'GC10000025-M0', Order: 0 },
      { MediaKey: 'GC10000025-M1', Order: 1 },
    ]);
    expect(row!['OpenHouse']).toMatchObject([{ OpenHouseKey: 'GC10000025-H', ListingKey: 'GC10000025' }]);
  });

  it('one record by its key, and a 404 for a key that nobody has', async () => {
    const reply = await get(standin, "/Property('GC10000007')?$select=ListingKey,City");
    expect(reply.body).toMatchObject({ ListingKey: 'GC10000007' });
    expect(reply.headers.get('odata-version')).toBe('4.0');
    expect((await get(standin, "/Property('nobody')")).status).toBe(404);
    expect((await get(standin, '/Room')).status).toBe(404);
    expect((await get(standin, '/Property(nobody)')).status).toBe(400);
  });

  it('decimals and int64 come as texts where the caller asks for it', async () => {
    const accept = { accept: 'application/json;IEEE754Compatible=true' };
    const price = (await get(standin, "/Property('GC10000007')?$select=ListPrice", accept)).body['ListPrice'];
    expect(typeof price).toBe('string');
    const [event] = rowsOf(await get(standin, '/EntityEvent?$top=1', accept));
    expect(event!['EntityEventSequence']).toMatch(/^\d+$/);
  });
});

describe('$metadata and look-ups', () => {
  it('look-ups are texts that name their look-up, or enumerations with members', async () => {
    const words = (await get(standin, '/$metadata')).text;
    expect(words).toContain(
      '<Property Name="StandardStatus" Type="Edm.String"><Annotation Term="RESO.OData.Metadata.LookupName" String="StandardStatus"/>',
    );
    expect(words).not.toContain('<EnumType');
    await order(standin, 'profile', { enums: 'edm' });
    const codes = (await get(standin, '/$metadata')).text;
    expect(codes).toContain('<Property Name="StandardStatus" Type="org.reso.metadata.enums.StandardStatus"/>');
    expect(codes).toContain('<Member Name="ActiveUnderContract" Value="1">');
    const found = rowsOf(await get(standin, "/Property?$filter=StandardStatus eq 'ActiveUnderContract'&$top=1"));
    expect(found[0]!['StandardStatus']).toBe('ActiveUnderContract');
    await order(standin, 'profile', { enums: 'lookups' });
  });

  it('the Lookup resource has every value that a listing has', async () => {
    const { rows } = await scan(standin, "/Lookup?$filter=LookupName eq 'StandardStatus'");
    const values = rows.map((row) => row['LookupValue']);
    for (const row of all) expect(values).toContain(row['StandardStatus']);
  });

  it('every field that a record has is described, with nothing missing and nothing more', async () => {
    const xml = (await get(standin, '/$metadata')).text;
    for (const resource of ['Property', 'Member', 'Office', 'Media', 'OpenHouse', 'EntityEvent', 'Lookup']) {
      const [, type = ''] = new RegExp(`<EntityType Name="${resource}">(.*?)</EntityType>`, 's').exec(xml) ?? [];
      const described = [...type.matchAll(/<Property Name="(\w+)"/g)].map(([, name]) => name);
      const [first] = rowsOf(await get(standin, `/${resource}?$top=1`));
      expect(Object.keys(first!)).toEqual(described);
    }
  });
});
