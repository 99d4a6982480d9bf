import { randomBytes } from 'node:crypto';
import type { TokenDeps } from '../activities/credentials.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { Log } from '../domain/ports/log.ts';
import { createOAuth } from '../integrations/ghl/oauth.ts';
import { createCredentialStore } from '../integrations/postgres/credentials.ts';
import { createInstallStore } from '../integrations/postgres/installs.ts';
import type { Sealing } from '../integrations/postgres/sealing.ts';
import type { Tenants } from '../integrations/postgres/tenants.ts';
import type { createTemporalClient } from '../integrations/temporal/connection.ts';
import { createTokenRefresher } from '../integrations/temporal/token-refresher.ts';
import type { Endpoints } from './compose.ts';
import type { Config } from './config.ts';
import { noOAuth, oauthClient } from './oauth.ts';
import { createSharedReading } from './shared-reading.ts';
import { sha256 } from './secrets.ts';
import { createTokenProvider } from './token-provider.ts';

/** Tokens: where they lie, who renews them, and how everybody comes by them. */
export function composeTokens(
  { config, endpoints, log, masterKey }: { config: Config; endpoints: Endpoints; log: Log; masterKey: Buffer },
  {
    tenants,
    sealing,
    temporal,
  }: { tenants: Tenants; sealing: Sealing; temporal: ReturnType<typeof createTemporalClient>['client'] },
) {
  const credentials = createCredentialStore(tenants, sealing);
  const refresher = createTokenRefresher(temporal);
  const client = oauthClient(config, endpoints.appId, masterKey);
  const { ghlBaseUrl: baseUrl, appId } = endpoints;
  const marketplaceUrl = config.ghl.marketplaceUrl ?? baseUrl;
  return {
    credentials,
    installs: createInstallStore(tenants),
    refresher,
    tokens: createTokenProvider({ credentials, refresher, log, now: () => new Date() }),
    oauth: client === undefined ? noOAuth() : createOAuth({ baseUrl, marketplaceUrl, appId, client, log }),
    oauthClient: client,
    nobodysSecret,
  };
}

/** A hash of something random that nobody keeps. */
const nobodysSecret: TokenDeps['nobodysSecret'] = () => sha256(randomBytes(32));

/** How many locations wait for somebody, read at most once in a while, whoever asks; NaN while it is not known. */
export function parkedReading(locations: Pick<LocationStore, 'list'>): () => Promise<number> {
  return createSharedReading(async () => {
    const all = await locations.list();
    return all.filter(({ parked, status }) => parked !== null && status !== 'uninstalled').length;
  });
}
