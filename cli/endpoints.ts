import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoints } from '../platform/compose.ts';
import type { Config } from '../platform/config.ts';
import { productUrl } from '../platform/login.ts';
import type { ReadyLine } from './app-file.ts';
import { Failure } from './failure.ts';

/**
 * Where the servers are for a process that starts none: what the configuration names, else what `start` wrote down.
 * @throws Failure naming everything that is missing at once
 */
export function knownEndpoints(config: Config, app: ReadyLine | undefined): Endpoints {
  const owner = config.databaseUrl ?? app?.databaseUrl;
  const databaseUrl = owner === undefined ? config.databaseAppUrl : productUrl(config, owner);
  const temporalAddress = config.temporal.address ?? app?.temporalAddress;
  const ghlBaseUrl = config.ghl.baseUrl ?? app?.urls.ghl;
  const appId = config.ghl.appId ?? app?.appId;
  const required = {
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    GHL_BASE_URL: ghlBaseUrl,
    GHL_APP_ID: appId,
  };
  const missing = Object.entries(required).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (!databaseUrl || !temporalAddress || !ghlBaseUrl || !appId) {
    throw new Failure(`It is not known where everything runs: ${missing.join(', ')} missing.`, {
      code: 'CONFIG_INVALID',
      ways: ['start everything on this machine: npm start', `or set ${missing.join(', ')}`],
    });
  }
  return {
    databaseUrl,
    redisUrl: config.redisUrl ?? app?.redisUrl,
    temporalAddress,
    temporalUiUrl: config.temporal.uiUrl ?? app?.urls.temporalUi,
    ghlBaseUrl,
    claudeBaseUrl: config.anthropic.baseUrl ?? app?.urls.claude,
    resoBaseUrl: config.reso.baseUrl ?? app?.urls.reso,
    appId,
    webhookKeysPem: webhookKeys(config),
  };
}

/** The configured keys; in the sandbox the public half of its own; else undefined, which stands for the vendor's published one. */
export function webhookKeys(config: Config): string | undefined {
  if (config.ghl.webhookKeysFile !== undefined) return readFileSync(config.ghl.webhookKeysFile, 'utf8');
  if (config.mode !== 'sandbox') return undefined;
  const path = join(config.home, 'vendors', 'ghl', 'keys', 'ghl-webhook.public.pem');
  if (existsSync(path)) return readFileSync(path, 'utf8');
  throw new Failure(`The sandbox has no webhook key yet: ${path} is not there.`, {
    ways: ['start the sandbox once, it makes one: npm start', 'or name a key: GHL_WEBHOOK_KEYS_FILE'],
  });
}
