import { setTimeout as wait } from 'node:timers/promises';
import { type ConsentEvent, consentEvent } from '../domain/consent/consent-events.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { Dispatchable, NewInboxEvent } from '../domain/ports/inbox.ts';
import { sha256 } from '../platform/secrets.ts';
import type { RelayDeps } from './relay.ts';

/** Between two leads: a start with thousands of them must not crowd out fresh events. */
const PACE_MS = 10;

export interface Resumption {
  /** Writes an event for the lead into the inbox and dispatches it: durable, so a crash right after loses nothing. */
  resumeLead(ref: LeadRef, why: string): Promise<void>;
  /** The same for news of how a lead may be written to. */
  tellLead(ref: LeadRef, type: ConsentEvent, key: string): Promise<void>;
  /** Every lead with something under way, of one location or of all, for this reason once. */
  resumeAll(stopped: () => boolean, why: string, locationId?: string): Promise<number>;
}

/**
 * After Temporal's store was lost or replaced, leads with something under way have no workflow. An event starts one where it is
 * missing, and tells one that runs nothing new.
 */
export function createResumption(
  deps: Pick<RelayDeps, 'inbox' | 'leads' | 'log'>,
  kick: (row: Dispatchable) => void,
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

  async function resumeAll(stopped: () => boolean, why: string, only?: string): Promise<number> {
    let count = 0;
    for await (const { locationId, contactId } of deps.leads.underWay()) {
      if (stopped()) break;
      if (only !== undefined && only !== locationId) continue;
      await resumeLead({ locationId, contactId }, why);
      count += 1;
      await wait(PACE_MS);
    }
    if (count > 0) deps.log.info({ leads: count }, 'leads under way were resumed');
    return count;
  }

  return { resumeLead, tellLead, resumeAll };
}
