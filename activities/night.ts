import type { ModelBatches } from '../domain/ports/model-batches.ts';
import type { ModelPort } from '../domain/ports/model.ts';
import type { ModelLedger } from '../domain/ports/model-ledger.ts';
import type { BatchedAttempt, NightSchedule, NightStore } from '../domain/ports/nights.ts';
import type { Deps } from './deps.ts';

export interface NightDeps extends Pick<
  Deps,
  'locations' | 'leads' | 'drafts' | 'inbox' | 'pauses' | 'log' | 'measure' | 'sha256' | 'now'
> {
  /** Null: there is no key. */
  readonly model: (Pick<ModelPort, 'count'> & { readonly batches: ModelBatches }) | null;
  readonly ledger: Pick<ModelLedger, 'reserve' | 'settle'>;
  readonly nights: NightStore;
  readonly schedule: NightSchedule;
}

export interface Night {
  readonly attempts: readonly BatchedAttempt[];
  /** Those of which it is not known how they ended. */
  readonly open: readonly BatchedAttempt[];
}

/** Attempts of older nights were swept. */
const KNOWN_MS = 2 * 86_400_000;

/** What the ledger knows of the last nights of a location. */
export async function nightOf(deps: Pick<NightDeps, 'nights' | 'now'>, locationId: string): Promise<Night> {
  const attempts = await deps.nights.batched(locationId, ago(deps, KNOWN_MS));
  return { attempts, open: attempts.filter(({ entry }) => entry.state === 'sent') };
}

export function ago({ now }: Pick<NightDeps, 'now'>, ms: number): string {
  return new Date(now().getTime() - ms).toISOString();
}
