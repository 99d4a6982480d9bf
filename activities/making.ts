import { draftOfReply } from '../domain/assistant/reply-tasks.ts';
import { isAppError } from '../domain/errors.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { Enrolment } from '../domain/follow-up/sequence.ts';
import { fieldsOf, type MergeFacts, render } from '../domain/follow-up/merge.ts';
import { smsSegments } from '../domain/follow-up/segments.ts';
import { OPPORTUNITY_MARK } from '../domain/crm/marks.ts';
import type { ContactSnapshot } from '../domain/leads/contact.ts';
import { senderNumber } from '../domain/leads/sender-number.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { ToldHome } from '../domain/market/alert-words.ts';
import type { SendOutcome, Urgency } from '../domain/ports/crm.ts';
import type { OutboxRow, Settlement } from '../domain/ports/outbox.ts';
import { type Deps, isoNow, later } from './deps.ts';
import { nonRetryableCodes } from './failures.ts';
import { lawful } from './lawful-email.ts';
import { mergeFactsOf } from './merge-facts.ts';

const TASK_DUE_MINUTES = 24 * 60;
/** A read before the call that failed is tried again after this; one that is not allowed, when somebody may have changed that. */
const READ_AGAIN_MS = { failed: 60_000, refused: 3_600_000 } as const;

type Content = OutboxRow['content'];
/** `described`: of a message about homes, how many of them it describes, the first ones; the rest it only counts, if anything. */
export type Filled = { readonly content: Content; readonly described?: number } | { readonly instead: Settlement };

/** What goes out now, or what becomes of the row without a call. */
export async function contentOf(
  deps: Deps,
  ref: LeadRef,
  row: OutboxRow,
  fresh: {
    readonly read: boolean;
    readonly snapshot: ContactSnapshot | null;
    readonly location: Location | undefined;
    /** What the step's enrolment is about, as it was taken; the gate asks whether it still is. Undefined: for no step. */
    readonly event?: Enrolment['event'] | undefined;
    /** The homes that its words tell of. */
    readonly homes?: readonly ToldHome[] | undefined;
  },
): Promise<Filled> {
  if (row.channel === 'opportunity') return opportunityContent(deps, ref, row, fresh.snapshot);
  // Words of the lead are no template, and neither are those that answer them.
  if (row.channel === 'note' || row.channel === 'ghl-workflow') return { content: row.content };
  if (draftOfReply(row) !== null) return { content: lawful(deps, ref, row, row.content, fresh) };
  const facts = await mergeFactsOf(deps, ref, { ...fresh, enrolmentId: row.enrolmentId });
  const filled = fresh.homes === undefined ? fill(row, facts) : fillHomes(row, facts, fresh.homes);
  if (filled.ok) {
    const content = lawful(deps, ref, row, filled.content, fresh);
    return 'described' in filled ? { content, described: filled.described } : { content };
  }
  // What the CRM could not tell us just now is not missing for good: the gate is asked, and waits for an answer.
  if (!fresh.read) return { content: row.content };
  return { instead: { state: 'refused', reason: `missing: ${filled.missing.join(', ')}` } };
}

/** Homes that an e-mail describes; what a text bears is tried from here on. */
const MOST_HOMES = { email: 10, sms: 3 } as const;
/** Segments of a text about homes. */
const MOST_SEGMENTS = 2;

type HomesFilled =
  ReturnType<typeof fill> | { readonly ok: true; readonly content: Content; readonly described: number };

/** Fields of a single home are about the first one. */
function namesAll({ content }: OutboxRow): boolean {
  return [content.subject, content.body].some((text) => fieldsOf(text ?? '').fields.includes('listings'));
}

/** As many homes as fit are described, at least one; the rest is counted. */
function fillHomes(row: OutboxRow, facts: MergeFacts, homes: readonly ToldHome[]): HomesFilled {
  const zone = facts.contact?.timezone ?? facts.location?.timezone ?? null;
  const lines = row.channel === 'email';
  for (let most: number = lines ? MOST_HOMES.email : MOST_HOMES.sms; ; most -= 1) {
    const filled = fill(row, { ...facts, homes: { homes, most, lines, zone } });
    if (!filled.ok) return filled;
    if (lines || most <= 1 || smsSegments(filled.content.body).segments <= MOST_SEGMENTS) {
      return { ...filled, described: namesAll(row) ? Math.min(most, homes.length) : 1 };
    }
  }
}

