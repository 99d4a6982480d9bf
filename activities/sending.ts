import { activation } from '../domain/leads/activation.ts';
import type { ContactSnapshot } from '../domain/leads/contact.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { GateFacts, GateVerdict } from '../domain/consent/facts.ts';
import { consentsFromTags, restsOnTag } from '../domain/consent/consent-tags.ts';
import { judge } from '../domain/consent/gate.ts';
import { isAppError } from '../domain/errors.ts';
import { taskInstead } from '../domain/follow-up/draft.ts';
import { render } from '../domain/follow-up/merge.ts';
import { nextStep } from '../domain/follow-up/interpret.ts';
import type { Enrolment, SequenceStep, StepOutcome } from '../domain/follow-up/sequence.ts';
import type { Iso, LeadRef } from '../domain/glossary.ts';
import type { SendOutcome } from '../domain/ports/crm.ts';
import type { OutboxRow, Settlement } from '../domain/ports/outbox.ts';
import { readContact } from './crm.ts';
import { type Deps, isoNow, later } from './deps.ts';
import { hashes } from './leads.ts';

/** After a send of unknown outcome: read back so long after it was begun, then leave it to a human. */
export const READ_BACK_MS = [60_000, 300_000, 900_000] as const;
/** A gate held back by something that only a person or an event can change looks again by itself after this. */
const HOLD_MS = 6 * 3_600_000;
const TASK_DUE_MINUTES = 24 * 60;

export interface StepOf {
  readonly enrolment: Enrolment;
  readonly step: SequenceStep;
  readonly dueAt: Iso;
}

/**
 * The one path of every side effect towards a lead: fresh reads, gate, one attempt, settlement.
 * `row` is claimed. Between the gate's commit and the vendor's answer the row says `sending`: a process that dies there leaves a send
 * of unknown outcome, which is read back and never repeated by itself.
 */
export async function perform(deps: Deps, ref: LeadRef, row: OutboxRow, of?: StepOf): Promise<string> {
  const fresh = await freshFacts(deps, ref, row);
  const filled = fill(row, fresh.snapshot, fresh.location);
  // What the CRM could not tell us just now is not missing for good: the gate is asked, and waits for an answer.
  if (!filled.ok && fresh.read) return refuse(deps, ref, row, `missing: ${filled.missing.join(', ')}`, of);
  const content = filled.ok ? filled.content : row.content;
  // A person is all of their addresses, whichever this send takes: the cap counts texts and e-mails together.
  const person = fresh.snapshot === null ? {} : hashes(deps, fresh.snapshot);
  const verdict = await deps.outbox.pass(
    row.sendId,
    ref,
    fresh.vendor,
    [person.sms, person.email].filter((hash) => hash !== undefined),
    isoNow(deps),
    judge,
    content,
  );
  if (verdict === undefined) return 'somebody else has it';
  if (!verdict.open) return closed(deps, ref, row, verdict, of);
  if (deps.mode === 'dry-run') return settle(deps, ref, row, { state: 'recorded' }, of);
  await deps.pauses.at('send.before-vendor');
  const outcome = await attempt(deps, ref, row, content, fresh.snapshot);
  await deps.pauses.at('send.after-vendor');
  const settled = await settle(deps, ref, row, settlementOf(outcome, isoNow(deps)), of);
  await deps.pauses.at('send.after-settle');
  return settled;
}

interface Fresh {
  /** Did the CRM answer? Else the snapshot is what we last knew, good enough for locks and never for sending. */
  readonly read: boolean;
  readonly snapshot: ContactSnapshot | null;
  readonly location: Location | undefined;
  readonly vendor: Pick<GateFacts, 'contact' | 'consent' | 'activated'>;
}

