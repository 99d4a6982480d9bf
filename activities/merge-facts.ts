import type { Enrolment } from '../domain/follow-up/sequence.ts';
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
    event,
  }: {
    readonly snapshot: ContactSnapshot | null;
    readonly location: Location | undefined;
    readonly enrolmentId: string | null;
    /** What the enrolment is about, where the caller has read it already: then this is what the words tell. */
    readonly event?: Enrolment['event'] | undefined;
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
    appointment: appointmentOf(event) ?? (about.appointmentAt === null ? null : { at: about.appointmentAt }),
  };
}

function appointmentOf(event: Enrolment['event'] | undefined): Enrolment['event'] {
  return event?.kind === 'appointment' ? event : null;
}
