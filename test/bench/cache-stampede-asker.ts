import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Redis } from 'ioredis';
import { createCodecs } from '../../integrations/cache/codecs.ts';
import { fastKinds } from './cache-kinds.ts';
import { openOurs } from './cache-ours.ts';
import { type Ask, type Asked, LOAD_MS, loadsKey } from './cache-stampede.ts';
import { madeValues } from './cache-values.ts';

/** A process of the bench `cache`: asks for one value many times at once, whenever it is told to. */
const [, , url = ''] = process.argv;
const cache = await openOurs(url, [fastKinds.contact], await createCodecs());
const counts = new Redis(url);
const [contact] = madeValues('contact', 10);

async function load(id: string): Promise<unknown> {
  await counts.incr(loadsKey(id));
  await sleep(LOAD_MS);
  return contact!.value;
}

async function ask({ id, how }: Ask): Promise<unknown> {
  const key = { location: contact!.key.location, id };
  if (how === 'wrap') return cache.wrap(key, { kind: 'contact' }, () => load(id));
  const known = await cache.get(key, { kind: 'contact' });
  if (known !== undefined) return known;
  const value = await load(id);
  await cache.set(key, value, { kind: 'contact' });
  return value;
}

process.on('message', (message: Ask) => {
  void (async () => {
    await sleep(Math.max(0, message.at - Date.now()));
    const values = await Promise.all(Array.from({ length: message.times }, () => ask(message)));
    const asked: Asked = {
      ms: Date.now() - message.at,
      wrong: values.filter((value) => !isDeepStrictEqual(value, contact!.value)).length,
    };
    process.send!(asked);
  })();
});
// Whoever started this one has ended.
process.on('disconnect', () => process.exit());
process.send!({ ready: true });
