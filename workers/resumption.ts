import { setTimeout as wait } from 'node:timers/promises';
import { type ConsentEvent, consentEvent } from '../domain/consent/consent-events.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { Dispatchable, NewInboxEvent } from '../domain/ports/inbox.ts';
import { sha256 } from '../platform/secrets.ts';
import type { RelayDeps } from './relay.ts';

/** Between two leads: a start with thousands of them must not crowd out fresh events. */
const PACE_MS = 10;
/** A database that does not answer is asked again after this. */
const AGAIN_MS = 5_000;

export interface Resumption {
  /** Writes an event for the lead into the inbox and dispatches it: durable, so a crash right after loses nothing. */
  resumeLead(ref: LeadRef, why: string): Promise<void>;
  /** The same for news of how a lead may be written to. */
  tellLead(ref: LeadRef, type: ConsentEvent, key: string): Promise<void>;
  /** Every lead with something under way, of one location or of all, for this reason once; a database that is away is waited for. */
  resumeAll(signal: AbortSignal, why: string, locationId?: string): Promise<number>;
}

/**
 * After Temporal's store was lost or replaced, leads with something under way have no workflow. An event starts one where it is
 * missing, and tells one that runs nothing new.
 */
export function createResumption(
  deps: Pick<RelayDeps, 'inbox' | 'leads' | 'log'>,
  kick: (row: Dispatchable) => void,
  againMs = AGAIN_MS,
): Resumption {
  async function resumeLead(ref: LeadRef, why: string): Promise<void> {
    await give(ref, {
      source: 'internal',
      eventKey: `${why}:${ref.locationId}:${ref.contactId}`,
      bodyHash: sha256('{}'),
      type: 'lead.resume',
      kind: 'other',
      ...ref,
      occurredAt: null,
      body: Buffer.from('{}'),
      headers: {},
    });
  }

  async function tellLead(ref: LeadRef, type: ConsentEvent, key: string): Promise<void> {
    await give(ref, consentEvent(ref, type, { key, at: null }, sha256));
  }

  async function give(ref: LeadRef, event: NewInboxEvent): Promise<void> {
    const acceptance = await deps.inbox.accept(event);
    if (acceptance.kind !== 'accepted') return;
    const { inboxId, receivedAt } = acceptance;
    kick({ inboxId, receivedAt, kind: event.kind, type: event.type, ...ref });
  }

  async function resumeAll(signal: AbortSignal, why: string, only?: string): Promise<number> {
    let count = 0;
    let last: LeadRef | undefined;
    for (let through = false; !through && !signal.aborted;) {
      try {
        for await (const ref of deps.leads.underWay(last)) {
          if (signal.aborted) break;
          if (only === undefined || only === ref.locationId) {
            await resumeLead(ref, why);
            count += 1;
            await wait(PACE_MS);
          }
          last = ref;
        }
        through = true;
      } catch (error) {
        deps.log.warn({ err: error, leads: count }, 'leads under way could not all be resumed; tried again soon');
        await wait(againMs, undefined, { signal }).catch(() => undefined);
      }
    }
    if (count > 0) deps.log.info({ leads: count }, 'leads under way were resumed');
    return count;
  }

  return { resumeLead, tellLead, resumeAll };
}
