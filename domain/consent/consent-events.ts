import type { Iso, LeadRef } from '../glossary.ts';
import type { NewInboxEvent } from '../ports/inbox.ts';

/** What we tell leads ourselves about being written to; all of kind `consent`. */
export const consentEvents = {
  /** The link in an e-mail was used. */
  unsubscribed: 'lead.unsubscribed',
  /** That was taken back on its page. */
  resubscribed: 'lead.resubscribed',
  /** A vendor's word about an address. It has an entry of its own on the timeline since it came. */
  barred: 'lead.barred',
} as const;
export type ConsentEvent = (typeof consentEvents)[keyof typeof consentEvents];

/**
 * An event that a lead hears like any other: in the inbox first, then decided upon.
 * @param key  the same key is the same event
 */
export function consentEvent(
  ref: LeadRef,
  type: ConsentEvent,
  {
    key,
    at,
    facts = {},
  }: {
    readonly key: string; /** Null: as of its receipt. */
    readonly at: Iso | null;
    readonly facts?: Readonly<Record<string, string>>;
  },
  sha256: (text: string) => string,
): NewInboxEvent {
  const body = JSON.stringify(facts);
  return {
    source: 'internal',
    eventKey: `${type}:${ref.contactId}:${key}`,
    bodyHash: sha256(body),
    type,
    kind: 'consent',
    locationId: ref.locationId,
    contactId: ref.contactId,
    occurredAt: at,
    body: new TextEncoder().encode(body),
    headers: {},
  };
}
