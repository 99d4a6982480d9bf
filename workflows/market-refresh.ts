import {
  continueAsNew,
  defineQuery,
  defineSignal,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { FeedResource } from '../domain/market/feed.ts';
import type { FeedCounts, MarketActivities } from './activities.ts';
import { workflowNow } from './clock.ts';
import { PROGRESS_QUERY, PUSHED_SIGNAL } from './contract.ts';
import type { MarketInput, MarketTally, MarketView } from './contract.ts';
import { counted, heldWords, noTally, tallyWords } from './market-words.ts';
import { read, store } from './retry.ts';

const market = proxyActivities<MarketActivities>(read);
const own = proxyActivities<MarketActivities>({ ...store, startToCloseTimeout: '60 s', heartbeatTimeout: '20 s' });

/** Activities before the history is started afresh, even when the server does not suggest it yet. */
const ACTIVITIES_PER_RUN = 300;

/**
 * One poll of a feed, to its end: what is new, and once a day the walk through all that it has; after each step the leads that it concerns are
 * told. Where the vendor's quota is used up it waits until the vendor says, and meanwhile the schedule starts no other. A run that pushed
 * events wake works these alone, until none waits.
 */
export async function marketRefresh({ feed, pushed = false, tally: carried }: MarketInput): Promise<MarketTally> {
  let tally = carried ?? noTally;
  let signalled = false;
  let activities = 0;
  let heldUntil: string | null = null;
  let doing = 'begins';
  setHandler(defineSignal(PUSHED_SIGNAL), () => {
    signalled = true;
  });
  setHandler(defineQuery<MarketView>(PROGRESS_QUERY), () => ({ ...tally, doing, heldUntil }));

  let asked: readonly FeedResource[] = [];
  for (;;) {
    signalled = false;
    show(pushed ? 'works what was pushed' : 'asks for what is new');
    const polled = await market.pollMarket({ feed, pushed, asked });
    activities += 1;
    if (polled.outcome === 'gone') return tally;
    if (polled.outcome === 'held') await untilFree(polled.until, polled.why);
    else {
      await tell(polled);
      asked = polled.asked;
      const walking = polled.outcome === 'done' && polled.walk && !pushed ? await walk() : false;
      if (polled.outcome === 'done' && !walking && !signalled) return tally;
    }
    if (workflowInfo().continueAsNewSuggested || activities >= ACTIVITIES_PER_RUN) {
      return continueAsNew<typeof marketRefresh>({ feed, pushed, tally });
    }
  }

  function show(what: string): void {
    doing = what;
    setCurrentDetails(tallyWords(what, tally));
  }

  /** @returns whether it is not over yet */
  async function walk(): Promise<boolean> {
    show('compares all that the feed has with what is stored');
    const walked = await market.walkMarket({ feed });
    activities += 1;
    if (walked.outcome === 'held') await untilFree(walked.until, walked.why);
    if (walked.outcome !== 'more' && walked.outcome !== 'done') return walked.outcome === 'held';
    await tell(walked);
    return walked.outcome === 'more';
  }

  async function tell(done: FeedCounts): Promise<void> {
    tally = counted(tally, done);
    await tellLeads();
  }

  async function tellLeads(): Promise<void> {
    for (let more = true; more;) {
      show('tells the leads that it concerns');
      const told = await own.fanOut(feed);
      activities += 1;
      tally = { ...tally, alerts: tally.alerts + told.alerts };
      more = told.more;
    }
  }

  async function untilFree(until: string, why: string): Promise<void> {
    // Changes that were stored before, by whomever, do not wait for the vendor.
    await tellLeads();
    const summary = heldWords(until, why);
    heldUntil = until;
    show(summary);
    await sleep(Math.max(Date.parse(until) - workflowNow(), 1_000), { summary });
    heldUntil = null;
  }
}
