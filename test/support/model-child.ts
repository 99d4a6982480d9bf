import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { createModelCalls } from '../../activities/model-call.ts';
import type { CallOrder } from '../../domain/assistant/call.ts';
import { createClaude } from '../../integrations/claude/model.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createModelFlights } from '../../integrations/postgres/model-flights.ts';
import { createModelLedger } from '../../integrations/postgres/model-ledger.ts';
import { createTenants } from '../../integrations/postgres/tenants.ts';
import { testSealing } from './tokens.ts';
import { PATIENT } from './database.ts';

/** A worker that makes one call, says at which point it is, and stands there until it is killed. */
const given = JSON.parse(process.argv[2] ?? '{}') as {
  appUrl: string;
  vendorUrl: string;
  point: string;
  at: number;
  order: CallOrder;
};
const log = { debug() {}, info() {}, warn() {}, error() {} };
const startedAt = Date.now();
const tenants = createTenants(given.appUrl, { max: 4, applicationName: 'model-child', ...PATIENT });
const { call } = createModelCalls({
  model: createClaude({ baseUrl: given.vendorUrl, apiKey: 'sk-ant-test', log }),
  ledger: createModelLedger(tenants),
  flights: createModelFlights(tenants),
  locations: createLocationStore(tenants, testSealing()),
  now: () => new Date(given.at + Date.now() - startedAt),
  ...{ newId: randomUUID, chance: () => 0, wait, log, measure: () => undefined },
  pauses: {
    async at(point) {
      if (point !== given.point) return;
      process.stdout.write(`${point}\n`);
      await new Promise(() => setInterval(() => undefined, 1_000));
    },
  },
});
await call(given.order);
