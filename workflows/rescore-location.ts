import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ScoreActivities } from './activities.ts';
import { workflowNow } from './clock.ts';
import { PROGRESS_QUERY, RESCORE_SIGNAL } from './contract.ts';
import type { RescoreInput, RescorePass, RescoreView } from './contract.ts';
import { store } from './retry.ts';

const own = proxyActivities<ScoreActivities>(store);

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Between seven and nine by UTC it is night in all of the States. */
const NIGHT_FROM_MS = 7 * HOUR_MS;
const NIGHT_MS = 2 * HOUR_MS;
/** Steps before the history is started afresh, even when the server does not suggest it yet. */
const STEPS_PER_RUN = 200;

/**
 * Scores all leads of a location anew, every night and whenever something changes that scores depend on. A pass goes from contact to
 * contact in their order, a few hundred at a time; how far it is stands in the history, so that it goes on there whoever works it.
 */
export async function rescoreLocation(input: RescoreInput): Promise<void> {
  const { locationId } = input;
  let asked = input.asked ?? false;
  let pass: RescorePass | null = input.pass ?? null;
  let last: RescorePass | null = null;
  let steps = 0;

  setHandler(defineSignal(RESCORE_SIGNAL), () => {
    asked = true;
  });
  setHandler(defineQuery<RescoreView>(PROGRESS_QUERY), () => ({ pass, last }));

  for (;;) {
    if (pass === null) {
      await condition(() => asked, untilNight(locationId));
      asked = false;
      pass = { asOf: new Date(workflowNow()).toISOString(), after: '', scored: 0, changed: 0 };
    }
    const done = await own.rescoreSome({ locationId, asOf: pass.asOf, after: pass.after });
    if (done === 'gone') return;
    const sums = { scored: pass.scored + done.scored, changed: pass.changed + done.changed };
    if (done.next === null) {
      last = { ...pass, ...sums };
      pass = null;
    } else {
      pass = { ...pass, ...sums, after: done.next };
    }
    steps += 1;
    if (workflowInfo().continueAsNewSuggested || steps >= STEPS_PER_RUN) {
      return continueAsNew<typeof rescoreLocation>({ locationId, asked, ...(pass === null ? {} : { pass }) });
    }
  }
}

/** Each location at its own minute of the night, so that not all of them begin at once. */
function untilNight(locationId: string): number {
  const now = workflowNow();
  const at = NIGHT_FROM_MS + (hashOf(locationId) % NIGHT_MS);
  const wait = (at - (now % DAY_MS) + DAY_MS) % DAY_MS;
  return wait === 0 ? DAY_MS : wait;
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
