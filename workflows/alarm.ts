import { CancellationScope, sleep } from '@temporalio/workflow';
import { workflowNow } from './clock.ts';

/** Workflow time lags behind the clock by the length of a task. What is asked too early finds nothing due and says when. */
const DUE_SLACK_MS = 250;
/** An alarm this close is left to ring. Longer than any workflow task takes. */
const ABOUT_TO_RING_MS = 10_000;

/** One timer for the earliest of what is waited for; it stays as it is while that stays. */
export interface Alarm {
  /** For when it is set; null: it is not. */
  readonly at: () => number | null;
  /** @param at  workflow time in milliseconds; null: nothing is waited for */
  set(at: number | null, sentence: string): void;
  drop(): void;
  /** Is this instant here, or has its alarm rung? */
  isDue(at: number | null): boolean;
}

export function createAlarm(): Alarm {
  let alarm: { readonly at: number; readonly scope: CancellationScope } | null = null;
  let rungFor = 0;

  /** One that is about to ring anyway may ring: it harms nothing, and its cancellation could cross its ringing on the server. */
  function drop(): void {
    if (alarm !== null && alarm.at - workflowNow() > ABOUT_TO_RING_MS) alarm.scope.cancel();
    alarm = null;
  }

  return {
    at: () => alarm?.at ?? null,
    drop,
    isDue: (at) => at !== null && at <= Math.max(workflowNow() + DUE_SLACK_MS, rungFor),
    set(at, sentence) {
      if (alarm !== null && alarm.at === at) return;
      drop();
      if (at === null) return;
      const scope = new CancellationScope();
      const mine = { at, scope };
      alarm = mine;
      scope
        .run(() => sleep(Math.max(at - workflowNow(), 1), { summary: sentence.slice(0, 190) }))
        .then(
          () => {
            if (alarm === mine) alarm = null;
            rungFor = Math.max(rungFor, at);
          },
          // Cancelled: another alarm took its place.
          () => undefined,
        );
    },
  };
}
