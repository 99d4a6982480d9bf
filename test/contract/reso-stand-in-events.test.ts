import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ResoStandin } from '../../sandbox/vendors/reso/server.ts';
import { fresh, get, look, order, rowsOf, scan, startReso } from '../support/reso-stand-in.ts';
import type { Fields } from '../support/reso-stand-in.ts';

let standin: ResoStandin;

beforeAll(async () => {
  standin = await startReso();
});
beforeEach(() => fresh(standin));
afterAll(() => standin.close());

const last = async (): Promise<number> => Number((await look(standin, 'events'))['last']);
/** Events after a sequence, in order, as `Resource key`. */
async function after(
  sequence: number | string,
): Promise<{ names: string[]; sequences: number[]; rows: readonly Fields[] }> {
  const { rows } = await scan(
    standin,
    `/EntityEvent?$filter=EntityEventSequence gt ${sequence}&$orderby=EntityEventSequence`,
  );
  return {
    rows,
    names: rows.map((row) => `${String(row['ResourceName'])} ${String(row['ResourceRecordKey'])}`),
    sequences: rows.map((row) => Number(row['EntityEventSequence'])),
  };
}

describe('the journal of events', () => {
  it('has an event for every record, sequences that grow with gaps, and children before their listing', async () => {
    const { rows, sequences } = await after(0);
    const counted = (name: string): number => rows.filter((row) => row['ResourceName'] === name).length;
    expect([counted('Office'), counted('Member'), counted('Property'), counted('Media'), counted('OpenHouse')]).toEqual(
      [4, 9, 60, 120, 3],
    );
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    expect(new Set(sequences).size).toBe(sequences.length);
    expect(sequences.at(-1)! - sequences[0]! + 1).toBeGreaterThan(sequences.length);
    const at = (name: string, key: string): number =>
      sequences[rows.findIndex((row) => row['ResourceName'] === name && row['ResourceRecordKey'] === key)]!;
    expect(at('Media', 'GC10000025-M0')).toBeLessThan(at('Property', 'GC10000025'));
    expect(at('OpenHouse', 'GC10000025-H')).toBeLessThan(at('Property', 'GC10000025'));
  });

  it('comes in no order without $orderby', async () => {
    const rows = rowsOf(await get(standin, '/EntityEvent?$filter=EntityEventSequence gt 20'));
    const sequences = rows.map((row) => Number(row['EntityEventSequence']));
    expect(sequences).not.toEqual([...sequences].sort((a, b) => a - b));
  });

  it('tells of a change, a new record and a deletion, whose record is a 404', async () => {
    const from = await last();
    await order(standin, 'listings/GC10000001', { ListPrice: 1 }, 'PATCH');
    await order(standin, 'listings', { ListingKey: 'fresh' });
    await order(standin, 'listings/GC10000002', {}, 'DELETE');
    expect((await after(from)).names).toEqual([
      'Property GC10000001',
      'Property fresh',
      'Media GC10000002-M0',
      'Media GC10000002-M1',
      'Property GC10000002',
    ]);
    expect((await get(standin, "/Property('GC10000002')")).status).toBe(404);
    expect((await get(standin, "/Media('GC10000002-M0')")).status).toBe(404);
  });

  it('a new photo comes before its listing, which has changed with it', async () => {
    const from = await last();
    await order(standin, 'media', { MediaKey: 'photo', ResourceRecordKey: 'GC10000001' });
    expect((await after(from)).names).toEqual(['Media photo', 'Property GC10000001']);
    const listing = (await get(standin, "/Property('GC10000001')")).body;
    expect(listing).toMatchObject({ PhotosCount: 3, PhotosChangeTimestamp: '2026-11-02T12:00:00.000Z' });
  });

  it('older events of a key are hidden or kept', async () => {
    const from = await last();
    const twice = async (): Promise<void> => {
      await order(standin, 'listings/GC10000001', { ListPrice: 1 }, 'PATCH');
      await order(standin, 'listings/GC10000001', { ListPrice: 2 }, 'PATCH');
    };
    await twice();
    expect((await after(from)).names).toEqual(['Property GC10000001']);
    await order(standin, 'events', { hideOlder: false });
    const second = await last();
    await twice();
    expect((await after(second)).names).toEqual(['Property GC10000001', 'Property GC10000001']);
    // The same number always names the same record.
    const [{ EntityEventSequence: sequence }] = (await after(second)).rows as [Fields];
    expect((await get(standin, `/EntityEvent(${String(sequence)})`)).body).toMatchObject({
      ResourceRecordKey: 'GC10000001',
    });
  });

  it('withheld events keep their numbers and come late, below others', async () => {
    const from = await last();
    await order(standin, 'events', { withhold: true });
    await order(standin, 'listings/GC10000001', { ListPrice: 1 }, 'PATCH');
    expect((await after(from)).names).toEqual([]);
    expect(await last()).toBeGreaterThan(from);
    await order(standin, 'events', { withhold: false });
    await order(standin, 'listings/GC10000002', { ListPrice: 1 }, 'PATCH');
    expect((await after(from)).names).toEqual(['Property GC10000001', 'Property GC10000002']);
  });

  it('a sequence beyond what a double can hold comes digit for digit', async () => {
    await order(standin, 'events', { firstSequence: '9007199254740993', gaps: false });
    await order(standin, 'listings/GC10000001', { ListPrice: 1 }, 'PATCH');
    await order(standin, 'listings/GC10000002', { ListPrice: 1 }, 'PATCH');
    const { text } = await get(standin, '/EntityEvent?$filter=EntityEventSequence gt 9007199254740993');
    expect(text).toContain('"EntityEventSequence":9007199254740994,');
    expect(text).not.toContain('9007199254740993,');
  });

  it('a quiet change has neither event nor time stamp', async () => {
    const from = await last();
    const before = (await get(standin, "/Property('GC10000001')")).body['ModificationTimestamp'];
    await order(standin, 'listings/GC10000001?quiet=true', { ListPrice: 7 }, 'PATCH');
    expect((await after(from)).names).toEqual([]);
    expect((await get(standin, "/Property('GC10000001')")).body).toMatchObject({
      ListPrice: 7,
      ModificationTimestamp: before,
    });
  });
});

