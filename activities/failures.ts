import { ApplicationFailure, Context } from '@temporalio/activity';
import { type ErrorCode, isAppError } from '../domain/errors.ts';
import type { Log } from '../domain/ports/log.ts';

/** Errors that no repetition can mend. */
export const nonRetryableCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CRM_BAD_REQUEST',
  'CRM_NOT_FOUND',
  'CRM_FORBIDDEN',
  'CRM_FIELD_NOT_TAKEN',
  'LEAD_UNKNOWN',
  'SEQUENCE_UNKNOWN',
  'EVENT_UNKNOWN',
  'BAD_VALUE',
  'SEQUENCE_INVALID',
  'MARKET_FILE_SHAPE',
  'MARKET_FILE_REFUSED',
]);

/** An unforeseen error is repeated this often before its event is set aside as poison. */
const POISON_AFTER = 5;
/**
 * How often an activity has failed so, as this process has seen it. Tries that found the store or the CRM away say nothing about the event,
 * however many they were.
 */
const unforeseen = new Map<string, number>();
/** Those that ended in another process stay here; what is forgotten is tried a few times more. */
const MOST_KNOWN = 1_000;

/**
 * Wraps each activity: our codes become failure types, `retryAfterMs` becomes the next retry's delay, and an error that we did not
 * foresee is poison once it has failed five times. Only codes cross into Temporal: a foreign error's text may quote a lead's words.
 */
export function withFailures<T extends object>(log: Log, activities: T): T {
  const wrapped: Record<string, unknown> = {};
  for (const [name, run] of Object.entries(activities)) {
    wrapped[name] = async (...args: unknown[]) => {
      try {
        const result = await (run as (...args: unknown[]) => Promise<unknown>)(...args);
        if (unforeseen.size > 0) unforeseen.delete(keyOfThis());
        return result;
      } catch (error) {
        throw translate(log, name, error);
      }
    };
  }
  return wrapped as T;
}

function translate(log: Log, activity: string, error: unknown): unknown {
  if (error instanceof ApplicationFailure || (error instanceof Error && error.name === 'CancelledFailure'))
    return error;
  const attempt = Context.current().info.attempt;
  log.warn({ activity, attempt, err: error }, 'activity failed');
  if (isAppError(error)) {
    return ApplicationFailure.create({
      type: error.code,
      message: error.code,
      nonRetryable: nonRetryableCodes.has(error.code),
      ...(error.retryAfterMs === undefined ? {} : { nextRetryDelay: error.retryAfterMs }),
    });
  }
  return ApplicationFailure.create({
    type: 'EVENT_POISON',
    message: 'unforeseen error',
    nonRetryable: isPoison(),
  });
}

function isPoison(): boolean {
  const key = keyOfThis();
  const times = (unforeseen.get(key) ?? 0) + 1;
  const over = times >= POISON_AFTER;
  if (over) unforeseen.delete(key);
  else {
    if (unforeseen.size >= MOST_KNOWN) unforeseen.clear();
    unforeseen.set(key, times);
  }
  return over;
}

function keyOfThis(): string {
  const { workflowExecution, activityId } = Context.current().info;
  return `${workflowExecution?.runId} ${activityId}`;
}
