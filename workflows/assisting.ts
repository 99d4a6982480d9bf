import { CancellationScope, isCancellation, patched, proxyActivities } from '@temporalio/workflow';
import type { AssistResult, ClaudeActivities, LeadActivities } from './activities.ts';
import { createAlarm } from './alarm.ts';
import { isPermanent } from './attempts.ts';
import { workflowNow } from './clock.ts';
import { taskQueues } from './contract.ts';
import { model } from './retry.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { AssistNext } from '../domain/ports/leads.ts';

const claude = proxyActivities<ClaudeActivities>({ ...model, taskQueue: taskQueues.claude });

/** Between one time and the next, at least. */
const REST_MS = 1_000;

/** What a language model is asked about a lead, beside the lead's own work and with an alarm of its own. */
export interface Assisting {
  readonly next: () => AssistNext | null;
  readonly running: () => boolean;
  /** What waits by a newer decision; undefined: the decision says nothing of it. */
  wants(next: AssistNext | null | undefined): void;
  /** Begins what is due, and sets the alarm for what is not. */
  attend(): void;
  /** Has something become due, or has what is waited for changed, since it was attended to? */
  calls(): boolean;
  /** The lead is gone. */
  end(): void;
}

/**
 * @param given   carried over from the run before
 * @param hooks   `worked`: how many events were worked, so that a result that was overtaken is known; `done`: what came of it
 */
export function createAssisting(
  ref: LeadRef,
  given: AssistNext | null,
  hooks: {
    readonly own: Pick<LeadActivities, 'giveUpAssist'>;
    readonly worked: () => number;
    readonly done: (result: Pick<AssistResult, 'events' | 'made'>) => void;
  },
): Assisting {
  const alarm = createAlarm();
  let next = given;
  let underWay: CancellationScope | null = null;
  let restUntil = 0;
  let ended = false;

  function wanted(): number | null {
    return next !== null && underWay === null && !ended ? Math.max(Date.parse(next.at), restUntil) : null;
  }

  function start(): void {
    const scope = new CancellationScope();
    underWay = scope;
    next = null;
    alarm.drop();
    const before = hooks.worked();
    scope
      .run(() => claude.assist(ref))
      .then((result) => finished(result, hooks.worked() !== before), gaveUp)
      .finally(() => {
        underWay = null;
        restUntil = workflowNow() + REST_MS;
      });
  }

  /** Decisions of the meantime may know of more than the result does: the earlier one is asked about, and finds nothing if it is over. */
  function finished(result: AssistResult, overtaken: boolean): void {
    next = overtaken ? earlier(next, result.next) : result.next;
    hooks.done(result);
  }

  /** No process answered, or the store was away for long: the rules and people take over. */
  async function gaveUp(error: unknown): Promise<void> {
    if (ended || isCancellation(error)) return;
    try {
      await hooks.own.giveUpAssist(ref);
    } catch (failure) {
      if (!isPermanent(failure)) throw failure;
    }
    hooks.done({ events: [], made: true });
  }

  return {
    next: () => next,
    running: () => underWay !== null,
    wants(given) {
      // A contact that was gone is there again.
      if (given != null && ended && patched('assist-again')) ended = false;
      // Runs that began before there was an assistant have no command for it.
      if (given !== undefined) next = given !== null && patched('assist') ? given : null;
    },
    attend() {
      if (alarm.isDue(wanted())) start();
      alarm.set(wanted(), next?.sentence ?? '');
    },
    calls: () => alarm.isDue(wanted()) || wanted() !== alarm.at(),
    end() {
      ended = true;
      underWay?.cancel();
    },
  };
}

export function earlier<A extends AssistNext, B extends AssistNext>(a: A | null, b: B | null): A | B | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(a.at) <= Date.parse(b.at) ? a : b;
}
