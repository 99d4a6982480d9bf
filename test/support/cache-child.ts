import { Redis } from 'ioredis';
import { createCache } from '../../integrations/cache/cache.ts';
import { createCodecs } from '../../integrations/cache/codecs.ts';
import { KINDS, PATIENT_MS } from './cache-world.ts';
import { until } from './until.ts';

/** A process with a cache of its own: it says when it is ready, asks when it is told to, and says what it got. */
const given = JSON.parse(process.argv[2] ?? '{}') as {
  redisUrl: string;
  kind: string;
  id: string;
  times: number;
  /** For so long the loader takes; absent: for ever. */
  loadMs?: number;
  lockMs?: number;
};
const nobody = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const counting = new Redis(given.redisUrl);
const { redisUrl, lockMs } = given;
const cache = createCache({
  ...{ redisUrl, kinds: KINDS, codecs: await createCodecs(), tell: nobody, limitMs: PATIENT_MS, waitMs: 60_000 },
  ...(lockMs !== undefined && { lockMs }),
});
await until(() => cache.healthy() && cache.stats().messages.hears);

async function load(): Promise<string> {
  const calls = await counting.incr('test:loads');
  await new Promise((resolve) => {
    if (given.loadMs === undefined) setInterval(() => undefined, 1000);
    else setTimeout(resolve, given.loadMs);
  });
  return `load ${calls}`;
}

process.on('message', () => {
  const key = { location: 'L', id: given.id };
  const asked = Array.from({ length: given.times }, () => cache.wrap(key, { kind: given.kind }, load));
  void Promise.all(asked).then(async (answers) => {
    process.send!({ answers });
    await cache.close();
    counting.disconnect();
    process.disconnect();
  });
});
process.send!('ready');
