import type { LeadRef } from '../domain/glossary.ts';
import type { Dispatchable } from '../domain/ports/inbox.ts';
import type { LeadStore } from '../domain/ports/leads.ts';
import { idAt, readJsonObject } from '../domain/webhooks/payload.ts';
import type { RelayDeps } from './relay.ts';

interface Settled {
  readonly verdict: 'worked' | 'ignored';
  readonly reason: string | null;
}

/**
 * Events that concern no lead are handled here, by kind. Only one of them changes anything: when a location, or a whole agency,
 * takes the app away, nothing is sent for it any more and its leads end.
 * @param endLead  gives a lead an event, upon which its workflow sees that the location is gone
 */
export async function contactless(
  deps: Pick<RelayDeps, 'inbox' | 'leads' | 'locations' | 'log'>,
  row: Dispatchable,
  endLead: (ref: LeadRef, inboxId: string) => Promise<void>,
): Promise<Settled> {
  if (row.kind === 'unknown') return { verdict: 'ignored', reason: 'unknown type' };
  if (row.type !== 'UNINSTALL') return { verdict: 'ignored', reason: 'no contact' };
  const gone = row.locationId === null ? await locationsOfAgency(deps, row.inboxId) : [row.locationId];
  for (const locationId of gone) await deps.locations.setStatus(locationId, 'uninstalled');
  if (gone.length === 0) return { verdict: 'ignored', reason: 'no such location' };
  deps.log.info({ locations: gone.length }, 'uninstalled');
  for (const locationId of gone) {
    for await (const ref of leadsOf(deps.leads, locationId)) await endLead(ref, row.inboxId);
  }
  return { verdict: 'worked', reason: null };
}

/** An agency's uninstall names the company only. */
async function locationsOfAgency(deps: Pick<RelayDeps, 'inbox' | 'locations'>, inboxId: string): Promise<string[]> {
  const row = await deps.inbox.load(inboxId);
  const read = row === undefined ? undefined : readJsonObject(Buffer.from(row.body).toString('utf8'));
  const companyId = read?.ok === true ? idAt(read.json, 'companyId') : undefined;
  if (companyId === undefined) return [];
  const locations = await deps.locations.list();
  return locations.filter((location) => location.companyId === companyId).map((location) => location.locationId);
}

/** All of them, not only those with something under way: each may have a workflow that waits for news. */
async function* leadsOf(leads: Pick<LeadStore, 'list'>, locationId: string): AsyncIterable<LeadRef> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<LeadStore['list']>> = await leads.list({
      locationId,
      limit: 200,
      ...(cursor === null ? {} : { cursor }),
    });
    for (const { contactId } of page.items) yield { locationId, contactId };
    cursor = page.nextCursor;
  } while (cursor !== null);
}
