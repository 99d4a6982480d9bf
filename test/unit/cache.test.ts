import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Cache } from '../../domain/ports/cache.ts';
import { createCache } from '../../integrations/redis/cache.ts';
import { createLogger } from '../../platform/logger.ts';

const log = createLogger({ level: 'silent' });
const open: Cache[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((cache) => cache.close()));
});

function cacheOf(options: Partial<Parameters<typeof createCache>[0]>): Cache {
  const cache = createCache({ log, ...options });
  open.push(cache);
  return cache;
}

describe('the cache of one process', () => {
  it('answers what was set until its time is up, and forgets what is deleted', async () => {
    let clock = 0;
    const cache = cacheOf({ now: () => clock });
    await cache.set('loc:a', { n: 1 }, 1000);
    expect(await cache.get('loc:a')).toEqual({ n: 1 });
    clock = 999;
    expect(await cache.get('loc:a')).toEqual({ n: 1 });
    clock = 1000;
    expect(await cache.get('loc:a')).toBeUndefined();
    await cache.set('loc:b', 2, 1000);
    await cache.delete('loc:b');
    expect(await cache.get('loc:b')).toBeUndefined();
    expect(cache.healthy()).toBe(false);
  });

  it('keeps at most its bound, dropping what was not used the longest', async () => {
    const cache = cacheOf({ entries: 2 });
    await cache.set('a', 1, 1e6);
    await cache.set('b', 2, 1e6);
    await cache.get('a');
    await cache.set('c', 3, 1e6);
    expect([await cache.get('a'), await cache.get('b'), await cache.get('c')]).toEqual([1, undefined, 3]);
  });

  it('hands out copies: a caller cannot change what others get', async () => {
    const cache = cacheOf({});
    const value = { list: [1] };
    await cache.set('a', value, 1000);
    value.list.push(2);
    (await cache.get<{ list: number[] }>('a'))?.list.push(3);
    expect(await cache.get('a')).toEqual({ list: [1] });
  });
});

describe('a Redis that is dead, or takes bytes and never answers', () => {
  it('costs nothing and throws nothing', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const urls = [`redis://127.0.0.1:${port}`, 'redis://127.0.0.1:1'];
    for (const redisUrl of urls) {
      const cache = cacheOf({ redisUrl });
      for (let n = 0; n < 5; n += 1) {
        await cache.set(`k${n}`, n, 1000);
        expect(await cache.get(`k${n}`)).toBe(n);
        expect(await cache.get(`absent${n}`)).toBeUndefined();
      }
      expect(cache.healthy()).toBe(false);
      await cache.close();
    }
    await new Promise((resolve) => silent.close(resolve));
  });
});
