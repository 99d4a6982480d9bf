import type { FeedCounts } from './activities.ts';
import type { MarketTally } from './contract.ts';

export const noTally: MarketTally = { pages: 0, records: 0, changed: 0, dead: 0, news: 0, alerts: 0 };

export function counted(tally: MarketTally, done: FeedCounts): MarketTally {
  return {
    ...tally,
    pages: tally.pages + done.pages,
    records: tally.records + done.records,
    changed: tally.changed + done.changed,
    dead: tally.dead + done.dead,
    news: tally.news + done.news,
  };
}

/** Why a feed is not asked, for whoever looks. */
const reasons: Readonly<Record<string, string>> = {
  FEED_BUSY: "the vendor's quota is used up",
  FEED_SUSPENDED: 'the vendor has suspended the account',
  FEED_REFUSED: 'the vendor refuses the credentials, which a person has to mend',
  FEED_BAD_REQUEST: 'the vendor refuses what is asked, which a person has to look at',
};

export function heldWords(until: string, why: string): string {
  return `Waits until ${until.slice(0, 16).replace('T', ' ')} UTC: ${reasons[why] ?? why}`;
}

export function tallyWords(doing: string, { pages, records, changed, dead, alerts }: MarketTally): string {
  return `${doing}; so far ${pages} pages, ${records} records, ${changed} changed, ${dead} not readable, ${alerts} alerts`;
}
