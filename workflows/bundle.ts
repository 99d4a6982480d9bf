/** Every workflow, under the name of its type: the entry of the bundle that workers load. */
export { keepWarm } from './keep-warm.ts';
export { lead } from './lead.ts';
export { marketBackfill } from './market-backfill.ts';
export { marketFigures } from './market-figures.ts';
export { marketRefresh } from './market-refresh.ts';
export { nightlySummaries } from './nightly-summaries.ts';
export { refreshTokens } from './refresh-tokens.ts';
export { rescoreLocation } from './rescore-location.ts';
