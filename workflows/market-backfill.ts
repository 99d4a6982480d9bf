import {
  continueAsNew,
  defineQuery,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { MarketActivities } from './activities.ts';
import { workflowNow } from './clock.ts';
import { PROGRESS_QUERY } from './contract.ts';
import type { BackfillInput, BackfillPlace, MarketTally, MarketView } from './contract.ts';
import { counted, heldWords, noTally, tallyWords } from './market-words.ts';
import { read } from './retry.ts';

const market = proxyActivities<MarketActivities>(read);

/** Activities before the history is started afresh, even when the server does not suggest it yet. */
const ACTIVITIES_PER_RUN = 300;

/** Reads all changes of a month anew, behind what is new: newer rows stay as they are, and only what has changed since changes are news is told, with the next poll. */
export async function marketBackfill({ feed, month, ...carried }: BackfillInput): Promise<MarketTally> {
  let tally = carried.tally ?? noTally;
  let place: BackfillPlace | null = carried.place ?? null;
  let heldUntil: string | null = null;
  let doing = `reads the changes of ${month}`;
  setHandler(defineQuery<MarketView>(PROGRESS_QUERY), () => ({ ...tally, doing, heldUntil }));

  for (let activities = 1; ; activities += 1) {
    doing = place === null ? `reads the changes of ${month}` : `reads the changes of ${month}: ${place.resource}`;
    setCurrentDetails(tallyWords(doing, tally));
    const filled = await market.backfillMarket({ feed, month, place });
    if (filled.outcome === 'gone') return tally;
    if (filled.outcome === 'held') {
      heldUntil = filled.until;
      doing = heldWords(filled.until, filled.why);
      setCurrentDetails(tallyWords(doing, tally));
      await sleep(Math.max(Date.parse(filled.until) - workflowNow(), 1_000), { summary: doing });
      heldUntil = null;
    } else {
      tally = counted(tally, filled);
      place = filled.next;
      if (place === null) return tally;
    }
    if (workflowInfo().continueAsNewSuggested || activities >= ACTIVITIES_PER_RUN) {
      return continueAsNew<typeof marketBackfill>({ feed, month, ...(place === null ? {} : { place }), tally });
    }
  }
}
