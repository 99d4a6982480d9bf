import { AppError } from '../domain/errors.ts';
import type { Log } from '../domain/ports/log.ts';
import type { MarketFeed } from '../domain/ports/market-feed.ts';
import type { SettingsStore } from '../domain/ports/settings.ts';
import { createMarketFeed } from '../integrations/reso/feed.ts';
import type { FeedCredentials } from '../integrations/reso/tokens.ts';
import type { Config } from './config.ts';

/**
 * The MLS feed of this deployment; undefined where none is set up. Which system's records a feed has, the location's settings say.
 * @param baseUrl  the configured service root, in the sandbox the stand-in's
 */
export function marketFeedOf(
  reso: Config['reso'],
  baseUrl: string | undefined,
  { settings, log }: { readonly settings: Pick<SettingsStore, 'get'>; readonly log: Log },
): (MarketFeed & { close(): Promise<void> }) | undefined {
  const credentials = reso.baseUrl === undefined ? standInsToken : credentialsOf(reso);
  if (baseUrl === undefined || credentials === undefined) return undefined;
  return createMarketFeed({
    baseUrl,
    credentials,
    log,
    async originatingSystem({ locationId, provider, market }) {
      const known = await settings.get(locationId);
      const choice = known?.settings.market.feeds.find((feed) => feed.provider === provider && feed.market === market);
      if (choice !== undefined) return choice.originatingSystem;
      throw new AppError(
        'FEED_BAD_REQUEST',
        `${provider}/${market}: expected a feed of the location’s settings; it has none`,
      );
    },
  });
}

/** The stand-in takes any token; a real one that happens to be set is for the real vendor. */
const standInsToken: FeedCredentials = { kind: 'token', token: 'sandbox' };

function credentialsOf({ token, clientId, clientSecret, tokenUrl }: Config['reso']): FeedCredentials | undefined {
  if (token !== undefined) return { kind: 'token', token };
  if (clientId === undefined || clientSecret === undefined || tokenUrl === undefined) return undefined;
  return { kind: 'client', id: clientId, secret: clientSecret, tokenUrl };
}
