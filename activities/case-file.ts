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
import { lookedUp } from '../domain/leads/admission.ts';
import type { Prior } from '../domain/ports/crm-records.ts';
import type { InboxVerdict } from '../domain/ports/inbox.ts';
import type { EventKind, LeadEvent } from '../domain/webhooks/event.ts';
import type { Iso, LeadRef } from '../domain/glossary.ts';
import { type Deps, isoNow, refOf } from './deps.ts';
import type { Maybe } from './run-level.ts';

/** One event with its lead and its location. Lives as long as the call that works the event. */
export interface CaseFile {
  readonly ref: LeadRef;
  readonly event: LeadEvent;
  readonly location: Location;
  /** As stored, or a new one when nothing was ever decided about this contact. */
  readonly lead: Lead;
  readonly known: boolean;
  /** Of the inbox, as it was when the file was opened. */
  readonly verdict: InboxVerdict;
  /** When it came, or was last reopened to be worked again. */
  readonly takenUpAt: Iso;
  /** What is known already of what the event tells, and what of it may be our own doing. */
  readonly prior: Prior;
  /** False only as a bench's control. */
  readonly echoGuard: boolean;
  /** A CRM read of this event's making, to be stored with the decision. */
  fresh?: { readonly snapshot: ContactSnapshot; readonly at: Iso };
  /** What optional tasks could not bring, told with the decision. */
  readonly absent: Absence[];
}

/** What levels 1 and 2 bring to the decision. */
export interface Findings {
  readonly talk: readonly TalkMessage[];
  readonly reading: Reading | null;
  readonly qualification: Qualification;
  readonly snapshot: ContactSnapshot | null;
  readonly crmFacts: CrmFacts;
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
  const asked = lookedUp(event);
  return {
    ref: refOf(ref),
    event,
    location,
    lead: lead ?? newLead(refOf(ref), isoNow(deps)),
    known: lead !== undefined,
    verdict: row.verdict,
    takenUpAt: row.reopenedAt ?? row.receivedAt,
    prior: asked === undefined ? nothing : await deps.records.prior(refOf(ref), asked),
    echoGuard: deps.bench.echoGuard,
    absent: [],
  };
}

const nothing: Prior = { record: null, message: null, writes: [], unsettled: [] };

/** What an optional task brought; else what is known without it, and the file says that it is missing, and why. */
export function valueOr<T, U>(file: CaseFile, what: Absence['what'], task: Maybe<T>, without: U): T | U {
  if (task.present) return task.value;
  file.absent.push({ what, why: task.why });
  return without;
}
