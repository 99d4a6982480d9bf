import type { ErrorEntry } from './errors.ts';

/** Of feeds as people name them, and of public files of figures; what goes wrong with a feed by itself is in `errors-running.ts`. */
export const marketErrors = {
  MARKET_TAKEN: {
    status: 409,
    title: 'Another location has a feed of this provider under this name',
    hint: 'Choose another name for the market: each location has its own licence, and so its own feed.',
  },
  MARKET_FILE_BROKEN: {
    status: 422,
    title: 'The file of market figures cannot be had, or not to its end',
    hint: 'Fetch it again as the message says; nothing of a broken file is stored.',
  },
  MARKET_FILE_SHAPE: {
    status: 422,
    title: 'The file is not what its source publishes',
    hint: 'Compare its first line with docs/market.md; if the source has changed its files, the reader has to be changed too.',
  },
  MARKET_FILE_REFUSED: {
    status: 422,
    title: 'The figures of the file cannot be believed',
    hint: 'Nothing was stored. An old file wants --as-of; figures that the source itself has changed want --revised.',
  },
  MARKET_FILE_BUSY: {
    status: 409,
    title: 'Somebody else reads the same file',
    hint: 'Wait for the other one; both go on where the file stands.',
  },
  FEED_UNKNOWN: {
    status: 404,
    title: 'The location has no such market feed',
    hint: 'List them: leadwright market status.',
  },
  LISTING_UNKNOWN: {
    status: 404,
    title: 'No such listing is known in this location',
    hint: 'Check its key: it is the ListingKey of the MLS, not the number that people know.',
  },
  DRIFT_UNKNOWN: {
    status: 404,
    title: 'No such change of a feed is known in this location',
    hint: 'List them: leadwright market drift.',
  },
} as const satisfies Record<string, ErrorEntry>;
