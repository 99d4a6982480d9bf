import { createCache, type RunningCache } from '../../integrations/cache/cache.ts';
import { createCodecs } from '../../integrations/cache/codecs.ts';
import { cacheKinds } from '../../platform/cache-kinds.ts';
import { PATIENT_MS } from './cache-world.ts';

const codecs = await createCodecs();
const nobody = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** The product's cache; without a server it is the map of one process. Whoever gives it a server closes it. */
export function productCache(redisUrl?: string): RunningCache {
  return createCache({ redisUrl, kinds: cacheKinds, codecs, tell: nobody, limitMs: PATIENT_MS });
}
