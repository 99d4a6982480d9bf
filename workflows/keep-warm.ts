import { proxyActivities, setCurrentDetails, sleep } from '@temporalio/workflow';
import type { WarmActivities } from './activities.ts';
import { workflowNow } from './clock.ts';
import { WARM_LOOK_EVERY_MS, taskQueues } from './contract.ts';
import type { WarmInput } from './contract.ts';
import { goodToHave, model } from './retry.ts';

const own = proxyActivities<WarmActivities>({ ...goodToHave, taskQueue: taskQueues.claude });
const vendor = proxyActivities<WarmActivities>({ ...model, taskQueue: taskQueues.claude });

/** Why nothing is kept warm any more, for whoever looks. */
const sentences: Readonly<Record<string, string>> = {
  'nobody-comes': 'No call of a model is in sight here',
  'in-time': 'The next call comes in time without a ping',
  cold: 'The vendor has forgotten it already',
  'too-long': 'Pings until the next call would cost more than they save',
  spent: 'Pings have cost as much as writing it anew',
};

/** A little longer than until the schedule's next look: what is due after it is left to that. */
const OURS_MS = WARM_LOOK_EVERY_MS + 2 * 60_000;

/**
 * One look of a location's schedule: waits until just before the vendor forgets what the location's calls share, and reads it once, so that it
 * lives on; on each model that is due before the next look. While it waits the schedule starts no other. Where it no longer pays the schedule
 * ends; the next real call begins it again.
 */
export async function keepWarm({ locationId }: WarmInput): Promise<string> {
  for (let done: string | null = null; ;) {
    const look = await own.lookWarm({ locationId });
    if (look.kind === 'stop') {
      setCurrentDetails(`${sentences[look.why] ?? look.why}: the schedule ends until the next call`);
      await own.endWarm({ locationId });
      return look.why;
    }
    const ms = Date.parse(look.at) - workflowNow();
    if (done !== null && ms > OURS_MS) return done;
    if (ms > 0) {
      const at = look.at.slice(11, 16);
      const summary = `Waits until ${at} UTC, just before the vendor's cache forgets what this location's calls share`;
      setCurrentDetails(summary);
      await sleep(ms, { summary });
    }
    done = await vendor.pingWarm({ locationId });
    setCurrentDetails(done === 'pinged' ? 'Kept warm by a call without an answer' : `No ping: ${done}`);
    // A real call came meanwhile: what is due next is another ping, or that of another model. All else is tried again by the next look.
    if (done !== 'pinged' && done !== 'not-due') return done;
  }
}
