import { createCodecs } from '../../integrations/cache/codecs.ts';
import { createCoder } from '../../integrations/cache/coder.ts';
import { LAST_COMMITTED } from '../../integrations/cache/committed.ts';
import { createGuardedRedis } from '../../integrations/cache/guarded.ts';
import { until } from './until.ts';
import { ownWords } from './cache-own-words.ts';
import { PATIENT_MS } from './cache-world.ts';

/** A process that writes one location's values until it has made, or been given, a dictionary for them, and says what it then writes. */
const { redisUrl, location } = JSON.parse(process.argv[2] ?? '{}') as { redisUrl: string; location: string };
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const kind = { name: 'lead', ttlMs: 3_600_000, place: 'key' } as const;
const redis = createGuardedRedis({ redisUrl, tell: silent, limitMs: PATIENT_MS });
await until(() => redis.healthy());
const coder = createCoder({
  ...{ kinds: [kind], codecs: await createCodecs(), redis, tell: silent },
  pace: { lookedAt: 1, retrainOf: 60, lookEveryMs: 50, soonMs: 50 },
});
const end = Date.now() + kind.ttlMs;
const write = (id: string, value: unknown) =>
  coder.encode(kind, { location, id }, { value, freshUntil: end, until: end });

process.once('message', async () => {
  for (const [at, value] of ownWords(process.pid, 60).entries()) await write(String(at), value);
  await coder.settled();
  const [value] = ownWords(1, 1);
  let stored: Buffer | undefined;
  let tries = 0;
  // What is written over at once is worth no compression: each try is another value.
  await until(async () => {
    stored = await write(`last${++tries}`, value);
    return stored[1]! > LAST_COMMITTED;
  });
  process.send!({ counts: coder.stats().dictionaries, id: `last${tries}`, stored: stored!.toString('base64') });
  await coder.close();
  await redis.close();
  process.disconnect();
});
process.send!('ready');