interface Received {
  readonly authorization: string | undefined;
  readonly source: string | undefined;
  readonly body: Fields;
}

describe('push', () => {
  let received: Received[] = [];
  /** What is answered to the next requests; then 200. */
  let answers: { status: number; retryAfter?: string }[] = [];
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Fields;
        const { authorization, entityeventsource } = request.headers;
        received.push({ authorization, source: entityeventsource as string | undefined, body });
        const { status, retryAfter } = answers.shift() ?? { status: 200 };
        response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/push`;
  });
  beforeEach(async () => {
    [received, answers] = [[], []];
    await order(standin, 'push', { url, token: 'secret', retryBaseMs: 1 });
  });
  afterAll(() => {
    server.close();
  });

  const change = async (...keys: string[]): Promise<void> => {
    await order(
      standin,
      'listings',
      keys.map((ListingKey) => ({ ListingKey, ListPrice: 1 })),
      'PATCH',
    );
    await order(standin, 'push-idle');
  };
  const keys = (body: Fields): unknown[] => (body['value'] as Fields[]).map((event) => event['ResourceRecordKey']);

  it('sends what happened at once with our token, several events in one request', async () => {
    await order(standin, 'push', { source: 'Feed 7' });
    await change('GC10000001', 'GC10000002');
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({ authorization: 'Bearer secret', source: 'Feed 7' });
    expect(received[0]!.body['@reso.context']).toBe('urn:reso:metadata:2.0:resource:entityevent');
    expect(keys(received[0]!.body)).toEqual(['GC10000001', 'GC10000002']);
  });

  it('or each in its own, not wrapped', async () => {
    await order(standin, 'push', { batch: false });
    await change('GC10000001', 'GC10000002');
    expect(received.map(({ body }) => [body['ResourceName'], body['ResourceRecordKey']])).toEqual([
      ['Property', 'GC10000001'],
      ['Property', 'GC10000002'],
    ]);
  });

  it('comes again after a failure and after a 429, not before its Retry-After, and is given up in the end', async () => {
    answers = [{ status: 503 }, { status: 429, retryAfter: '1' }];
    const began = Date.now();
    await change('GC10000001');
    expect(received).toHaveLength(3);
    expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
    const { deliveries } = (await look(standin, 'push')) as unknown as {
      deliveries: { state: string; attempts: { status: number }[] }[];
    };
    expect(deliveries.at(-1)).toMatchObject({
      state: 'delivered',
      attempts: [{ status: 503 }, { status: 429 }, { status: 200 }],
    });
    await order(standin, 'push', { maxAttempts: 2 });
    answers = [{ status: 500 }, { status: 500 }];
    await change('GC10000001');
    expect(received).toHaveLength(5);
  });

  it('can be withheld, doubled, turned round, and sent with a wrong token or none', async () => {
    await order(standin, 'push', { withhold: true });
    await change('GC10000001');
    expect(received).toHaveLength(0);
    await order(standin, 'push', { withhold: false, copies: 2, reverse: true, credentials: 'wrong' });
    await change('GC10000001', 'GC10000002');
    expect(received).toHaveLength(2);
    expect(keys(received[1]!.body)).toEqual(['GC10000002', 'GC10000001']);
    expect(received[1]!.authorization).toBe('Bearer not-secret');
    await order(standin, 'push', { credentials: 'none' });
    await change('GC10000001');
    expect(received[2]!.authorization).toBeUndefined();
  });
});