/** The contact as the CRM has it now. A read that fails is an unknown fact, and an unknown fact closes the gate. */
async function freshFacts(deps: Deps, ref: LeadRef, row: OutboxRow): Promise<Fresh> {
  const [read, location, consent] = await Promise.all([
    readContact(deps, ref).catch((error: unknown) => ({ failed: isAppError(error) ? error.code : 'unreadable' })),
    deps.locations.get(ref.locationId),
    deps.leads.consent(ref),
  ]);
  const channel = row.channel === 'call-task' ? 'call' : row.channel;
  if (typeof read === 'object' && 'failed' in read) {
    const unknown = { known: false, why: read.failed } as const;
    const stored = (await deps.leads.load(ref))?.snapshot ?? null;
    return {
      read: false,
      snapshot: stored,
      location,
      vendor: { contact: unknown, consent: unknown, activated: unknown },
    };
  }
  if (read === 'gone' || location === undefined) {
    const why = {
      known: false,
      why: read === 'gone' ? 'the contact is gone' : 'the location is not installed',
    } as const;
    return { read: true, snapshot: null, location, vendor: { contact: gone, consent: why, activated: why } };
  }
  const { snapshot } = read;
  const byTag = consentsFromTags(snapshot.tags, location.settings.consentTags).some(
    (one) => one.channel === channel && one.state === 'granted',
  );
  // What was withdrawn because its tag was gone is judged by the tags as they are now, like all that rests on them.
  const withdrawn = consent[channel].state === 'withdrawn' && !restsOnTag(consent[channel].basis);
  return {
    read: true,
    snapshot,
    location,
    vendor: {
      contact: {
        known: true,
        value: {
          exists: true,
          hasPhone: Boolean(snapshot.phone),
          hasEmail: Boolean(snapshot.email),
          dnd: snapshot.dnd === true,
          dndChannel: snapshot.dndChannels?.[channel] ?? 'unknown',
          timezone: snapshot.timezone ?? null,
          tags: snapshot.tags ?? [],
        },
      },
      consent: { known: true, value: withdrawn ? 'withdrawn' : byTag ? 'granted' : 'none' },
      activated: { known: true, value: activation(snapshot.tags, location.settings).yes },
    },
  };
}

const gone: GateFacts['contact'] = {
  known: true,
  value: {
    exists: false,
    hasPhone: false,
    hasEmail: false,
    dnd: false,
    dndChannel: 'unknown',
    timezone: null,
    tags: [],
  },
};

type Content = OutboxRow['content'];
type Filled =
  { readonly ok: true; readonly content: Content } | { readonly ok: false; readonly missing: readonly string[] };

/** Merge fields from the contact and the location as they are now; one that does not resolve keeps the message from going out. */
function fill(row: OutboxRow, snapshot: ContactSnapshot | null, location: Location | undefined): Filled {
  const facts = { contact: snapshot ?? {}, location: { name: location?.name ?? null } };
  const missing: string[] = [];
  const filled = Object.fromEntries(
    Object.entries(row.content).map(([key, value]) => {
      if (typeof value !== 'string') return [key, value];
      const rendered = render(value, facts);
      if (!rendered.ok) missing.push(...rendered.missing);
      return [key, rendered.ok ? rendered.text : value];
    }),
  ) as unknown as Content;
  return missing.length > 0 ? { ok: false, missing } : { ok: true, content: filled };
}

async function attempt(
  deps: Deps,
  ref: LeadRef,
  row: OutboxRow,
  content: Content,
  snapshot: ContactSnapshot | null,
): Promise<SendOutcome> {
  if (row.channel === 'call-task') {
    const dueAt = later(deps.now(), (content.dueInMinutes ?? TASK_DUE_MINUTES) * 60_000);
    const title = content.title ?? 'Call this lead';
    return deps.crm.createTask(ref, {
      title,
      body: marked(row, content.body),
      dueAt,
      assignedTo: snapshot?.assignedTo ?? null,
    });
  }
  const { body, subject } = content;
  return deps.crm.send(ref, { channel: row.channel, body, ...(subject === undefined ? {} : { subject }) });
}

/** A task's body ends in a reference of ours, so that a read-back knows it among others of the same words. */
export function marked(row: OutboxRow, body: string): string {
  return `${body}\n\nRef LW-${row.sendId.slice(0, 13)}`;
}

function settlementOf(outcome: SendOutcome, now: Iso): Settlement {
  switch (outcome.kind) {
    case 'sent':
      return { state: 'sent', vendorId: outcome.vendorId };
    case 'refused':
      return { state: 'refused', reason: outcome.reason };
    case 'not-sent':
      return { state: 'not-sent', reason: outcome.reason, checkAt: later(now, outcome.retryAfterMs) };
    case 'unknown':
      return { state: 'unknown', reason: outcome.reason, checkAt: later(now, READ_BACK_MS[0]) };
  }
}

