import type { Job } from './call.ts';

const STANDARD = 'claude-sonnet-5-5';
const CHEAP = 'claude-haiku-5-5';

/**
 * What is written to a lead comes from the mid-size model. What only takes words apart goes to the small one, a twentieth of the price, although
 * the vendor's cache is kept for each model: writing the second prefix costs less than one reading by the mid-size model.
 */
const models: Readonly<Record<Job, string>> = {
  read: CHEAP,
  draft: STANDARD,
  rewrite: STANDARD,
  ask: STANDARD,
  warm: STANDARD,
  summary: CHEAP,
};

/** The model that a job is given to while its budgets allow. */
export function modelFor(job: Job): string {
  return models[job];
}

/** What may answer instead once a soft limit is reached; undefined: nothing is cheaper. */
export function cheaperThan(model: string): string | undefined {
  return model === CHEAP ? undefined : CHEAP;
}
