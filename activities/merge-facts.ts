import type { MergeFacts } from '../domain/follow-up/merge.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { ContactSnapshot } from '../domain/leads/contact.ts';
import { senderNumber } from '../domain/leads/sender-number.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { Deps } from './deps.ts';

/** What merge fields resolve from: contact and location as they are now, the agent and the appointment as they are stored. */
export async function mergeFactsOf(
  deps: Pick<Deps, 'leads'>,
  ref: LeadRef,
  {
    snapshot,
    location,
    enrolmentId,
  }: {
    readonly snapshot: ContactSnapshot | null;
    readonly location: Location | undefined;
    readonly enrolmentId: string | null;
  },
): Promise<MergeFacts> {
  const about = await deps.leads.wordsFor(ref, { agentId: snapshot?.assignedTo ?? null, enrolmentId });
  return {
    contact: snapshot ?? {},
    location: {
      name: location?.name ?? null,
      phone: senderNumber(snapshot, location?.settings) ?? null,
      address: location?.settings.postalAddress ?? null,
      timezone: location?.timezone ?? null,
    },
    agent: { name: about.agentName },
    appointment: about.appointmentAt === null ? null : { at: about.appointmentAt },
  };
}
