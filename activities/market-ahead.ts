import type { Iso } from '../domain/glossary.ts';
import { feedName, type FeedRef } from '../domain/market/feed.ts';
import type { MarketFeed, RecordPage, RecordsAsked } from '../domain/ports/market-feed.ts';
import { isoNow } from './deps.ts';

/** A page of records, and when the feed was about to be asked for it. */
export interface PageRead {
  readonly page: RecordPage;
  readonly readAt: Iso;
}

/** While a page is stored, the vendor makes the next one: a walk then takes as long as the slower of the two, not as both together. */
export interface PagesAhead {
  /** Errors: those of the feed, also of a page that was asked for ahead. */
  read(feed: FeedRef, asked: RecordsAsked): Promise<PageRead>;
  /** Asks for what will be read next. One page a feed is kept. */
  ask(feed: FeedRef, asked: RecordsAsked): void;
}

/** A page that came so long ago is asked for anew: whoever asked for it has gone. */
const LASTS_MS = 30_000;

interface Waiting {
  readonly asked: string;
  readonly read: Promise<PageRead>;
  /** It would hold the page for as long as it runs, so it ends with the page's reading. */
  timer?: NodeJS.Timeout;
}

export function createPagesAhead(deps: {
  readonly source: Pick<MarketFeed, 'records'>;
  readonly now: () => Date;
}): PagesAhead {
  const ahead = new Map<string, Waiting>();
  const read = async (feed: FeedRef, asked: RecordsAsked): Promise<PageRead> => {
    const readAt = isoNow(deps);
    return { page: await deps.source.records(feed, asked), readAt };
  };
  const take = (name: string): Waiting | undefined => {
    const waiting = ahead.get(name);
    ahead.delete(name);
    clearTimeout(waiting?.timer);
    return waiting;
  };
  return {
    read(feed, asked) {
      const waiting = take(feedName(feed));
      return waiting?.asked === JSON.stringify(asked) ? waiting.read : read(feed, asked);
    },
    ask(feed, asked) {
      const name = feedName(feed);
      take(name);
      const waiting: Waiting = { asked: JSON.stringify(asked), read: read(feed, asked) };
      ahead.set(name, waiting);
      const forgetLater = (): void => {
        if (ahead.get(name) === waiting) waiting.timer = setTimeout(() => take(name), LASTS_MS).unref();
      };
      // Of a failure whoever reads it hears.
      waiting.read.then(forgetLater, forgetLater);
    },
  };
}
