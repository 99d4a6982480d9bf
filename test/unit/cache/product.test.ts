import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { cacheKinds } from '../../../platform/cache-kinds.ts';
import { showCache } from '../../../platform/cache-metrics.ts';
import { cachePinList, kindsWith } from '../../../platform/cache-pins.ts';
import { pack, unpack } from '../../../domain/cache/packing.ts';
import { productCache } from '../../support/product-cache.ts';

describe('the product’s kinds', () => {
  const values: Readonly<Record<string, unknown>> = {
    lead: {
      version: '1 731 (0,4) 6a1b2c3d',
      value: {
        ...{ state: 'taken-over', stateSince: '2026-03-01T02:30:00.000Z', stage: 'engaged', tier: null },
        ...{ score: { value: 71, tier: 'hot', model: 'm-1', reasons: [{ feature: 'replies', value: 2 }] } },
        ...{ qualification: {}, lastInboundAt: null, createdAt: '2026-02-28T23:59:59.999Z', unheardOf: ['x', 1] },
      },
    },
    contact: {
      version: 'a1',
      value: {
        ...{ firstName: 'Zoë', phone: '+15125550100', tags: ['a', ''], dnd: false, dndChannels: { sms: 'unknown' } },
        ...{ customFields: { q7Rk2mXv0LbTz9PdWc4H: 'yes' }, dateAdded: '2026-01-01T00:00:00Z' },
      },
    },
    conversation: {
      version: '7 12',
      value: [
        {
          direction: 'inbound',
          channel: 'sms',
          body: 'Is it “still” there? 🏡',
          at: '2026-03-01T02:30:00.000Z',
          human: false,
        },
        { direction: 'outbound', channel: 'sms', body: '', at: '2026-03-01T02:31:00.000Z', human: true },
      ],
    },
    listing: {
      ...{ listingKey: 'q7Rk2mXv0LbTz9PdWc4H', status: 'coming-soon', price: '425000.00', city: null, bathrooms: 2.5 },
      ...{ latitude: 30.267153, longitude: -97.743057, listedAt: '2026-01-01T00:00:00.000Z' },
      events: [{ at: '2026-02-01T00:00:00.000Z', kind: 'price-change', priceBefore: null, priceAfter: '425000.00' }],
    },
  };
  const packed = cacheKinds.flatMap((kind) => ('schema' in kind ? [{ name: kind.name, schema: kind.schema }] : []));

  it.each(packed)('gives a $name back exactly as it was packed', ({ name, schema }) => {
    const bytes = pack(values[name], schema);
    expect(unpack(bytes!.bytes, schema)).toStrictEqual(values[name]);
  });

  it('pack as their versions say: where this changes, the version of the kind has to be counted up', () => {
    const rows = packed.map(({ name, schema }) => {
      const digest = createHash('sha256')
        .update(JSON.stringify(schema.fields))
        .update(pack(values[name], schema)!.bytes);
      return [name, `${schema.version} ${digest.digest('hex').slice(0, 12)}`];
    });
    expect(Object.fromEntries(rows)).toStrictEqual({
      lead: '3 7b017efa265a',
      contact: '3 ba359aec3a8b',
      conversation: '3 d61da0116a57',
      listing: '1 6440f0c89f0d',
    });
  });
});

describe('pins', () => {
  it('stand at the kinds that they name, and at no other', () => {
    const kinds = kindsWith(cachePinList.parse('contact=zstd:3+dictionary, vector=none'));
    expect(Object.fromEntries(kinds.flatMap(({ name, pin }) => (pin ? [[name, pin]] : [])))).toStrictEqual({
      contact: { codec: 'zstd', level: 3, dictionary: true },
      vector: { codec: 'none', level: 0, dictionary: false },
    });
  });

  it.each([
    ['contact', 'expected a comma list'],
    ['nobody=none', 'expected a kind of the cache'],
    ['lead=snappy:1', 'expected a codec'],
    ['lead=zstd', 'expected zstd:1 to zstd:19'],
    ['lead=zstd:20', 'expected zstd:1 to zstd:19'],
    ['lead=lz4:1+dictionary', 'takes no dictionary'],
  ])('%s is refused', (list, says) => {
    expect(cachePinList.safeParse(list).error?.issues[0]?.message).toContain(says);
  });
});

describe('metrics of the cache', () => {
  it('count reads by kind and by where they were answered from, and name no key', async () => {
    const cache = productCache();
    const registry = new Registry();
    showCache(registry, cache);
    const key = { location: 'loc-secret', id: 'contact-secret' };
    const load = () => Promise.resolve({ price: 1 });
    await cache.wrap(key, { kind: 'listing' }, load);
    await cache.wrap(key, { kind: 'listing' }, load);
    const text = await registry.metrics();
    await cache.close();
    expect(text).toContain('leadwright_cache_reads_total{kind="listing",outcome="near"} 1\n');
    expect(text).toContain('leadwright_cache_reads_total{kind="listing",outcome="miss"} 1\n');
    expect(text).toContain('leadwright_cache_loads_total{kind="listing",outcome="done"} 1\n');
    expect(text).not.toContain('secret');
  });
});
