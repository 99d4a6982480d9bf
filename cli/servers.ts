import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Endpoints } from '../platform/compose.ts';
import type { Config } from '../platform/config.ts';
import { productUrl } from '../platform/login.ts';
import { startWorld, type World } from '../sandbox/services/world.ts';
import { searchAttributes } from '../workflows/contract.ts';
import { webhookKeys } from './endpoints.ts';
import { Failure } from './failure.ts';
import type { Io } from './output.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** `.ts` beside the sources, `.js` beside the compiled code. */
const ghlStandIn = fileURLToPath(new URL(`../sandbox/vendors/ghl/main${extname(import.meta.url)}`, import.meta.url));

/** Starts, or finds, every server this process needs; in sandbox mode the vendor's stand-in among them. */
export async function startServers(io: Io, config: Config, say: (line: string) => void): Promise<World> {
  const standsIn = config.mode === 'sandbox' && config.ghl.baseUrl === undefined;
  return startWorld({
    home: config.home,
    cache: config.cache,
    env: io.env,
    progress: say,
    searchAttributes,
    vendors: standsIn ? [{ name: 'ghl', entry: ghlStandIn, root }] : [],
  });
}

/** @throws Failure where a vendor is neither configured nor stood in for */
export async function endpointsOf(config: Config, world: World): Promise<Endpoints> {
  const standIn = world.vendors['ghl']?.url;
  const ghlBaseUrl = config.ghl.baseUrl ?? standIn;
  const appId = config.ghl.appId ?? (standIn === undefined ? undefined : await appIdOf(standIn));
  if (ghlBaseUrl === undefined || appId === undefined) {
    throw new Failure('It is not known which app and which GoHighLevel to work with.', {
      code: 'CONFIG_INVALID',
      ways: ['set GHL_BASE_URL and GHL_APP_ID'],
    });
  }
  return {
    databaseUrl: productUrl(config, world.postgres.url),
    redisUrl: 'url' in world.redis ? world.redis.url : undefined,
    temporalAddress: world.temporal.address,
    temporalUiUrl: config.temporal.uiUrl ?? world.temporal.uiUrl,
    ghlBaseUrl,
    appId,
    webhookKeysPem: webhookKeys(config),
  };
}

/** The stand-in knows which app it delivers for. */
async function appIdOf(standIn: string): Promise<string> {
  const response = await fetch(`${standIn}/_sandbox/app`);
  return ((await response.json()) as { appId: string }).appId;
}
