import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReadyLine } from '../../cli/app-file.ts';
import { knownEndpoints } from '../../cli/endpoints.ts';
import { isAppError } from '../../domain/errors.ts';
import { compose } from '../../platform/compose.ts';
import { readConfig } from '../../platform/config.ts';
import { createLogger } from '../../platform/logger.ts';
import type { CallerJob, CallerTold } from './ghl-tokens.ts';

/** One process of the token bench: composed like any of the product's, it tags contacts, all of its calls at once. */
async function main(): Promise<void> {
  const line = JSON.parse(process.env['LEADWRIGHT_READY'] ?? '') as ReadyLine;
  const config = readConfig(process.env, process.cwd());
  const { crm, close } = await compose(config, knownEndpoints(config, line), createLogger({ level: 'silent' }));
  const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const job = JSON.parse(String((await input.next()).value)) as CallerJob;
  // The living token is known here before it dies, as in a process that has long been at work.
  await crm.contact({ locationId: job.locationId, contactId: job.contactIds[0]! });
  process.stdout.write('ready\n');
  await input.next();
  let repeated = 0;
  // As an activity is: a call that says when it may be made again is made again then.
  const tag = async (contactId: string, triesLeft = 5): Promise<void> => {
    try {
      await crm.addTags({ locationId: job.locationId, contactId }, ['Burst']);
    } catch (error) {
      const wait = isAppError(error) ? error.retryAfterMs : undefined;
      if (wait === undefined || triesLeft === 0) throw error;
      repeated += 1;
      await pause(wait);
      await tag(contactId, triesLeft - 1);
    }
  };
  const results = await Promise.allSettled(job.contactIds.map((contactId) => tag(contactId)));
  const told: CallerTold = {
    repeated,
    done: results.filter(({ status }) => status === 'fulfilled').length,
    failed: results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : [])),
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
  await close();
  process.exit(0);
}

await main();
