import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
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
