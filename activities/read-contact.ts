import type { Iso, LeadRef } from '../domain/glossary.ts';
import type { ContactSnapshot } from '../domain/leads/contact.ts';
import type { Urgency } from '../domain/ports/crm.ts';
import { type Deps, isoNow } from './deps.ts';

/** A contact as it was just read. */
export interface FreshContact {
  readonly snapshot: ContactSnapshot;
  readonly at: Iso;
}

/** A fresh read is news as of now, even where the contact's last change is older: it overrules what came before it. */
export async function readContact(
  deps: Pick<Deps, 'crm' | 'now'>,
  ref: LeadRef,
  how?: Urgency,
): Promise<FreshContact | 'gone'> {
  const asked = isoNow(deps);
  const fresh = await deps.crm.contact(ref, how);
  if (fresh === 'gone') return 'gone';
  return { snapshot: fresh.snapshot, at: Date.parse(fresh.at) > Date.parse(asked) ? fresh.at : asked };
}
