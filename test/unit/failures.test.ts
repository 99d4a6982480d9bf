import { describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { withFailures } from '../../activities/failures.ts';
import { AppError } from '../../domain/errors.ts';

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const away = new AppError('STORE_AWAY', 'away', { retryAfterMs: 2_000 });
const foreign = new Error('of which nobody knows');
const tryOf = (info: { readonly activityId: string; readonly attempt?: number }) =>
  new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });

/** What Temporal is told of each try of one activity, which fails by these in turn; null: it does not. */
async function told(errors: readonly (Error | null)[], activityId: string): Promise<string[]> {
  const results: string[] = [];
  for (const [at, error] of errors.entries()) {
    const { act } = withFailures(log, { act: () => (error === null ? Promise.resolve() : Promise.reject(error)) });
    const tried = tryOf({ activityId, attempt: at + 1 }).run(act);
    const failure = await tried.then(
      () => undefined,
      (thrown: unknown) => thrown as { readonly type: string; readonly nonRetryable: boolean },
    );
    results.push(failure === undefined ? 'done' : `${failure.type}${failure.nonRetryable ? ' for good' : ''}`);
  }
  return results;
}

describe('an error that nobody foresaw', () => {
  it('is for good at its fifth time', async () => {
    expect(await told(Array<Error>(5).fill(foreign), 'five')).toEqual([
      ...Array<string>(4).fill('EVENT_POISON'),
      'EVENT_POISON for good',
    ]);
  });

  it('is not counted with the tries that found the database away, nor with those of a try that went well', async () => {
    expect((await told([...Array<Error>(9).fill(away), foreign], 'away')).at(-1)).toBe('EVENT_POISON');
    const well = [...Array<Error>(4).fill(foreign), null, foreign];
    expect((await told(well, 'well')).at(-1)).toBe('EVENT_POISON');
  });
});

describe('an error that repeating cannot mend', () => {
  it('is for good at once, and one of the store is tried again when it says', async () => {
    expect(await told([new AppError('CRM_NOT_FOUND', 'no such contact')], 'gone')).toEqual(['CRM_NOT_FOUND for good']);
    const { act } = withFailures(log, { act: () => Promise.reject(away) });
    await expect(tryOf({ activityId: 'away once' }).run(act)).rejects.toMatchObject({ nextRetryDelay: 2_000 });
  });
});
