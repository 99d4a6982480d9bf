import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createCache } from '../../integrations/redis/cache.ts';
import { createLogger } from '../../platform/logger.ts';
import { cuttableProxy } from '../support/cuttable-proxy.ts';
import { until } from '../support/until.ts';
import { sharedServices } from '../support/world.ts';

const log = createLogger({ level: 'silent' });

describe('the cache of several processes', () => {
  it('shares what was set, misses what a dead Redis cannot tell, and goes on by itself when it is back', async () => {
    const { redisUrl } = await sharedServices();
    if (redisUrl === undefined) throw new Error('this test needs a Redis: none was found and none could be fetched');
    const real = new URL(redisUrl);
    const proxy = await cuttableProxy({ host: real.hostname, port: Number(real.port) });
    const writer = createCache({ redisUrl, log });
    const reader = createCache({ redisUrl: `redis://127.0.0.1:${proxy.port}`, log });
    await until(() => writer.healthy() && reader.healthy());
    const key = (name: string): string => `test:${randomUUID()}:${name}`;
    const [a, b, c] = [key('a'), key('b'), key('c')];

    await writer.set(a, { n: 1 }, 60_000);
    expect(await reader.get(a)).toEqual({ n: 1 });

    await writer.set(b, 2, 60_000);
    proxy.cut();
    await until(() => !reader.healthy());
    expect(await reader.get(b)).toBeUndefined();
    await reader.set(c, 3, 60_000);
    expect(await reader.get(c)).toBe(3);

    proxy.restore();
    await until(() => reader.healthy());
    expect(await reader.get(b)).toBe(2);

    await Promise.all([writer.close(), reader.close()]);
    await proxy.close();
  });
});
