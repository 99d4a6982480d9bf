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
const standIn = (name: string) => ({
  name,
  entry: fileURLToPath(new URL(`../sandbox/vendors/${name}/main${extname(import.meta.url)}`, import.meta.url)),
  root,
});

/** Starts, or finds, every server this process needs; in sandbox mode the stand-ins of vendors that are not named among them. */
export async function startServers(io: Io, config: Config, say: (line: string) => void): Promise<World> {
  const configured = { ghl: config.ghl.baseUrl, claude: config.anthropic.baseUrl, reso: config.reso.baseUrl };
  const vendors = Object.entries(configured).flatMap(([name, url]) => (url === undefined ? [standIn(name)] : []));
  return startWorld({
    home: config.home,
    cache: config.cache,
    env: io.env,
    progress: say,
    searchAttributes,
    vendors: config.mode === 'sandbox' ? vendors : [],
  });
}

/** @throws Failure where a vendor is neither configured nor stood in for */
export async function endpointsOf(config: Config, world: World): Promise<Endpoints> {
  const ghlStandIn = world.vendors['ghl']?.url;
  const ghlBaseUrl = config.ghl.baseUrl ?? ghlStandIn;
  const appId = config.ghl.appId ?? (ghlStandIn === undefined ? undefined : await appIdOf(ghlStandIn));
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
    claudeBaseUrl: config.anthropic.baseUrl ?? world.vendors['claude']?.url,
    resoBaseUrl: config.reso.baseUrl ?? world.vendors['reso']?.url,
    appId,
    webhookKeysPem: webhookKeys(config),
  };
}

/** The stand-in knows which app it delivers for. */
async function appIdOf(standIn: string): Promise<string> {
  const response = await fetch(`${standIn}/_sandbox/app`);
  return ((await response.json()) as { appId: string }).appId;
}
