import { createInterface } from 'node:readline';
import type { ReadyLine } from '../../cli/app-file.ts';
import { knownEndpoints } from '../../cli/endpoints.ts';
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
  const results = await Promise.allSettled(
    job.contactIds.map((contactId) => crm.addTags({ locationId: job.locationId, contactId }, ['Burst'])),
  );
  const told: CallerTold = {
    done: results.filter(({ status }) => status === 'fulfilled').length,
    failed: results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : [])),
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
  await close();
  process.exit(0);
}

await main();
