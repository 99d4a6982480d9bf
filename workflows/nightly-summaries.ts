import { isCancellation, proxyActivities, setCurrentDetails, sleep } from '@temporalio/workflow';
import type { NightActivities, NightSent } from './activities.ts';
import { workflowNow } from './clock.ts';
import { taskQueues } from './contract.ts';
import type { NightInput } from './contract.ts';
import { onceOnly, read } from './retry.ts';

// There is no next occasion: what a night has asked for is billed, and its answers are nowhere else.
const own = proxyActivities<NightActivities>({ ...read, taskQueue: taskQueues.claude });
const once = proxyActivities<NightActivities>({ ...onceOnly, taskQueue: taskQueues.claude });

const MINUTE_MS = 60_000;
/** Between two looks at most. */
const REST_MS = 15 * MINUTE_MS;
/** The vendor ends a batch after a day, whatever has come of it. */
const LONGEST_MS = 25 * 60 * MINUTE_MS;
/** A batch that is not listed by then was not made. */
const FOUND_WITHIN_MS = 20 * MINUTE_MS;
const TRIES = 4;
const AGAIN_MS = 10 * MINUTE_MS;

/**
 * One night of a location: asks for a summary of each talk of the day in one batch, looks for its end, sooner at first and then each quarter of
 * an hour, and has the answers kept where the leads' assistants find them. A batch whose making was not answered is looked for and never made
 * a second time.
 */
export async function nightlySummaries({ locationId }: NightInput): Promise<string> {
  const sent = await send(locationId);
  switch (sent.kind) {
    case 'stop':
      await own.endNights({ locationId });
      return ends(`Nothing to sum up here (${sent.why}): the schedule ends until the next call of a model`, sent.why);
    case 'nothing':
      return ends('Nobody has written since the last summaries', 'nothing');
    case 'failed':
      return ends('The vendor of the model took no summaries tonight', sent.code);
    case 'sent':
      return await follow(locationId, sent.batchId);
    case 'unsure':
      return await follow(locationId, null);
  }
}

async function send(locationId: string): Promise<NightSent> {
  for (let tries = 1; ; tries += 1) {
    const sent = await trySend(locationId);
    if (sent.kind !== 'failed' || !sent.again || tries === TRIES) return sent;
    await rest(tries * AGAIN_MS, 'Waits to ask again: the vendor of the model takes nothing at the moment');
  }
}

/** Whoever asked may have died behind its call: what the ledger has, says whether a batch has to be looked for. */
async function trySend(locationId: string): Promise<NightSent> {
  try {
    return await once.sendNight({ locationId });
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { kind: 'unsure' };
  }
}

async function follow(locationId: string, made: string | null): Promise<string> {
  const began = workflowNow();
  let batchId = made;
  let what = batchId === null ? 'Looks whether the vendor has made a batch' : 'Waits for the summaries of the night';
  for (let pause = MINUTE_MS; ; pause = Math.min(2 * pause, REST_MS)) {
    await rest(pause, what);
    const look = await own.lookNight({ locationId, batchId });
    if (look.kind === 'ended') {
      batchId = look.batchId;
      const kept = await own.keepNight({ locationId, batchId });
      if (kept.kind === 'kept')
        return ends(`Summaries that came: ${kept.summaries}, that did not: ${kept.dropped}`, 'kept');
    }
    if (look.kind === 'working') what = `Waits for the summaries of the night: ${look.done} of ${look.of} are done`;
    const waited = workflowNow() - began;
    if (waited > LONGEST_MS || (look.kind === 'missing' && waited > FOUND_WITHIN_MS)) {
      await own.dropNight({ locationId, batchId });
      return ends('No summaries came: what was asked for may have been billed', 'given up');
    }
  }
}

async function rest(ms: number, summary: string): Promise<void> {
  setCurrentDetails(summary);
  await sleep(ms, { summary });
}

function ends(sentence: string, outcome: string): string {
  setCurrentDetails(sentence);
  return outcome;
}
