import type { Iso, LeadRef } from '../domain/glossary.ts';
import { WHOLE_LOCATION } from '../domain/ports/cache-tags.ts';
import type { LeadStore } from '../domain/ports/leads.ts';
import type { TokenHolder } from '../domain/ports/tokens.ts';
import { isInstalledSince, locationsMeant, ofAgency } from '../domain/webhooks/lifecycle.ts';
import { bodyOf, type ContactlessDeps, type Handler } from './contactless-kind.ts';

/**
 * When a location, or a whole agency, takes the app away, nothing is sent for it any more, its leads end, its tokens are destroyed, and what the
 * cache keeps of it is erased.
 * One that was installed again after this event was sent keeps what it has: deliveries overtake each other.
 */
export const uninstalled: Handler = async (deps, row, leads) => {
  const { companyId, sentAt } = await bodyOf(deps, row.inboxId);
  const agency =
    row.locationId === null && companyId !== undefined ? ({ kind: 'company', id: companyId } as const) : undefined;
  const agencyKnown = agency !== undefined && (await deps.credentials.standing(agency)) !== undefined;
  const agencyBack = agencyKnown && isInstalledSince(ofAgency(await heldBy(deps, agency)), sentAt);
  const ends = agencyKnown && !agencyBack;
  // An agency that is back has brought its locations: one that it left out has no token that the vendor takes, and waits.
  const gone = agencyBack ? [] : await locationsOf(deps, row.locationId, companyId, sentAt);
  if (ends) await forget(deps, agency);
  for (const locationId of gone) {
    await deps.locations.setStatus(locationId, 'uninstalled', undefined, sentAt ?? undefined);
    await forget(deps, { kind: 'location', id: locationId });
    await deps.cache.erase(locationId, [WHOLE_LOCATION]);
  }
  if (gone.length === 0 && !ends) return { verdict: 'ignored', reason: 'no such location, or installed again since' };
  deps.log.info({ locations: gone.length }, 'uninstalled');
  for (const locationId of gone) {
    for await (const ref of leadsOf(deps.leads, locationId)) await leads.endLead(ref, row.inboxId);
  }
  return { verdict: 'worked', reason: null };
};

async function locationsOf(
  deps: ContactlessDeps,
  locationId: string | null,
  companyId: string | undefined,
  sentAt: string | null,
): Promise<string[]> {
  const gone: string[] = [];
  for (const { locationId: id, status } of locationsMeant(await deps.locations.list(), { locationId, companyId })) {
    const endedAt = await deps.installs.endedAt(id);
    const heldSince = await heldBy(deps, { kind: 'location', id });
    if (!isInstalledSince({ status, endedAt, heldSince }, sentAt)) gone.push(id);
  }
  return gone;
}

async function heldBy({ credentials }: Pick<ContactlessDeps, 'credentials'>, holder: TokenHolder): Promise<Iso | null> {
  const credential = await credentials.standing(holder);
  return credential?.held === true ? credential.installedAt : null;
}

/** Its refresher looks, finds nothing to keep fresh, and ends. */
async function forget(deps: ContactlessDeps, holder: TokenHolder): Promise<void> {
  await deps.credentials.destroy(holder, new Date().toISOString());
  await deps.refresher.tell(holder, null);
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
