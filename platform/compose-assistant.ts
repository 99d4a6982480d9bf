import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { createModelCalls, type ModelCalls, type ModelCallsDeps } from '../activities/model-call.ts';
import { keepLedger, sweepLedger } from '../activities/model-upkeep.ts';
import type { Log } from '../domain/ports/log.ts';
import type { ModelLedger } from '../domain/ports/model-ledger.ts';
import type { ModelUsageReport } from '../domain/ports/model-usage.ts';
import type { Claude } from '../integrations/claude/model.ts';
import { createModelFlights } from '../integrations/postgres/model-flights.ts';
import { createModelLedger } from '../integrations/postgres/model-ledger.ts';
import { createModelLedgerUpkeep } from '../integrations/postgres/model-ledger-upkeep.ts';
import type { Tenants } from '../integrations/postgres/tenants.ts';
import type { Endpoints } from './compose.ts';
import type { Config } from './config.ts';

export interface LanguageModel {
  /** Null: there is no key, so that rules read, and templates and people answer. */
  readonly claude: Claude | null;
  /** Null: there is no key for it, and what may have been billed stays in doubt. */
  readonly modelUsage: ModelUsageReport | null;
  close(): Promise<void>;
}

/** The stand-in takes any key; a real one that happens to be set is for the real vendor. */
const SANDBOX_KEY = 'sk-ant-sandbox';

/**
 * The vendor of the language model, where there is one to be asked and a key to ask it with. Only there is its library loaded, which takes
 * several megabytes.
 */
export async function composeLanguageModel(
  { mode, anthropic }: Config,
  endpoints: Pick<Endpoints, 'claudeBaseUrl'>,
  log: Log,
): Promise<LanguageModel> {
  const { claudeBaseUrl: baseUrl } = endpoints;
  const any = mode === 'sandbox' && anthropic.baseUrl === undefined ? SANDBOX_KEY : undefined;
  const apiKey = any ?? anthropic.apiKey;
  const adminKey = any ?? anthropic.adminKey;
  const claude =
    baseUrl === undefined || apiKey === undefined
      ? null
      : (await import('../integrations/claude/model.ts')).createClaude({ baseUrl, apiKey, log });
  const report =
    baseUrl === undefined || adminKey === undefined
      ? null
      : (await import('../integrations/claude/usage-report.ts')).createUsageReport({ baseUrl, apiKey: adminKey });
  if (claude === null) log.info({}, 'no key for Claude: there is no assistant, and all else works');
  return {
    claude,
    modelUsage: report,
    close: async () => {
      await Promise.allSettled([claude?.close(), report?.close()]);
    },
  };
}

/** Of a process that has nothing to do with leads. */
export const noLanguageModel: LanguageModel = { claude: null, modelUsage: null, close: () => Promise.resolve() };

export interface ComposedModelCalls extends ModelCalls {
  readonly ledger: ModelLedger;
  /** What keeps the ledger true: see `createUpkeep`. */
  readonly keepLedger: () => Promise<void>;
  readonly sweepLedger: () => Promise<void>;
}

/** The one path of all calls, with its ledger. */
export function composeModelCalls(
  { claude, modelUsage: usage }: LanguageModel,
  tenants: Tenants,
  given: Pick<ModelCallsDeps, 'locations' | 'log' | 'pauses' | 'measure' | 'now'>,
): ComposedModelCalls {
  const ledger = createModelLedger(tenants);
  const upkeep = { ...given, usage, ledger: createModelLedgerUpkeep(tenants) };
  const calls = createModelCalls({
    ...given,
    ledger,
    model: claude,
    flights: createModelFlights(tenants),
    newId: randomUUID,
    chance: Math.random,
    wait: async (ms) => {
      await wait(ms);
    },
  });
  return { ...calls, ledger, keepLedger: () => keepLedger(upkeep), sweepLedger: () => sweepLedger(upkeep) };
}
