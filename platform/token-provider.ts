import { AppError } from '../domain/errors.ts';
import type { CredentialStore, TokenRefresher } from '../domain/ports/credentials.ts';
import type { Log } from '../domain/ports/log.ts';
import type { AccessToken, TokenHolder, TokenProvider } from '../domain/ports/tokens.ts';

export interface TokenProviderDeps {
  readonly credentials: Pick<CredentialStore, 'newest' | 'standing' | 'refuse' | 'suspend' | 'resume'>;
  readonly refresher: TokenRefresher;
  readonly log: Log;
  readonly now: () => Date;
}

interface Kept {
  readonly found: AccessToken;
  readonly until: number;
}

/**
 * Tokens from the store, remembered for a moment: every call to the vendor needs one. A token that is refused is renewed by its one
 * refresher and by nobody else; this process asks it once per version, however many calls wait.
 * @param keptMs      how long a token is answered without looking; one that was replaced elsewhere is refused meanwhile, and found then
 * @param patienceMs  how long a refused call waits for a newer token
 */
export function createTokenProvider(
  deps: TokenProviderDeps,
  { keptMs = 10_000, patienceMs = 10_000 }: { keptMs?: number; patienceMs?: number } = {},
): TokenProvider {
  const kept = new Map<string, Kept>();
  const waiting = new Map<string, Promise<AccessToken | undefined>>();

  async function look(holder: TokenHolder): Promise<AccessToken | undefined> {
    const found = await deps.credentials.newest(holder);
    const known = kept.get(keyOf(holder));
    // Of two looks under way the later answer may be the older one.
    if (found === undefined) kept.delete(keyOf(holder));
    else if (known === undefined || known.found.version <= found.version) {
      kept.set(keyOf(holder), { found, until: performance.now() + keptMs });
    }
    return found;
  }

  async function newer(holder: TokenHolder, version: number): Promise<AccessToken | undefined> {
    const found = await look(holder);
    if (found === undefined || found.version > version) return found;
    const credential = await deps.credentials.standing(holder);
    if (credential?.kind === 'private') return park(holder, version);
    await deps.refresher.tell(holder, version);
    return renewed(holder, version);
  }

  /** Nobody can renew what a person made by hand. */
  async function park(holder: TokenHolder, version: number): Promise<AccessToken | undefined> {
    const parked = await deps.credentials.refuse(holder, version, 'token-refused', deps.now().toISOString());
    if (!parked) return look(holder);
    kept.delete(keyOf(holder));
    deps.log.error(
      { locationId: holder.id },
      'the CRM refuses the private token of this location; its leads wait for another: leadwright locations add',
    );
    return undefined;
  }

  async function renewed(holder: TokenHolder, version: number): Promise<AccessToken | undefined> {
    const until = performance.now() + patienceMs;
    for (let pause = 50; performance.now() < until; pause = Math.min(pause * 1.5, 500)) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      const found = await look(holder);
      // None at all: it was refused for good, and its location is parked.
      if (found === undefined || found.version > version) return found;
    }
    throw new AppError('CRM_UNAVAILABLE', 'the token was not renewed in time', { retryAfterMs: 5_000 });
  }

  return {
    async token(holder) {
      const known = kept.get(keyOf(holder));
      return known !== undefined && known.until > performance.now() ? known.found : look(holder);
    },
    refused(holder, version) {
      const known = kept.get(keyOf(holder));
      if (known !== undefined && known.found.version > version) return Promise.resolve(known.found);
      const key = `${keyOf(holder)} ${version}`;
      const underWay = waiting.get(key);
      if (underWay !== undefined) return underWay;
      const asking = newer(holder, version).finally(() => waiting.delete(key));
      waiting.set(key, asking);
      return asking;
    },
    async inactive(holder, version) {
      if (!(await deps.credentials.suspend(holder, version, deps.now().toISOString()))) return;
      try {
        await deps.refresher.tell(holder, null);
      } catch (error) {
        // Nobody would take it back: rather it is not parked, and the next call tries again.
        await deps.credentials.resume(holder);
        throw error;
      }
      deps.log.error(
        { locationId: holder.id },
        'the CRM says that this location is suspended; its leads wait, and the CRM is asked every hour: docs/operations.md, Parked locations',
      );
    },
  };
}

function keyOf({ kind, id }: TokenHolder): string {
  return `${kind} ${id}`;
}
