import type { Crm } from '../domain/ports/crm.ts';
import type { Given, KnownLead, ScoreStore } from '../domain/ports/scores.ts';
import { movesOn } from '../domain/scoring/moved.ts';

/**
 * Leads we act for whose new score is for their own work to decide on.
 * @param changed  leads whose score changed, with the new one
 * @param field    key of the CRM's field that shows the score
 */
export async function movedLeads<T extends { readonly lead: KnownLead; readonly given: Given }>(
  { scores, crm }: { readonly scores: Pick<ScoreStore, 'shown'>; readonly crm: Pick<Crm, 'fieldIds'> },
  locationId: string,
  changed: readonly T[],
  field: string,
): Promise<readonly T[]> {
  const ours = changed.filter(({ lead }) => lead.active);
  if (ours.length === 0) return [];
  // A CRM that does not say just now which fields it has is asked in the next pass again.
  const written = await crm.fieldIds(locationId).then(
    (ids) => Object.hasOwn(ids, field),
    () => false,
  );
  const contactIds = ours.map(({ lead }) => lead.contactId);
  const shown = written ? await scores.shown(locationId, contactIds, field) : new Map<string, number>();
  return ours.filter(({ lead, given }) => movesOn(lead.last, given.score, shown.get(lead.contactId) ?? null));
}
