import type { ApplyResult } from '../workflows/activities.ts';
import { isAppError } from '../domain/errors.ts';
import type { LeadRef } from '../domain/glossary.ts';
import { applyPlan } from './crm.ts';
import type { Deps } from './deps.ts';
import { nonRetryableCodes } from './failures.ts';

/** A plan on its way while its event's workflow task is still open may take this long; a slower CRM is left to the applier. */
const AT_ONCE_MS = 1_000;
/** Attempts at a time, counted until they end and not only until they are given up: a CRM that hangs must not hold others back. */
const PER_LOCATION = 4;
const IN_ALL = 16;
/** After an attempt that was late or refused, its location is left to the applier for a while, or as long as the CRM asks. */
const REST_MS = 10_000;

/** Level 4 while the event is still being worked. State of this process; without it the applier does everything. */
export interface AtOnce {
  /** @returns undefined when that did not do: the CRM is slow, away, busy or says no for now, and the applier goes on patiently */
  apply(ref: LeadRef): Promise<ApplyResult | undefined>;
  /** Resolves when no attempt for this lead is under way: its last call might land after a newer plan's. */
  ended(ref: LeadRef): Promise<void>;
}

/** One try per event to bring the CRM to the plan, within a second unless told. */
export function createAtOnce(deps: Deps, limitMs = AT_ONCE_MS): AtOnce {
  const underWay = new Map<string, Promise<ApplyResult | undefined>>();
  const perLocation = new Map<string, number>();
  const restUntil = new Map<string, number>();
  const keyOf = (ref: LeadRef) => `${ref.locationId} ${ref.contactId}`;

  function mayTry(ref: LeadRef): boolean {
    if ((restUntil.get(ref.locationId) ?? 0) > performance.now()) return false;
    restUntil.delete(ref.locationId);
    const busy = underWay.size >= IN_ALL || (perLocation.get(ref.locationId) ?? 0) >= PER_LOCATION;
    return !busy && !underWay.has(keyOf(ref));
  }

  function rest(locationId: string, ms = REST_MS): void {
    restUntil.set(locationId, performance.now() + ms);
  }

  function count(locationId: string, by: number): void {
    const now = (perLocation.get(locationId) ?? 0) + by;
    if (now === 0) perLocation.delete(locationId);
    else perLocation.set(locationId, now);
  }

  async function attempt(ref: LeadRef, limit: AbortSignal): Promise<ApplyResult | undefined> {
    try {
      return await applyPlan(deps, ref, () => limit.throwIfAborted());
    } catch (error) {
      // What no repetition can mend has been written down by now.
      if (isAppError(error) && nonRetryableCodes.has(error.code)) return { applied: 0, event: null };
      rest(ref.locationId, isAppError(error) ? error.retryAfterMs : undefined);
      deps.log.debug({ err: error }, 'a plan was not applied at once');
      return undefined;
    }
  }

  return {
    async apply(ref) {
      if (!mayTry(ref)) return undefined;
      const limit = AbortSignal.timeout(limitMs);
      count(ref.locationId, 1);
      const trying = attempt(ref, limit).finally(() => {
        underWay.delete(keyOf(ref));
        count(ref.locationId, -1);
      });
      underWay.set(keyOf(ref), trying);
      const late = new Promise<undefined>((resolve) => {
        limit.addEventListener(
          'abort',
          () => {
            // The limit also passes, unnoticed, for an attempt that ended in time.
            if (underWay.get(keyOf(ref)) === trying) rest(ref.locationId);
            resolve(undefined);
          },
          { once: true },
        );
      });
      return Promise.race([trying, late]);
    },
    async ended(ref) {
      await underWay.get(keyOf(ref));
    },
  };
}
