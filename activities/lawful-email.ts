import { withFooter } from '../domain/consent/email-footer.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { ContactSnapshot } from '../domain/leads/contact.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { OutboxRow } from '../domain/ports/outbox.ts';
import type { Deps } from './deps.ts';

/**
 * An e-mail that solicits says who wrote, where they get their post, and how to hear no more. What is missing of it is the team's to tell:
 * until then the gate is closed, and the doctor says so. Anything else stays as it is.
 */
export function lawful(
  deps: Pick<Deps, 'personHash' | 'unsubscribeLinks'>,
  ref: LeadRef,
  row: Pick<OutboxRow, 'channel' | 'purpose' | 'sendId'>,
  content: OutboxRow['content'],
  { snapshot, location }: { readonly snapshot: ContactSnapshot | null; readonly location: Location | undefined },
): OutboxRow['content'] {
  const address = snapshot?.email;
  // Without an address there is no e-mail: the gate says so.
  if (row.channel !== 'email' || row.purpose !== 'solicitation' || !address || location === undefined) return content;
  const personHash = deps.personHash(address);
  const unsubscribeUrl = deps.unsubscribeLinks.urlFor({ ...ref, personHash, channel: 'email', sendId: row.sendId });
  const { postalAddress } = location.settings;
  return { ...content, body: withFooter(content.body, { sender: location.name, postalAddress, unsubscribeUrl }) };
}
