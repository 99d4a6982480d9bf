import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { EventRef } from './contract.ts';
import type { DecideVerdict } from '../domain/ports/leads.ts';
import type { LeadRef } from '../domain/glossary.ts';

/**
 * Level 0 answers whether the event is to be worked at all. When not (a repeat, an echo, nothing for a lead to do), `current` is where
 * the lead stands by stored facts, so that a run that lost its memory picks up what is under way; null when there is no such lead.
 */
export type AdmitVerdict =
  { readonly go: true } | { readonly go: false; readonly verdict: string; readonly current: DecideVerdict | null };

/** One event on its way through the levels. Ids only. */
export type LevelInput = LeadRef & EventRef;

/** The levels of an event, in their order. Each is one activity; its tasks run side by side inside it. */
export interface Levels {
  admit(input: LevelInput): Promise<AdmitVerdict>;
  understand(input: LevelInput): Promise<void>;
  qualify(input: LevelInput): Promise<void>;
  decide(input: LevelInput): Promise<DecideVerdict>;
}

/** Where the lead stands after an event; `decided` false: nothing was decided, the last decision stands. */
export interface Worked {
  readonly verdict: DecideVerdict | null;
  readonly decided: boolean;
}

/**
 * Takes one event through levels 0 to 3; the next level starts when all required tasks of the one before are in.
 * @returns the decision, or where the lead stands when level 0 had nothing to do
 */
export async function runLevels(levels: Levels, input: LevelInput): Promise<Worked> {
  const admitted = await levels.admit(input);
  if (!admitted.go) return { verdict: admitted.current, decided: false };
  await levels.understand(input);
  await levels.qualify(input);
  return { verdict: await levels.decide(input), decided: true };
}

/**
 * Joins a quick and a patient way to the same activities: tried inside the workflow task first (no hop through a queue), and on the
 * queue without limit when the database stays away. What no repetition can mend is thrown at once.
 */
export function quickThenPatient<T extends object>(quick: T, patient: T): T {
  return new Proxy(quick, {
    get(_target, name: string) {
      return async (input: unknown) => {
        try {
          return await (quick as Record<string, (input: unknown) => Promise<unknown>>)[name]!(input);
        } catch (error) {
          if (isCancellation(error) || isPermanent(error)) throw error;
          return (patient as Record<string, (input: unknown) => Promise<unknown>>)[name]!(input);
        }
      };
    },
  });
}

/** Did an activity say that repeating is useless? Matched by name: errors cross realms. */
export function isPermanent(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.nonRetryable === true;
}

/** The stable code of a failed activity, for the reason that operators read. */
export function failureCode(error: unknown): string {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure ? (cause.type ?? 'UNKNOWN') : 'UNKNOWN';
}
