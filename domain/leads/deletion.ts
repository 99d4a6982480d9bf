import type { Iso } from '../glossary.ts';
import type { Situation } from './decision.ts';

/**
 * Since when the contact is deleted, after this event; null: it is there. Deleted stays deleted, unless the CRM said that it was created
 * later: restored, or known to us before it was to the CRM. Both are remembered, so that it does not matter which of them is heard first.
 */
export function deletedSince({ lead, event, snapshot }: Pick<Situation, 'lead' | 'event' | 'snapshot'>): Iso | null {
  const known = lead.deletedAt ?? (lead.stage === 'gone' ? event.occurredAt : null);
  const deleted = event.kind === 'contact.deleted' ? later(known, event.occurredAt) : known;
  const told = snapshot?.toldCreatedAt ?? null;
  const created = event.kind === 'contact.created' ? later(told, event.occurredAt) : told;
  if (deleted === null || created === null) return deleted;
  return Date.parse(created) > Date.parse(deleted) ? null : deleted;
}

function later(a: Iso | null, b: Iso): Iso {
  return a !== null && Date.parse(a) > Date.parse(b) ? a : b;
}
