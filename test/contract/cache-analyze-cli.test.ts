import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { main } from '../../cli/main.ts';
import { freePort } from '../../sandbox/services/port.ts';
import { type OwnRedis, ownRedis } from '../support/cache-redis.ts';
import { productCache } from '../support/product-cache.ts';
import { until } from '../support/until.ts';

let home: string;
let redis: OwnRedis;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'leadwright-analyze-'));
  redis = await ownRedis();
  const cache = productCache(redis.url);
  await until(() => cache.healthy());
  const key = (id: string) => ({ location: 'SomeLocation', id });
  await cache.set(key('conversation-1'), { words: 'When may I see the house?' }, { kind: 'conversation' });
  await cache.set(key('lead-1'), { stage: 'new' }, { kind: 'lead' });
  await cache.get(key('lead-2'), { kind: 'lead' });
  await cache.close();
});
afterAll(async () => {
  rmSync(home, { recursive: true, force: true });
  await redis.close();
});

async function run(url: string | undefined, ...args: string[]) {
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    ...{ terminal: false, colour: false, cwd: home },
    env: { LEADWRIGHT_HOME: home, ...(url !== undefined && { REDIS_URL: url }) },
  };
  return { exitCode: await main(['cache', 'analyze', ...args], io), out, err };
}

describe('leadwright cache analyze', () => {
  it('prints every kind of the product, and unknown for what nobody measured', async () => {
    const { exitCode, out, err } = await run(redis.url, '--memory-usage');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(/^KIND +VALUES +KEYS +ENDED +UNREADABLE +PLAIN +STORED +SAVED +MEMORY +AS JSON +SAVED$/m);
    expect(out).toMatch(/^conversation +1 +1 +0 +0 +\d+ B +\d+ B +-?\d+\.\d % +\d+ B /m);
    expect(out).toMatch(/^lead +1 +2 +0 +0 /m);
    expect(out).toMatch(/^listing +0 +0 +0 +0 +0 B +0 B +- +0 B +- +-$/m);
    expect(out).toMatch(/^lead +0\.0 % +0\.0 % +unknown +unknown +1 /m);
    expect(out).toMatch(/^vector( +unknown){7} +0\.00 +unknown$/m);
    expect(out).toMatch(/^conversation, \d+ B to \d+ B: 1 value\n {2}in force: .*; said by 1 of 1\n/m);
    expect(out).toContain('dollars a month, at 0.086 for a gigabyte-hour and 0.04 for an hour of CPU');
    for (const word of ['SomeLocation', 'lead-1', 'conversation-1', 'house']) expect(out).not.toContain(word);
  });

  it('leaves memory out unless it is asked for, and says so', async () => {
    const { exitCode, out } = await run(redis.url);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^KIND +VALUES +KEYS +ENDED +UNREADABLE +PLAIN +STORED +SAVED$/m);
    expect(out).toContain('memory and its price are left out: --memory-usage asks the server for them');
  });

  it('gives the same as one JSON document, at the stated prices', async () => {
    const { out } = await run(redis.url, '--memory-usage', '--json', '--gb-hour', '2', '--cpu-hour', '0.36');
    const analysis = JSON.parse(out) as { kinds: { kind: string; memory: { bytes: number } | null }[] };
    expect(analysis).toMatchObject({ prices: { dollarsPerGbHour: 2, dollarsPerCpuSecond: 0.36 / 3600 } });
    const lead = analysis.kinds.find(({ kind }) => kind === 'lead')!;
    expect(lead).toMatchObject({ dollarsPerMonth: { memory: (lead.memory!.bytes / 1e9) * 2 * 730 } });
  });

  it('finds the Redis that start wrote down', async () => {
    const elsewhere = join(home, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'app.json'), JSON.stringify({ redisUrl: redis.url }));
    const { exitCode, out } = await run(undefined, '--home', elsewhere, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ memoryUsage: 'not asked' });
  });
});

describe('leadwright cache analyze, where it cannot', () => {
  const http = createServer((_, response) => response.end('no'));
  afterAll(() => {
    http.closeAllConnections();
    http.close();
  });

  it('says that nothing is shared where no Redis is known', async () => {
    const { exitCode, out, err } = await run(undefined);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toMatch(/each process caches for itself[^]*npm start, or set REDIS_URL/);
    expect(JSON.parse((await run(undefined, '--json')).out)).toMatchObject({ error: { code: 'CACHE_ALONE' } });
  });

  it('says why a server does not answer, and what to do', async () => {
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo;
    for (const [url, why] of [
      [`redis://:geheim@127.0.0.1:${await freePort()}`, /ECONNREFUSED/],
      ['redis://nobody.invalid:6379', /E[A-Z_]+/],
      [`redis://127.0.0.1:${port}`, /what answers there is no Redis/],
    ] as const) {
      const { exitCode, err } = await run(url);
      expect({ exitCode, err }).toEqual({ exitCode: 1, err: expect.stringMatching(why) });
      expect(err).toMatch(/^failed: Redis does not answer: .+\n {2}- Check REDIS_URL and that server/);
      expect(err).not.toContain('geheim');
    }
  });

  it('says what a server refuses, and neither key nor password', async () => {
    const closed = await ownRedis(['--requirepass', 'geheim']);
    const open = closed.url.replace('redis://', 'redis://:geheim@');
    expect((await run(closed.url)).err).toMatch(/^failed: Redis refuses: NOAUTH\.\n {2}- Check name and password/);
    const wrong = await run(closed.url.replace('redis://', 'redis://:ganz-anders@'), '--json');
    expect(JSON.parse(wrong.out)).toMatchObject({ error: { code: 'CACHE_REFUSED' } });
    expect(wrong.out).not.toContain('ganz-anders');
    expect((await run(open)).exitCode).toBe(0);
    await closed.close();
    const crippled = await ownRedis(['--rename-command', 'SCAN', '']);
    expect((await run(crippled.url)).err).toMatch(/^failed: Redis refuses: ERR\.\n/);
    await crippled.close();
  });

  it.each([
    ['another scheme', 'http://127.0.0.1:1', [], 'CONFIG_INVALID', 1],
    ['no price', 'redis://127.0.0.1:1', ['--gb-hour', 'cheap'], 'USAGE', 2],
    ['a price below nothing', 'redis://127.0.0.1:1', ['--cpu-hour=-1'], 'USAGE', 2],
  ] as const)('refuses %s before it asks anybody', async (_, url, args, code, exitCode) => {
    const answer = await run(url, '--json', ...args);
    expect(JSON.parse(answer.out)).toMatchObject({ error: { code } });
    expect(answer.exitCode).toBe(exitCode);
  });
});
