import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { createModelCalls, type ModelCalls, type ModelCallsDeps } from '../../activities/model-call.ts';
import type { CallOrder } from '../../domain/assistant/call.ts';
import { promptOf, stableLayer } from '../../domain/assistant/layers.ts';
import type { Standing } from '../../domain/assistant/ledger.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import type { Log } from '../../domain/ports/log.ts';
import type { Measurement } from '../../activities/deps.ts';
import { createClaude } from '../../integrations/claude/model.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createModelFlights } from '../../integrations/postgres/model-flights.ts';
import { createModelLedger } from '../../integrations/postgres/model-ledger.ts';
import { createModelLedgerUpkeep } from '../../integrations/postgres/model-ledger-upkeep.ts';
import { createClock } from '../../sandbox/vendors/claude/clock.ts';
import { type ClaudeStandin, createClaudeStandin } from '../../sandbox/vendors/claude/server.ts';
import { look, order } from './claude-standin.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { testSealing } from './tokens.ts';

/** When the world's clock begins: all prices are known, and the day is far from its end. */
const BEGINS = '2026-11-02T12:00:00.000Z';
const GLOBAL = 'You help leads of a brokerage. '.repeat(400);
const LOCATION = 'Example Realty works in Austin. '.repeat(120);

export type ModelWorld = Awaited<ReturnType<typeof createModelWorld>>;

/** The real ledger, the real adapter and the vendor's stand-in, all by one clock. */
export async function createModelWorld() {
  const db = await createTestDatabase();
  const clock = createClock();
  const standin = await createClaudeStandin({ port: 0, seed: 7, clock });
  const model = createClaude({ baseUrl: standin.url, apiKey: 'sk-ant-test', log: quiet });
  const ledger = createModelLedger(db.tenants);
  const locations = createLocationStore(db.tenants, testSealing());
  const measured: Measurement[] = [];
  const now = (): Date => new Date(clock.now());

  return {
    ...{ db, standin, clock, ledger, locations, model, measured, now },
    upkeep: createModelLedgerUpkeep(db.tenants),
    /** What one worker has; others share nothing with it but the database and the vendor. */
    worker: (change: Partial<ModelCallsDeps> = {}): ModelCalls =>
      createModelCalls({
        ...{ model, ledger, flights: createModelFlights(db.tenants), locations, now, newId: randomUUID, log: quiet },
        ...{ chance: () => 0, wait, pauses: { at: () => Promise.resolve() } },
        measure: (what) => void measured.push(what),
        ...change,
      }),
    /** The vendor forgets everything; the clock begins anew. */
    async fresh(): Promise<void> {
      await db.pool.query('truncate model_calls, model_answers, model_flights');
      await order(standin, 'reset');
      clock.freeze(Date.parse(BEGINS));
      clock.release();
      measured.length = 0;
    },
    async location(modelDollarsPerDay = 100, leadDollarsPer30Days = 50): Promise<string> {
      const locationId = `loc-${randomUUID().slice(0, 8)}`;
      await locations.add({
        ...{ locationId, companyId: null, name: 'Example Realty', timezone: 'America/Chicago' },
        workflowSecretHash: `secret-${locationId}`,
        settings: {
          ...defaultSettings,
          budgets: { modelDollarsPerDay },
          assistant: { ...defaultSettings.assistant, leadDollarsPer30Days },
        },
      });
      return locationId;
    },
    orderOf: (locationId: string, change: Partial<CallOrder> & { readonly said?: string } = {}): CallOrder => ({
      ...{ locationId, contactId: 'c-1', job: 'draft', callKey: randomUUID(), maxTokens: 300 },
      prompt: promptFor(change.said ?? 'I look for a house.'),
      deadline: new Date(now().getTime() + 20_000).toISOString(),
      ...change,
    }),
    invoice: () => invoiceOf(standin),
    standing: () => standingOf(db),
    async close(): Promise<void> {
      await model.close();
      await standin.close();
      await db.drop();
    },
  };
}

export function promptFor(said: string, { model = 'claude-sonnet-5-5', location = LOCATION } = {}) {
  return promptOf({
    model,
    settings: { effort: 'low' },
    global: stableLayer('global', [{ text: GLOBAL }]),
    location: stableLayer('location', [{ text: location }]),
    conversation: [{ role: 'user', text: said }],
    volatile: [{ text: 'Answer in one sentence.' }],
  });
}

export interface Invoice {
  readonly requests: number;
  readonly nano: number;
  readonly uncachedNano: number;
}

async function invoiceOf(standin: ClaudeStandin): Promise<Invoice> {
  return (await look(standin, 'invoice'))['total'] as unknown as Invoice;
}

async function standingOf(db: TestDatabase): Promise<Standing> {
  const { rows } = await db.pool.query<Standing>(`select
    coalesce(sum(billed) filter (where state not in ('reserved', 'sent')), 0)::bigint as billed,
    coalesce(sum(up_to - billed) filter (where state not in ('reserved', 'sent')), 0)::bigint as maybe,
    coalesce(sum(up_to) filter (where state in ('reserved', 'sent')), 0)::bigint as reserved from model_calls`);
  return rows[0]!;
}

export const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
