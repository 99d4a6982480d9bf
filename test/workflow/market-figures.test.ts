import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { followedFile, type FigureAddress } from '../../domain/market/followed-files.ts';
import { FHFA, figureText } from '../support/figure-files.ts';
import { createMarketLife, type MarketLife } from '../support/market-life.ts';
import { until } from '../support/until.ts';

/** Public files of figures by their workflow, in virtual time: a real server of files, a real database. */

const HOUR = 3_600_000;
const whole = {
  status: 200,
  headers: { 'last-modified': 'Wed, 24 Feb 2016 15:00:00 GMT' },
  body: figureText(FHFA),
} as const;

let life: MarketLife;
let address: FigureAddress;
let made = 0;

beforeAll(async () => {
  life = await createMarketLife();
});
afterAll(() => life.close());
beforeEach(() => {
  address = { source: 'fhfa', url: `${life.files.server.url}/${(made += 1)}/${FHFA}?signature=secret` };
  life.files.addresses.splice(0, Infinity, address);
  life.files.server.asked.length = 0;
  life.files.server.give(whole);
});

const fetched = () => life.fetch(followedFile(address));

describe('the run of a file', () => {
  it('reads it, says so, and holds nothing that stands behind its question mark', async () => {
    const run = await fetched();
    expect(await run.result()).toEqual({ outcome: 'read', rows: 20, changed: 36, dead: 0 });
    const payloads = historyToJSON(await run.fetchHistory()).matchAll(/"data": *"([^"]+)"/g);
    const said = [...payloads].map(([, data = '']) => Buffer.from(data, 'base64').toString('utf8')).join();
    expect(said).toContain(FHFA);
    expect(said).not.toContain('secret');
    expect(await (await fetched()).result()).toEqual({ outcome: 'same' });
  });

  it('asks a server that is away ever less often, until it answers', async () => {
    life.files.server.fail(4);
    const run = await fetched();
    const at: number[] = [];
    for (let asked = 1; asked <= 5; asked += 1) {
      await until(async () => {
        await life.time.skip(10_000);
        return life.files.server.asked.length >= asked;
      });
      at.push(life.time.now().getTime());
    }
    expect(await run.result()).toMatchObject({ outcome: 'read' });
    expect(life.files.server.asked.map(({ status }) => status)).toEqual([503, 503, 503, 503, 200]);
    const waits = at.slice(1).map((one, before) => one - at[before]!);
    for (const [n, wait] of waits.slice(1).entries()) expect(wait).toBeGreaterThan(2 * waits[n]!);
  });

  it('gives up before the next one comes, and fails at once where the file cannot be believed', async () => {
    life.files.server.fail(1_000);
    const away = await fetched();
    const ended = away.result().catch((error: unknown) => error);
    for (let hours = 0; hours < 24; hours += 1) await life.time.skip(HOUR);
    expect(await ended).toMatchObject({ cause: { cause: { type: 'MARKET_FILE_BROKEN' } } });
    life.files.server.fail(0);
    life.files.server.give({ status: 200, body: '<!doctype html><p>Sorry' });
    await expect((await fetched()).result()).rejects.toMatchObject({
      cause: { cause: { type: 'MARKET_FILE_SHAPE', nonRetryable: true } },
    });
  });

  it('ends with its schedule where the deployment names it no longer', async () => {
    life.files.addresses.length = 0;
    expect(await (await fetched()).result()).toEqual({ outcome: 'gone' });
    expect(life.files.unfollowed).toEqual([followedFile(address)]);
    expect(life.files.server.asked).toEqual([]);
  });
});
