import type { LeadRef } from '../domain/glossary.ts';
import type { Dispatchable } from '../domain/ports/inbox.ts';
import { contactless } from './contactless.ts';
import { ownerOf } from './contactless-crm.ts';
import type { Leads } from './contactless-kind.ts';
import { isRefusal } from './refusal.ts';
import type { RelayDeps } from './relay.ts';

/** Attempts after which an event that Temporal itself refuses is parked, so that its neighbours go on. */
const REFUSALS_BEFORE_PARKING = 5;
/** Ids of the vendor fit; a longer one would break ids of workflows and the links made of them. */
const usableId = /^[A-Za-z0-9_-]{1,128}$/;

export interface Delivery {
  /** True when the row is delivered, or is to be handed out again later, and may be marked. Never rejects: what failed stays in the inbox for the sweep. */
  dispatch(row: Dispatchable): Promise<boolean>;
  /** Temporal did not answer just now: only the sweep asks again, a single row at a time. */
  away(): boolean;
}

export function createDelivery(
  deps: RelayDeps,
  leads: Leads,
  { now = Date.now }: { now?: () => number } = {},
): Delivery {
  const refusals = new Map<string, number>();
  let awayUntil = 0;
  let outages = 0;
  let probing = false;

  async function toLead(row: Dispatchable, ref: LeadRef): Promise<boolean> {
    // While Temporal is away one delivery at a time finds out whether it is back; the others do not pile up behind its time-out.
    const isProbe = outages > 0;
    if (isProbe && (probing || now() < awayUntil)) return false;
    probing = isProbe;
    const began = now();
    try {
      await deps.mailbox.deliver(ref, { inboxId: row.inboxId, kind: row.type, at: row.receivedAt });
      if (outages > 0) deps.log.info({}, 'Temporal answers again');
      outages = 0;
      refusals.delete(row.inboxId);
      deps.metrics.dispatched((now() - began) / 1000);
      await deps.pauses.at('relay.before-mark');
      return true;
    } catch (error) {
      return isRefusal(error) ? await refused(row, error) : unreachable(row, error);
    } finally {
      if (isProbe) probing = false;
    }
  }

  function unreachable(row: Dispatchable, error: unknown): false {
    outages += 1;
    awayUntil = now() + Math.min(250 * outages, 2000);
    const say = outages === 1 ? deps.log.warn : deps.log.debug;
    say.call(deps.log, { err: error, inboxId: row.inboxId }, 'Temporal does not answer; events wait in the inbox');
    return false;
  }

  async function refused(row: Dispatchable, error: unknown): Promise<boolean> {
    const times = (refusals.get(row.inboxId) ?? 0) + 1;
    deps.log.error({ err: error, inboxId: row.inboxId, times }, 'an event was refused by Temporal');
    if (times < REFUSALS_BEFORE_PARKING) {
      refusals.set(row.inboxId, times);
      return false;
    }
    refusals.delete(row.inboxId);
    await settle(row, 'parked', `refused ${times} times on the way to its lead`);
    return false;
  }

  async function settle(row: Dispatchable, verdict: 'worked' | 'ignored' | 'parked', reason: string | null) {
    await deps.inbox.settle(row.inboxId, verdict, reason);
    deps.metrics.verdict(verdict);
  }

  async function dispatch(row: Dispatchable): Promise<boolean> {
    try {
      const { locationId } = row;
      const owner = row.contactId === null ? await ownerOf(deps, row, now()) : { contactId: row.contactId };
      // Marked, it is handed out again in a minute instead of in a second.
      if (owner !== undefined && 'wait' in owner) return true;
      const contactId = owner?.contactId ?? null;
      if (locationId === null || contactId === null) {
        const { verdict, reason } = await contactless(deps, row, leads);
        await settle(row, verdict, reason);
        return false;
      }
      if (!usableId.test(locationId) || !usableId.test(contactId)) {
        await settle(row, 'parked', 'its ids cannot name a lead');
        return false;
      }
      return await toLead(row, { locationId, contactId });
    } catch (error) {
      deps.log.warn({ err: error, inboxId: row.inboxId }, 'an event was not dispatched; the sweep tries again');
      return false;
    }
  }

  return { dispatch, away: () => outages > 0 };
}
