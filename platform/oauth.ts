import { createHmac } from 'node:crypto';
import { AppError } from '../domain/errors.ts';
import type { OAuthVendor } from '../domain/ports/oauth.ts';
import type { Config } from './config.ts';

/** Our id and secret at the vendor. The sandbox has a pair of its own, which follows from the home's key, so that every process can tell it. */
export function oauthClient(
  config: Config,
  appId: string,
  masterKey: Buffer,
): { readonly id: string; readonly secret: string } | undefined {
  const { clientId, clientSecret } = config.ghl;
  if (clientId !== undefined && clientSecret !== undefined) return { id: clientId, secret: clientSecret };
  if (config.mode !== 'sandbox') return undefined;
  return { id: `${appId}-sandbox`, secret: createHmac('sha256', masterKey).update('oauth client').digest('base64url') };
}

/** In the place of the vendor where no client is configured: locations are added with private tokens then. */
export function noOAuth(): OAuthVendor & { close(): Promise<void> } {
  const refuse = (): never => {
    throw new AppError('OAUTH_NOT_SET_UP', 'expected GHL_CLIENT_ID and GHL_CLIENT_SECRET');
  };
  return {
    authorizeUrl: refuse,
    exchangeCode: async () => refuse(),
    refresh: async () => refuse(),
    locationToken: async () => refuse(),
    installedLocations: refuse,
    close: () => Promise.resolve(),
  };
}
