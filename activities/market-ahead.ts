import type { Iso } from '../domain/glossary.ts';
import { feedName, type FeedRef } from '../domain/market/feed.ts';
import type { MarketFeed, RecordPage, RecordsAsked } from '../domain/ports/market-feed.ts';
import { isoNow } from './deps.ts';

/** A page of records, and when the feed was about to be asked for it. */
export interface PageRead<Made> {
  readonly page: RecordPage;
  readonly readAt: Iso;
  /** What was made of it meanwhile, for whoever asked for it. */
  readonly made?: Made;
}

/**
 * While a page is stored, the vendor makes the next one, and it is read as far as that may be done: a walk then takes as long as the slower of
 * the two, not as both together.
 */
export interface PagesAhead<Made> {
  /** Errors: those of the feed, also of a page that was asked for ahead. */
  read(feed: FeedRef, asked: RecordsAsked): Promise<PageRead<Made>>;
  /** Asks for what will be read next. One page a feed is kept. @param make  of the page, once it has come */
  ask(feed: FeedRef, asked: RecordsAsked, make?: (page: RecordPage) => Promise<Made>): void;
}

/** A page that came so long ago is asked for anew: whoever asked for it has gone. */
const LASTS_MS = 30_000;

interface Waiting<Made> {
  readonly asked: string;
  readonly read: Promise<PageRead<Made>>;
  /** It would hold the page for as long as it runs, so it ends with the page's reading. */
  timer?: NodeJS.Timeout;
}

export function createPagesAhead<Made>(deps: {
  readonly source: Pick<MarketFeed, 'records'>;
  readonly now: () => Date;
}): PagesAhead<Made> {
  const ahead = new Map<string, Waiting<Made>>();
  const read = async (feed: FeedRef, asked: RecordsAsked): Promise<PageRead<Made>> => {
    const readAt = isoNow(deps);
    return { page: await deps.source.records(feed, asked), readAt };
  };
  const readAndMade = async (
    feed: FeedRef,
    asked: RecordsAsked,
    make: (page: RecordPage) => Promise<Made>,
  ): Promise<PageRead<Made>> => {
    const came = await read(feed, asked);
    return { ...came, made: await make(came.page) };
  };
  const take = (name: string): Waiting<Made> | undefined => {
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
    ask(feed, asked, make) {
      const name = feedName(feed);
      take(name);
      const waiting: Waiting<Made> = {
        asked: JSON.stringify(asked),
        read: make === undefined ? read(feed, asked) : readAndMade(feed, asked, make),
      };
      ahead.set(name, waiting);
      const forgetLater = (): void => {
        if (ahead.get(name) === waiting) waiting.timer = setTimeout(() => take(name), LASTS_MS).unref();
      };
      // Of a failure whoever reads it hears.
      waiting.read.then(forgetLater, forgetLater);
    },
  };
}
