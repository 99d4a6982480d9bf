import type { Iso } from '../glossary.ts';
import type { NewInboxEvent } from '../ports/inbox.ts';
import type { TokenHolder } from '../ports/tokens.ts';

export const CREDENTIAL_INSTALLED = 'credential.installed';

/**
 * A holder has a token where it had none: an event of ours, so that what follows (its refresher starts, its leads are woken) is durable.
 * Once per version, and once per time that it was suspended.
 * @param sha256     injected, as this layer does no hashing
 * @param suspended  since when it was, if that is what is over
 */
export function installedEvent(
  holder: TokenHolder,
  version: number,
  sha256: (text: string) => string,
  suspended?: Iso,
): NewInboxEvent {
  const body = JSON.stringify(holder.kind === 'company' ? { companyId: holder.id } : {});
  return {
    source: 'internal',
    eventKey: `credential:${holder.kind}:${holder.id}:${version}${suspended === undefined ? '' : `:${suspended}`}`,
    bodyHash: sha256(body),
    type: CREDENTIAL_INSTALLED,
    kind: 'lifecycle',
    locationId: holder.kind === 'location' ? holder.id : null,
    contactId: null,
    occurredAt: null,
    body: new TextEncoder().encode(body),
    headers: {},
  };
}
