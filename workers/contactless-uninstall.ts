import type { LeadRef } from '../domain/glossary.ts';
import type { LeadStore } from '../domain/ports/leads.ts';
import type { TokenHolder } from '../domain/ports/tokens.ts';
import { bodyOf, type ContactlessDeps, type Handler } from './contactless-kind.ts';

/** An install is dated by our clock and its end by the vendor's: only one that ended clearly before is not the one we have. */
const CLOCKS_DIFFER_MS = 30_000;

/**
 * When a location, or a whole agency, takes the app away, nothing is sent for it any more, its leads end and its tokens are destroyed.
 * One that was installed again after this event was sent keeps what it has: deliveries overtake each other.
 */
export const uninstalled: Handler = async (deps, row, leads) => {
  const { companyId, sentAt } = await bodyOf(deps, row.inboxId);
  const gone = await locationsOf(deps, row.locationId, companyId, sentAt);
  const agency =
    row.locationId === null && companyId !== undefined ? ({ kind: 'company', id: companyId } as const) : undefined;
  const agencyKnown = agency !== undefined && (await deps.credentials.standing(agency)) !== undefined;
  const ends = agencyKnown && !(await isLaterInstall(deps, agency, sentAt));
  if (ends) await forget(deps, agency);
  for (const locationId of gone) {
    await deps.locations.setStatus(locationId, 'uninstalled');
    await forget(deps, { kind: 'location', id: locationId });
  }
  if (gone.length === 0 && !ends) return { verdict: 'ignored', reason: 'no such location, or installed again since' };
  deps.log.info({ locations: gone.length }, 'uninstalled');
  for (const locationId of gone) {
    for await (const ref of leadsOf(deps.leads, locationId)) await leads.endLead(ref, row.inboxId);
  }
  return { verdict: 'worked', reason: null };
};

/** An agency's uninstall names the company only. */
async function locationsOf(
  deps: ContactlessDeps,
  locationId: string | null,
  companyId: string | undefined,
  sentAt: string | null,
): Promise<string[]> {
  const locations = await deps.locations.list();
  const meant = locations.filter((location) =>
    locationId === null
      ? companyId !== undefined && location.companyId === companyId
      : location.locationId === locationId,
  );
  const gone: string[] = [];
  for (const { locationId: id } of meant) {
    if (!(await isLaterInstall(deps, { kind: 'location', id }, sentAt))) gone.push(id);
  }
  return gone;
}

async function isLaterInstall(
  { credentials }: Pick<ContactlessDeps, 'credentials'>,
  holder: TokenHolder,
  sentAt: string | null,
): Promise<boolean> {
  if (sentAt === null) return false;
  const credential = await credentials.standing(holder);
  return credential?.held === true && Date.parse(credential.installedAt) - CLOCKS_DIFFER_MS > Date.parse(sentAt);
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