/** Merge fields from the contact and the location as they are now; one that does not resolve keeps the message from going out. */
function fill(
  row: OutboxRow,
  facts: MergeFacts,
): { readonly ok: true; readonly content: Content } | { readonly ok: false; readonly missing: readonly string[] } {
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

/** In the stage of the newest plan, and only where the contact has none: neither one that we find nor one that we made and somebody deleted. */
async function opportunityContent(
  deps: Deps,
  ref: LeadRef,
  { content }: OutboxRow,
  snapshot: ContactSnapshot | null,
): Promise<Filled> {
  try {
    const [stored, found] = await Promise.all([deps.leads.plan(ref), deps.crm.opportunities(ref)]);
    const mark = stored?.marks[OPPORTUNITY_MARK];
    const had = mark?.id !== undefined && mark.pipelineId === content.target;
    if (had || found.some(({ pipelineId }) => pipelineId === content.target)) {
      return { instead: { state: 'cancelled', reason: 'the contact has one in this pipeline, or had one of ours' } };
    }
    const wanted = stored?.plan?.opportunity;
    const stage = wanted?.pipelineId === content.target ? wanted?.stageId : content.stage;
    return { content: { ...content, title: nameOf(snapshot), ...(stage === undefined ? {} : { stage }) } };
  } catch (error) {
    if (!isAppError(error)) throw error;
    const soon = READ_AGAIN_MS[nonRetryableCodes.has(error.code) ? 'refused' : 'failed'];
    const checkAt = later(isoNow(deps), error.retryAfterMs ?? soon);
    return { instead: { state: 'not-sent', reason: error.code, checkAt } };
  }
}

function nameOf(snapshot: ContactSnapshot | null): string {
  const name = [snapshot?.firstName, snapshot?.lastName].filter((part) => (part ?? '').trim() !== '').join(' ');
  return name === '' ? (snapshot?.email ?? snapshot?.phone ?? 'New lead') : name;
}

/** The one call to the CRM. */
export async function make(
  deps: Deps,
  ref: LeadRef,
  row: OutboxRow,
  content: Content,
  fresh: { readonly snapshot: ContactSnapshot | null; readonly location: Location | undefined },
): Promise<SendOutcome> {
  const { body, subject } = content;
  switch (row.channel) {
    case 'call-task':
      return makeTask(deps, ref, row, content, fresh.snapshot);
    case 'note': {
      const words = marked(row, body);
      return expected(deps, ref, row, 'note', { body: words }, () => deps.crm.createNote(ref, { body: words }));
    }
    case 'opportunity': {
      const { target: pipelineId = '', stage: stageId = '', title: name = 'New lead' } = content;
      return expected(deps, ref, row, 'opportunity', { pipelineId, stageId, status: 'open', name }, () =>
        deps.crm.createOpportunity(ref, { pipelineId, stageId, name }),
      );
    }
    case 'ghl-workflow':
      return deps.crm.addToWorkflow(ref, content.target ?? '');
    case 'sms':
    case 'email': {
      const from = row.channel === 'sms' ? senderNumber(fresh.snapshot, fresh.location?.settings) : undefined;
      return deps.crm.send(ref, {
        channel: row.channel,
        body,
        ...(subject === undefined ? {} : { subject }),
        ...(from === undefined ? {} : { from }),
        ...urgency(row),
      });
    }
  }
}

/** Who wrote to us is answered also when the location's calls to the CRM run short. */
export function urgency(row: Pick<OutboxRow, 'purpose'>): Urgency {
  return { urgent: row.purpose === 'answer' };
}

function makeTask(
  deps: Deps,
  ref: LeadRef,
  row: OutboxRow,
  content: Content,
  snapshot: ContactSnapshot | null,
): Promise<SendOutcome> {
  const task = {
    title: content.title ?? 'Call this lead',
    body: marked(row, content.body),
    dueAt: later(deps.now(), (content.dueInMinutes ?? TASK_DUE_MINUTES) * 60_000),
    assignedTo: (content.target ?? snapshot?.assignedTo) || null,
  };
  return expected(deps, ref, row, 'task', { ...task, completed: false }, () => deps.crm.createTask(ref, task));
}

/** Known with all that was written, so that the webhook which comes back changes nothing. */
async function expected(
  deps: Deps,
  ref: LeadRef,
  row: OutboxRow,
  kind: 'note' | 'task' | 'opportunity',
  facts: Readonly<Record<string, string | null | boolean>>,
  create: () => Promise<SendOutcome>,
): Promise<SendOutcome> {
  const outcome = await create();
  if (outcome.kind !== 'sent') return outcome;
  // What was made is made: without this its webhook is news, and the next read of it says the same.
  await deps.records
    .expect(ref, { key: row.sendId, kind, recordId: outcome.vendorId, facts }, outcome.at)
    .catch((error: unknown) =>
      deps.log.warn({ err: error }, 'what was just made is not known before its webhook comes'),
    );
  return outcome;
}

/** The body of a task or a note ends in a reference of ours, so that a read-back knows it among others of the same words. */
export function marked(row: OutboxRow, body: string): string {
  return `${body}\n\nRef LW-${row.sendId.slice(0, 13)}`;
}
