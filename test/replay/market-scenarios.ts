import { followedFile } from '../../domain/market/followed-files.ts';
import { marketWorkflowId } from '../../workflows/contract.ts';
import { FHFA, figureText } from '../support/figure-files.ts';
import type { MarketLife } from '../support/market-life.ts';
import { until } from '../support/until.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Runs of the market: each answers the id of its workflow when it is over. */
export const marketScenarios: Readonly<Record<string, (life: MarketLife) => Promise<string>>> = {
  /** The first poll of a feed and the walk through it, then one that has leads told. */
  'market-poll-and-walk': async (life) => {
    await life.market.fresh();
    const feed = await life.market.feed();
    await (await life.start(feed, 'first')).result();
    await life.market.order('changes', { count: 30 });
    // A new night has come: the feed is walked through again.
    await life.time.skip(26 * HOUR);
    const run = await life.start(feed, 'second');
    await run.result();
    return run.workflowId;
  },

  /** The vendor's quota is used up in the middle, and what is pushed waits for it as well. */
  'market-pushed-and-held': async (life) => {
    await life.market.fresh();
    const feed = await life.market.feed();
    await (await life.start(feed, 'first')).result();
    await life.market.order('changes', { count: 5 });
    const { events } = await life.market.deps.source.events(feed, null);
    await life.market.store.acceptPush(feed, events.slice(-5), new Date().toISOString());
    await life.market.order('faults', { match: { path: '*' }, status: 429, headers: { 'retry-after': '1800' } });
    await life.runs.wake(feed);
    const id = marketWorkflowId(feed);
    await life.heldBy(id);
    await life.market.order('faults', {}, 'DELETE');
    await life.time.skip(HOUR);
    await life.over(id);
    return id;
  },

  /** Held until the history is long enough to be begun afresh. */
  'market-continue-as-new': async (life) => {
    await life.market.fresh();
    const feed = await life.market.feed();
    const busy = { status: 429, headers: { 'retry-after': '60' } };
    await life.market.order('faults', { match: { path: '*' }, times: 10_000, ...busy });
    const run = await life.start(feed, 'long');
    const first = run.firstExecutionRunId;
    const again = async (): Promise<boolean> => {
      await life.time.skip(30 * MINUTE);
      return (await life.handle(run.workflowId).describe()).runId !== first;
    };
    await until(again, 180_000);
    await life.market.order('faults', {}, 'DELETE');
    await life.time.skip(HOUR);
    await life.over(run.workflowId);
    return run.workflowId;
  },

  'market-backfilled': async (life) => {
    await life.market.fresh();
    const feed = await life.market.feed();
    await (await life.start(feed, 'first')).result();
    await life.market.order('faults', { match: { path: '*' }, status: 429, headers: { 'retry-after': '600' } });
    const month = new Date().toISOString().slice(0, 7);
    await life.runs.backfill(feed, month);
    const { workflowId } = life.backfill(feed, month);
    await life.heldBy(workflowId);
    await life.market.order('faults', {}, 'DELETE');
    await life.time.skip(HOUR);
    await life.over(workflowId);
    return workflowId;
  },

  /** A public file whose server is away at first. */
  'figures-fetched': async (life) => {
    const address = { source: 'fhfa', url: `${life.files.server.url}/${FHFA}` } as const;
    life.files.addresses.push(address);
    const headers = { 'last-modified': 'Wed, 24 Feb 2016 15:00:00 GMT' };
    life.files.server.give({ status: 200, headers, body: figureText(FHFA) });
    life.files.server.fail(1);
    const run = await life.fetch(followedFile(address));
    await until(() => life.files.server.asked.length === 1);
    await life.time.skip(HOUR);
    await run.result();
    return run.workflowId;
  },
};
