import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ResoStandin } from '../../sandbox/vendors/reso/server.ts';
import { fresh, get, keysOf, look, order, rowsOf, scan, startReso, truth } from '../support/reso-stand-in.ts';
import type { Fields } from '../support/reso-stand-in.ts';

let standin: ResoStandin;
let consumer: Server;
/** Keys that were pushed. */
let pushed: string[] = [];

beforeAll(async () => {
  standin = await startReso();
  consumer = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { value } = JSON.parse(Buffer.concat(chunks).toString()) as { value: Fields[] };
      pushed.push(...keysOf(value, 'ResourceRecordKey'));
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => consumer.listen(0, '127.0.0.1', resolve));
});
beforeEach(async () => {
  await fresh(standin);
  pushed = [];
  const url = `http://127.0.0.1:${(consumer.address() as AddressInfo).port}/`;
  await order(standin, 'push', { url, token: 'secret' });
});
afterAll(async () => {
  consumer.close();
  await standin.close();
});

const priceOf = async (key: string): Promise<unknown> => (await get(standin, `/Property('${key}')`)).body['ListPrice'];
const statusOf = async (key: string): Promise<number> => (await get(standin, `/Property('${key}')`)).status;
const later = (advanceMs: number) => order(standin, 'clock', { advanceMs });
const last = async (): Promise<number> => Number((await look(standin, 'events'))['last']);
/** Keys that the journal names after a sequence, in order. */
const told = async (after: number): Promise<string[]> =>
  keysOf(
    (
      await scan(
        standin,
        `/EntityEvent?$filter=EntityEventSequence gt ${String(after)}&$orderby=EntityEventSequence asc`,
      )
    ).rows,
    'ResourceRecordKey',
  );
const change = async (): Promise<void> => {
  await order(standin, 'listings/GC10000001', { ListPrice: 111 }, 'PATCH');
  await order(standin, 'listings', { ListingKey: 'fresh', ListPrice: 222 });
  await order(standin, 'listings/GC10000003', {}, 'DELETE');
  await order(standin, 'push-idle');
};

it('reads show the old state until the lag is over, while push has told of everything', async () => {
  const [from, before] = [await last(), await priceOf('GC10000001')];
  await order(standin, 'replica', { lagMs: 5_000 });
  await change();
  expect(pushed).toEqual(['GC10000001', 'fresh', 'GC10000003-M0', 'GC10000003-M1', 'GC10000003']);
  expect([await priceOf('GC10000001'), await statusOf('fresh'), await statusOf('GC10000003')]).toEqual([
    before,
    ...[404, 200],
  ]);
  expect(await told(from)).toEqual([]);

  await later(4_999);
  expect([await priceOf('GC10000001'), await told(from)]).toEqual([before, []]);
  await later(1);
  expect([await priceOf('GC10000001'), await statusOf('fresh'), await statusOf('GC10000003')]).toEqual([111, 200, 404]);
  expect(await told(from)).toEqual(pushed);
});

it('changes come in the order in which they were made, each when its own time is over', async () => {
  const from = await last();
  await order(standin, 'replica', { lagMs: 1_000 });
  await order(standin, 'listings/GC10000001', { ListPrice: 1 }, 'PATCH');
  await later(600);
  await order(standin, 'listings/GC10000001', { ListPrice: 2 }, 'PATCH');
  await order(standin, 'listings/GC10000002', { ListPrice: 3 }, 'PATCH');
  await later(400);
  expect([await priceOf('GC10000001'), await told(from)]).toEqual([1, ['GC10000001']]);
  expect(await order(standin, 'replica')).toEqual({ lagMs: 1_000, waiting: 4 });
  await later(600);
  expect([await priceOf('GC10000001'), await priceOf('GC10000002')]).toEqual([2, 3]);
  expect(await told(from)).toEqual(['GC10000001', 'GC10000002']);
});

it('collections, filters, counts and children are of one state, the old or the new one', async () => {
  await order(standin, 'replica', { lagMs: null });
  await change();
  await order(standin, 'media', { MediaKey: 'photo', ResourceRecordKey: 'GC10000001' });
  const seen = async () => {
    const changed = await get(standin, '/Property?$filter=ModificationTimestamp ge 2026-11-02T12:00:00Z&$count=true');
    const [row] = rowsOf(await get(standin, "/Property?$filter=ListingKey eq 'GC10000001'&$expand=Media"));
    return [
      keysOf(rowsOf(changed)).toSorted(),
      changed.body['@odata.count'],
      keysOf(row!['Media'] as Fields[], 'MediaKey'),
      row!['PhotosCount'],
    ];
  };
  expect(await seen()).toEqual([[], 0, ['GC10000001-M0', 'GC10000001-M1'], 2]);
  expect(keysOf(await truth(standin))).toContain('fresh');
  await order(standin, 'replica', { release: true });
  const now = [['GC10000001', 'fresh'], 2, ['GC10000001-M0', 'GC10000001-M1', 'photo'], 3];
  expect(await seen()).toEqual(now);
  expect((await scan(standin, '/Property')).rows).toHaveLength((await truth(standin)).length);
});

it('waits until it is released, and again after that, until the lag ends', async () => {
  await order(standin, 'replica', { lagMs: null });
  await order(standin, 'listings/GC10000001', { ListPrice: 1 }, 'PATCH');
  await later(86_400_000);
  expect(await priceOf('GC10000001')).not.toBe(1);
  await order(standin, 'replica', { release: true });
  expect(await priceOf('GC10000001')).toBe(1);
  await order(standin, 'listings/GC10000001', { ListPrice: 2 }, 'PATCH');
  expect(await priceOf('GC10000001')).toBe(1);
  expect(await order(standin, 'replica', { lagMs: 0 })).toEqual({ lagMs: 0, waiting: 0 });
  expect(await priceOf('GC10000001')).toBe(2);
  await order(standin, 'listings/GC10000001', { ListPrice: 3 }, 'PATCH');
  expect(await priceOf('GC10000001')).toBe(3);
  await expect(order(standin, 'replica', { lagMs: -1 })).rejects.toThrow('lagMs must be');
});

it('a record that is made and gone before anybody saw it was never there', async () => {
  await order(standin, 'replica', { lagMs: 1_000 });
  await order(standin, 'listings', { ListingKey: 'brief' });
  await order(standin, 'listings/brief', {}, 'DELETE');
  expect(await statusOf('brief')).toBe(404);
  await later(1_000);
  expect(await statusOf('brief')).toBe(404);
});

it('events that are withheld come once they are released and the reads have them', async () => {
  const from = await last();
  await order(standin, 'events', { withhold: true });
  await order(standin, 'replica', { lagMs: 1_000 });
  await order(standin, 'listings/GC10000001', { ListPrice: 1 }, 'PATCH');
  await later(1_000);
  expect([await priceOf('GC10000001'), await told(from)]).toEqual([1, []]);
  await order(standin, 'events', { withhold: false });
  expect(await told(from)).toEqual([]);
  await later(1_000);
  expect(await told(from)).toEqual(['GC10000001']);
});
