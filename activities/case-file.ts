import { AppError } from '../domain/errors.ts';
import type { Lead, Qualification, TalkMessage } from '../domain/leads/lead.ts';
import type { ContactSnapshot } from '../domain/leads/contact.ts';
import type { Absence } from '../domain/leads/decision.ts';
import type { CrmFacts } from '../domain/scoring/crm-facts.ts';
import type { Reading } from '../domain/leads/reading.ts';
import type { Location } from '../domain/leads/settings.ts';
import { newLead } from '../domain/leads/new-lead.ts';
import { readLeadEvent } from '../domain/webhooks/lead-event.ts';
import { readJsonObject } from '../domain/webhooks/payload.ts';
import type { InboxVerdict } from '../domain/ports/inbox.ts';
import type { EventKind, LeadEvent } from '../domain/webhooks/event.ts';
import type { Iso, LeadRef } from '../domain/glossary.ts';
import { type Deps, isoNow, refOf } from './deps.ts';

/** What one event's levels know so far, filled level by level. Lives as long as the call that works the event. */
export interface CaseFile {
  readonly ref: LeadRef;
  readonly event: LeadEvent;
  readonly location: Location;
  /** As stored, or a new one when nothing was ever decided about this contact. */
  readonly lead: Lead;
  readonly known: boolean;
  /** Of the inbox, as it was when the file was opened. */
  readonly verdict: InboxVerdict;
  talk?: readonly TalkMessage[];
  reading?: Reading | null;
  snapshot?: ContactSnapshot | null;
  qualification?: Qualification;
  /** A CRM read of this event's making, to be stored with the decision. */
  fresh?: { readonly snapshot: ContactSnapshot; readonly at: Iso };
  /** What the team's custom fields say of the score's facts; empty when the CRM could not tell which field is which. */
  crmFacts?: CrmFacts;
  /** What optional tasks could not bring, told with the decision. */
  readonly absent: Absence[];
}

/** Reads an inbox row and the lead it concerns. @throws EVENT_UNKNOWN when the row, its lead or its location is not what was signalled */
export async function openCaseFile(deps: Deps, ref: LeadRef, inboxId: string): Promise<CaseFile> {
  const { row, lead, location } = await deps.leads.openCase(ref, inboxId);
  if (
    row === undefined ||
    location === undefined ||
    row.locationId !== ref.locationId ||
    row.contactId !== ref.contactId
  ) {
    throw new AppError(
      'EVENT_UNKNOWN',
      'expected an inbox row of this lead and an installed location; replay the event',
    );
  }
  const read = readJsonObject(new TextDecoder().decode(row.body));
  if (!read.ok) throw new AppError('EVENT_UNKNOWN', 'the stored body is not a JSON object');
  const event = readLeadEvent(
    { ...row, inboxId, kind: row.kind as EventKind, locationId: ref.locationId, contactId: ref.contactId },
    read.json,
  );
  return {
    ref: refOf(ref),
    event,
    location,
    lead: lead ?? newLead(refOf(ref), isoNow(deps)),
    known: lead !== undefined,
    verdict: row.verdict,
    absent: [],
  };
}
