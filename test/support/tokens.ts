import { randomBytes } from 'node:crypto';
import type { CredentialStore, TokenRefresher } from '../../domain/ports/credentials.ts';
import type { TokenProvider } from '../../domain/ports/tokens.ts';
import { createTokenProvider } from '../../platform/token-provider.ts';
import { createSealing } from '../../platform/secrets.ts';

/** A sealing of a master key that no other test has. */
export const testSealing = () => createSealing(randomBytes(32));

/** Nobody refreshes. */
export const noRefresher: TokenRefresher = { tell: () => Promise.resolve() };

/** The product's provider over a store, without a memory, so that a test sees what it stored. */
export function storedTokens(credentials: CredentialStore, refresher = noRefresher): TokenProvider {
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  return createTokenProvider({ credentials, refresher, log, now: () => new Date() }, { keptMs: 0, patienceMs: 5_000 });
}
