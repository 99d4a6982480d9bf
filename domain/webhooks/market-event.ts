import type { Iso, LeadRef } from '../glossary.ts';
import type { AlertName } from '../market/alerts.ts';
import type { NewInboxEvent } from '../ports/inbox.ts';

/** The type and the kind of the event by which a lead hears that news of homes waits for it. */
export const MARKET_ALERT = 'market.alert';

/**
 * One event for all the news that one lead gets at a time. The same news makes the same event, in whatever order it is told.
 * @param key         `''` for the first telling; a reminder that the news still waits says which one it is
 * @param occurredAt  when it was decided that the news concerns the lead: what is told late is the news, not the decision
 */
export function marketEvent(
  ref: LeadRef,
  news: readonly AlertName[],
  { key, occurredAt }: { readonly key: string; readonly occurredAt: Iso },
  sha256: (text: string) => string,
): NewInboxEvent & { readonly contactId: string } {
  const names = news.map(({ listingKey, change }) => [listingKey, change]).map((name) => JSON.stringify(name));
  const body = `{"news":[${names.toSorted().join(',')}]}`;
  return {
    source: 'internal',
    eventKey: `market:${sha256(`${ref.contactId}\n${key}\n${body}`)}`,
    bodyHash: sha256(body),
    type: MARKET_ALERT,
    kind: MARKET_ALERT,
    locationId: ref.locationId,
    contactId: ref.contactId,
    occurredAt,
    body: new TextEncoder().encode(body),
    headers: {},
  };
}