/** A closed gate: waits, ends the step, or lets a call task take its place. Why is on the timeline and in the audit row. */
async function closed(deps: Deps, ref: LeadRef, row: OutboxRow, verdict: GateVerdict, of?: StepOf): Promise<string> {
  const now = isoNow(deps);
  const why = `gate closed by ${verdict.closedBy ?? 'an unknown fact'}`;
  if (verdict.then === 'wait' || verdict.then === 'hold') {
    const again = verdict.opensAt ?? later(now, HOLD_MS);
    if (of !== undefined) await deps.leads.postpone(ref, of.enrolment.enrolmentId, again);
    else await deps.outbox.settle(row.sendId, ref, { state: 'not-sent', reason: why, checkAt: again }, now);
    await tell(deps, ref, row, 'wait', `${name(row)}: ${why}; asked again later`, { opensAt: again });
    return why;
  }
  const instead = verdict.then === 'task' && of !== undefined ? taskInstead(of.enrolment, of.step) : null;
  if (instead !== null) await deps.outbox.claim(ref, instead, now);
  await deps.outbox.settle(row.sendId, ref, { state: 'cancelled', reason: why }, now);
  if (of !== undefined) await finishStep(deps, ref, of, instead === null ? 'refused' : 'task');
  await tell(
    deps,
    ref,
    row,
    'send',
    `${name(row)} does not go out: ${why}${instead === null ? '' : '; a call task instead'}`,
    {},
  );
  return why;
}

async function refuse(deps: Deps, ref: LeadRef, row: OutboxRow, reason: string, of?: StepOf): Promise<string> {
  return settle(deps, ref, row, { state: 'refused', reason }, of);
}

export async function settle(
  deps: Deps,
  ref: LeadRef,
  row: OutboxRow,
  settlement: Settlement,
  of?: StepOf,
): Promise<string> {
  await deps.outbox.settle(row.sendId, ref, settlement, isoNow(deps));
  deps.measure({ kind: 'send', channel: row.channel, state: settlement.state });
  const reason = 'reason' in settlement ? ` (${settlement.reason})` : '';
  await tell(deps, ref, row, 'send', `${name(row)}: ${settlement.state}${reason}`, {
    ...('vendorId' in settlement ? { vendorId: settlement.vendorId } : {}),
  });
  const outcome = outcomeOf(settlement);
  if (outcome !== null) {
    if (of !== undefined) await finishStep(deps, ref, of, outcome);
    else if (row.enrolmentId !== null && row.stepKey !== null) {
      await deps.leads.recordStep(ref, row.enrolmentId, row.stepKey, outcome, isoNow(deps));
    }
  }
  return settlement.state;
}

function outcomeOf({ state }: Settlement): StepOutcome | null {
  if (state === 'sent' || state === 'recorded' || state === 'refused' || state === 'parked') return state;
  return state === 'cancelled' ? 'skipped' : null;
}

/** A step is done, now unless told since when; the last one ends its enrolment. */
export async function finishStep(
  deps: Deps,
  ref: LeadRef,
  { enrolment, step }: StepOf,
  outcome: StepOutcome,
  at: Iso = isoNow(deps),
): Promise<void> {
  const after = { ...enrolment, notBefore: null, done: { ...enrolment.done, [step.key]: { outcome, at } } };
  const end = nextStep(after, at).kind === 'end' ? 'completed' : undefined;
  await deps.leads.recordStep(ref, enrolment.enrolmentId, step.key, outcome, at, end);
}

export function name(row: OutboxRow): string {
  const what = row.channel === 'sms' ? 'SMS' : row.channel === 'email' ? 'E-mail' : 'Task';
  return row.stepKey === null ? what : `${what} ${row.stepKey}`;
}

export async function tell(
  deps: Deps,
  ref: LeadRef,
  row: OutboxRow,
  kind: 'send' | 'wait',
  summary: string,
  refs: Record<string, string>,
): Promise<void> {
  await deps.leads.addTimeline(ref, { at: isoNow(deps), kind, summary, refs: { sendId: row.sendId, ...refs } });
}
