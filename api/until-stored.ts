import { AppError, type ErrorCode, isAppError } from '../domain/errors.ts';
import type { Log } from '../domain/ports/log.ts';
import { type Patient, within } from './within.ts';

export interface Storing extends Patient {
  readonly log: Log;
}

export interface ToStore {
  /** The thing that is to be stored, as its sender would name it: `the event`. */
  readonly what: string;
  /** What the log says of it: who is asked to come again. */
  readonly lost: string;
  /** What the log knows it by. */
  readonly named?: object;
  /** What may be said of the thing itself; it passes. */
  readonly refusals?: readonly ErrorCode[];
}

/**
 * Runs what needs the database. Whatever else keeps a thing from being stored, a failure of ours included, its sender is asked to come
 * again: nothing of it was kept, and some retry policies come back for a 429 only.
 * @throws AppError CANNOT_STORE, or one of the refusals
 */
export async function untilStored<T>(
  { patienceMs, log }: Storing,
  { what, lost, named = {}, refusals = [] }: ToStore,
  work: () => Promise<T>,
): Promise<T> {
  const late = (): AppError => new AppError('CANNOT_STORE', 'the database did not answer in time');
  try {
    return await within(patienceMs, work(), late);
  } catch (error) {
    if (isAppError(error) && refusals.includes(error.code)) throw error;
    log.warn({ err: error, ...named }, lost);
    throw new AppError('CANNOT_STORE', `expected the database to take ${what}, which it did not`, { cause: error });
  }
}
