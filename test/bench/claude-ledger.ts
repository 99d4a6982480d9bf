import { createWarmActivities } from '../../activities/keep-warm.ts';
import { reconcileDays } from '../../activities/model-upkeep.ts';
import { priceOf } from '../../domain/assistant/prices.ts';
import type { LayerReading } from '../../domain/assistant/misses.ts';
import type { CallOrder } from '../../domain/assistant/call.ts';
import type { Log } from '../../domain/ports/log.ts';
import { createUsageReport } from '../../integrations/claude/usage-report.ts';
import { createModelWarmth } from '../../integrations/postgres/model-warmth.ts';
import { createModelWorld, type ModelWorld } from '../support/model-world.ts';
import { brokerage } from './claude-brokerage.ts';
import type { Metered } from './claude-meter.ts';
import { productPrompts } from './claude-prompts.ts';
import { crowdsOf, type Trace } from './claude-trace.ts';
import { answerOf, says, type Spoken, vendorOf } from './claude-world.ts';

/** What a run through the product's own path came to. */
export interface Ledgered {
  readonly calls: readonly Metered[];
  readonly invoice: Invoices;
}

/** Nano-dollars of the ledger and of the vendor, before and after the vendor's report was read. */
export interface Invoices {
  readonly requests: number;
  readonly invoice: number;
  readonly billed: number;
  readonly maybe: number;
  readonly billedAfter: number;
  readonly maybeAfter: number;
}

const LOCATION = 'loc-bench';
const MAX_TOKENS = 1_200;
const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
/** Nothing is pinged sooner after a call. */
const SOONEST_PING_MS = 50 * 60_000;
/** Of a trace with faults one call in so many breaks after it was worked, or is answered with 529 first. */
const FAULT_EVERY = 40;

export interface LedgerRun {
  readonly trace: Trace;
  readonly spoken: Spoken;
  readonly faults?: boolean;
}

/** Runs a trace through the one path of calls: ledger and flights in Postgres, adapter, vendor; and keep-warm as its schedules do. */
export async function runLedger({ trace, spoken, faults = false }: LedgerRun): Promise<Ledgered> {
  const world = await createModelWorld();
  try {
    const vendor = vendorOf(world.standin, (at) => world.clock.freeze(at));
    await says(vendor, spoken);
    await world.locations.add({
      ...{ locationId: LOCATION, companyId: null, workflowSecretHash: 'bench' },
      ...brokerage,
    });
    const { call } = world.worker({ wait: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 25))) });
    const warm = createWarmActivities({
      ...{ locations: world.locations, now: world.now, log: quiet },
      warmth: createModelWarmth(world.db.tenants),
      warming: { begin: () => Promise.resolve(), end: () => Promise.resolve() },
      callModel: call,
    });
    const answer = answerOf(spoken);
    let last = Infinity;
    let made = 0;
    for (const crowd of crowdsOf(trace)) {
      const at = crowd[0]!.at;
      if (at - last > SOONEST_PING_MS) await keepWarmUntil(at);
      vendor.clock(at);
      if (crowd.length > 1) await vendor.slow(true);
      await Promise.all(
        crowd.map(async ({ job, talk, turn }) => {
          made += 1;
          if (faults && made % FAULT_EVERY === 0) await vendor.order('faults', faultOf(made / FAULT_EVERY));
          const prompt = productPrompts[job](talk, turn, answer);
          const result = await call(orderOf(job, talk.id, turn, prompt, at));
          if (result.kind !== 'answered') throw new Error(`A call was not answered: ${result.why}`);
        }),
      );
      if (crowd.length > 1) await vendor.slow(false);
      last = at;
    }
    return { calls: await meteredOf(world), invoice: await invoicesOf(world, vendor.invoice) };

    async function keepWarmUntil(at: number): Promise<void> {
      for (;;) {
        const look = await warm.lookWarm({ locationId: LOCATION });
        if (look.kind === 'stop' || Date.parse(look.at) >= at) return;
        vendor.clock(Date.parse(look.at));
        const done = await warm.pingWarm({ locationId: LOCATION });
        if (done !== 'pinged') throw new Error(`A ping was not answered: ${done}`);
      }
    }
  } finally {
    await world.close();
  }
}

function orderOf(
  job: 'read' | 'draft',
  talk: string,
  turn: number,
  prompt: CallOrder['prompt'],
  at: number,
): CallOrder {
  const deadline = new Date(at + 60_000).toISOString();
  const callKey = `${job}:${talk}:${turn}`;
  return { locationId: LOCATION, contactId: talk, job, callKey, prompt, maxTokens: MAX_TOKENS, deadline };
}

/** Once the answer breaks on its way, once the vendor is overloaded, once the connection is cut before anything was read. */
function faultOf(n: number): object {
  const match = { path: '/v1/messages' };
  if (n % 3 === 0) return { match, times: 1, midStream: { afterTokens: 40, how: 'cut' } };
  return n % 3 === 1 ? { match, times: 1, status: 529 } : { match, times: 1, dropAfterHandling: true };
}

interface Row {
  readonly job: Metered['job'];
  readonly talk: string | null;
  readonly at: string;
  readonly model: string;
  readonly tokens: readonly number[] | null;
  readonly paid: string;
  readonly counterfactual: string | null;
  readonly readings: readonly LayerReading[] | null;
}

async function meteredOf({ db }: ModelWorld): Promise<Metered[]> {
  const { rows } = await db.pool
    .query<Row>(`select job, contact_id as talk, at, model, tokens, up_to as paid, counterfactual, readings
    from model_calls order by at, call_key, attempt`);
  return rows.map(({ tokens, readings, ...row }): Metered => {
    const [input = 0, read = 0, write5m = 0, write1h = 0, output = 0] = (tokens ?? []).map(Number);
    return {
      ...row,
      at: Date.parse(row.at),
      usage: { input, read, write5m, write1h, output },
      paid: Number(row.paid),
      answered: tokens !== null,
      counterfactual: row.job === 'warm' ? 0 : Number(row.counterfactual ?? 0),
      layers: readings ?? [],
    };
  });
}

async function invoicesOf(
  { upkeep, standin, standing, clock }: ModelWorld,
  total: () => Promise<{ requests: number; nano: number }>,
): Promise<Invoices> {
  const [{ requests, nano: invoice }, before] = [await total(), await standing()];
  const report = createUsageReport({ baseUrl: standin.url, apiKey: 'sk-ant-admin' });
  try {
    const today = new Date(clock.now()).toISOString().slice(0, 10);
    const days = await reconcileDays({ ledger: upkeep, usage: report, log: quiet }, '2026-11-01', today);
    const apart = days.find(({ kind }) => kind !== 'agrees');
    if (apart !== undefined) throw new Error(`The report of ${apart.day} does not agree: ${apart.kind}`);
  } finally {
    await report.close();
  }
  const after = await standing();
  return {
    ...{ requests, invoice, billed: before.billed, maybe: before.maybe },
    ...{ billedAfter: after.billed, maybeAfter: after.maybe },
  };
}

/** The prices that bills of this day were made by. */
export function pricesOn(model: string, at: string): object {
  const { from, rates } = priceOf(model, at);
  return { model, from, ...Object.fromEntries(Object.entries(rates).map(([of, pico]) => [of, pico / 1e6])) };
}

/** The ledger's promise; a run in which it is broken has failed. */
export function agrees({ billed, maybe, invoice, billedAfter, maybeAfter }: Invoices): boolean {
  return billed <= invoice && invoice <= billed + maybe && billedAfter === invoice && maybeAfter === 0;
}
