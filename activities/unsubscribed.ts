import { consentEvent, consentEvents } from '../domain/consent/consent-events.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { SendOutcome } from '../domain/ports/crm.ts';
import type { OutboxRow } from '../domain/ports/outbox.ts';
import { type Deps, isoNow } from './deps.ts';

/**
 * The CRM refuses an e-mail because its person has unsubscribed there, and nobody had told us: from now on that binds every contact with
 * the address. The lead hears of it, so that the CRM shows it to the team. Once for each e-mail that was refused.
 */
export async function keepUnsubscribed(
  deps: Pick<Deps, 'inbox' | 'now' | 'sha256'>,
  ref: LeadRef,
  { sendId, channel }: Pick<OutboxRow, 'sendId' | 'channel'>,
  outcome: SendOutcome,
  personHash: string | undefined,
): Promise<void> {
  if (channel !== 'email' || outcome.kind !== 'refused' || outcome.reason !== 'unsubscribed') return;
  const event = consentEvent(
    ref,
    consentEvents.barred,
    { key: sendId, at: isoNow(deps), facts: { sendId } },
    deps.sha256,
  );
  const personHashes = personHash === undefined ? [] : [personHash];
  await deps.inbox.accept({ ...event, link: { of: 'crm', personHashes, channel, bars: true } });
}
