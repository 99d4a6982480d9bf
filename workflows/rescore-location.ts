import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { RescoredSome, ScoreActivities } from './activities.ts';
import { workflowNow } from './clock.ts';
import { PROGRESS_QUERY, RESCORE_SIGNAL } from './contract.ts';
import type { RescoreInput, RescorePass, RescoreView } from './contract.ts';
import { showPass } from './rescore-face.ts';
import { afterDone, afterSlow, firstStep } from './rescore-step.ts';
import { store } from './retry.ts';

const own = proxyActivities<ScoreActivities>(store);

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Between seven and nine by UTC it is night in all of the States. */
const NIGHT_FROM_MS = 7 * HOUR_MS;
const NIGHT_MS = 2 * HOUR_MS;
/** Steps before the history is started afresh, even when the server does not suggest it yet. */
const STEPS_PER_RUN = 200;
/** A lead that was told costs its team's CRM up to four of the hundred calls in ten seconds: the rest is for what comes in live. */
const PER_TOLD_MS = 500;
/** Until it is looked again whether the location has worked its events. */
const FULL_MS = 10_000;
/** Looks in a row that found no room: what keeps its events for minutes may keep them for ever, and the leads behind it are not to wait. */
const LOOKS_AT_MOST = 30;
/** Ids of leads that could not be read, in the view; all of them are in the log. */
const NAMED = 20;

/**
 * Scores all leads of a location anew, every night and whenever something changes that scores depend on. A pass goes from contact to
 * contact in their order, a few hundred at a time; how far it is stands in the history, so that it goes on there whoever works it.
 */
export async function rescoreLocation(input: RescoreInput): Promise<void> {
  const { locationId } = input;
  let asked = input.asked ?? false;
  // What a version before this one carried over may lack what is counted since.
  let pass: RescorePass | null = input.pass === undefined ? null : { ...begun(), ...input.pass };
  let last: RescorePass | null = input.last === undefined ? null : { ...begun(), ...input.last };
  let steps = 0;

  setHandler(defineSignal(RESCORE_SIGNAL), () => {
    asked = true;
  });
  setHandler(defineQuery<RescoreView>(PROGRESS_QUERY), () => ({ pass, last }));

  for (;;) {
    if (pass === null) {
      await untilAskedOrNight();
      pass = begun();
    }
    showPass({ pass, last }, null);
    const { asOf, after, step, waited } = pass;
    const leave = waited >= LOOKS_AT_MOST;
    const done = await own.rescoreSome({ locationId, asOf, after, atMost: step.atMost, leave });
    if (done.outcome === 'gone') return;
    pass = further(pass, done);
    if (done.outcome === 'done') {
      if (done.next === null) [pass, last] = [null, pass];
      await makeRoom(done);
    }
    steps += 1;
    if (workflowInfo().continueAsNewSuggested || steps >= STEPS_PER_RUN) {
      const carried = { ...(pass === null ? {} : { pass }), ...(last === null ? {} : { last }) };
      return continueAsNew<typeof rescoreLocation>({ locationId, asked, ...carried });
    }
  }

  async function untilAskedOrNight(): Promise<void> {
    const ms = untilNight(locationId);
    const at = new Date(workflowNow() + ms).toISOString().slice(0, 16).replace('T', ' ');
    const summary = `Next pass tonight at ${at} UTC`;
    showPass({ pass, last }, summary);
    await condition(() => asked, ms, { summary });
    asked = false;
  }

  /** What comes in live must not wait behind thousands of leads that were told at once. */
  async function makeRoom({ full, told }: { readonly full: boolean; readonly told: number }): Promise<void> {
    const ms = Math.max(full ? FULL_MS : 0, told * PER_TOLD_MS);
    if (ms === 0) return;
    const summary = full
      ? 'Waits until the location has worked the events that it has'
      : `Waits while ${told} leads decide anew on their scores`;
    showPass({ pass, last }, summary);
    await sleep(ms, { summary });
  }
}

function begun(): RescorePass {
  const asOf = new Date(workflowNow()).toISOString();
  return {
    asOf,
    after: '',
    of: null,
    scored: 0,
    changed: 0,
    told: 0,
    left: 0,
    waited: 0,
    skipped: 0,
    unread: [],
    step: firstStep,
  };
}

function further(pass: RescorePass, done: Exclude<RescoredSome, { outcome: 'gone' }>): RescorePass {
  if (done.outcome === 'slow') return { ...pass, step: afterSlow(done.leads) };
  const { next, scored, unread } = done;
  return {
    ...pass,
    after: next ?? pass.after,
    of: done.of ?? pass.of,
    scored: pass.scored + scored,
    changed: pass.changed + done.changed,
    told: pass.told + done.told,
    left: pass.left + done.left,
    waited: done.full && next === pass.after ? pass.waited + 1 : 0,
    skipped: pass.skipped + (unread === null ? 0 : 1),
    unread: unread === null ? pass.unread : [...pass.unread, unread].slice(0, NAMED),
    step: afterDone(pass.step, unread === null ? scored : pass.step.within),
  };
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
