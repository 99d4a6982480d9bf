import { readOptOut } from '../domain/consent/opt-out.ts';
import { recollect } from '../domain/follow-up/recollect.ts';
import { contentOf, outboxChannel } from '../domain/follow-up/draft.ts';
import { type Enrolment, isWrite } from '../domain/follow-up/sequence.ts';
import type { Iso, LeadRef } from '../domain/glossary.ts';
import type { CrmMessage, CrmTask } from '../domain/ports/crm.ts';
import type { OutboxRow } from '../domain/ports/outbox.ts';
import type { LostTime, Recalled } from '../domain/ports/restores.ts';
import { type Deps, isoNow, later } from './deps.ts';
import { hashes } from './person-hashes.ts';
import { type StepOf, finishStep, name, tell } from './sending.ts';

/** Clocks of CRM and database differ, and a send is dated by either. What is known anyway is left out by its id. */
const SLACK_MS = 5 * 60_000;
/** Until then what people wrote in the lost time has long been worked; the gate would wait for it as well. */
const TIME_TO_WORK_MS = 30_000;

/**
 * After a restore, once per lead and before anything else is done towards it: what the CRM knows of the lost time is fetched. What we sent
 * then becomes sends that we remember. What the lead and our people wrote goes into the inbox, as their webhooks did before: an
 * opt-out, a reply and a takeover hold again.
 * @returns true when there is news to be worked first
 * @throws AppError CRM_* when the CRM cannot be read completely; nothing may be sent then
 */
export async function recallLost(deps: Deps, ref: LeadRef): Promise<boolean> {
  const lost = await deps.restores.lost(ref);
  if (lost === undefined) return false;
  const contact = await deps.crm.contact(ref);
  const snapshot = contact === 'gone' ? null : contact.snapshot;
  // Nobody wrote to a contact that did not exist, and nothing more will be sent to one that is gone.
  if (snapshot === null || isAfter(snapshot.dateAdded, lost.until)) {
    await deps.restores.recall(ref, lost, [], [], isoNow(deps));
    return false;
  }
  const person = hashes(deps, snapshot);
  const personHashes = [person.sms, person.email].filter((hash) => hash !== undefined);
  const since = later(lost.from, -SLACK_MS);
  const [messages, tasks] = await Promise.all([deps.crm.messagesSince(ref, since), deps.crm.tasks(ref)]);
  const news = await unheardOf(deps, ref, messages);
  for (const message of news) await report(deps, ref, personHashes, message);
  const sends = [...messages.filter((message) => isOurs(message, lost)).map(textOf), ...tasks.flatMap(taskOf(lost))];
  // Last, for it says that all is done: whoever dies before does it again, and finds the same.
  await deps.restores.recall(ref, lost, sends, personHashes, isoNow(deps));
  return news.length > 0;
}

function isAfter(at: string | null | undefined, then: string): boolean {
  return at !== null && at !== undefined && Date.parse(at) > Date.parse(then) + SLACK_MS;
}

/** Ours are texts and e-mails put out by an API call; the vendor does not always say so. */
function isOurs({ direction, channel, origin, at }: CrmMessage, { until }: LostTime): boolean {
  const ours = direction === 'outbound' && (channel === 'sms' || channel === 'email') && (origin ?? 'api') === 'api';
  return ours && !isAfter(at, until);
}

function textOf({ vendorId, channel, body, at }: CrmMessage): Recalled {
  return { vendorId, channel: channel === 'email' ? 'email' : 'sms', body, at };
}

/** Our tasks bear a reference. They have no date, and those whose making is remembered are known by their id. */
function taskOf({ from }: LostTime): (task: CrmTask) => Recalled[] {
  return ({ vendorId, title, body }) => {
    const ours = /^([^]*?)\s*\bRef LW-[0-9a-f-]{13}\s*$/.exec(body);
    return ours === null ? [] : [{ vendorId, channel: 'call-task', title, body: ours[1] ?? '', at: from }];
  };
}

/** What people wrote and is not in the talk, oldest first. */
async function unheardOf(deps: Deps, ref: LeadRef, messages: readonly CrmMessage[]): Promise<CrmMessage[]> {
  const people = messages.filter(({ direction, origin }) => direction === 'inbound' || origin === 'app');
  if (people.length === 0) return [];
  const keys = people.map(({ vendorId }) => vendorId);
  const unheard = new Set(await deps.restores.unheard(ref, keys));
  return people.filter(({ vendorId }) => unheard.has(vendorId));
}

/**
 * As the door would have stored it, a clear opt-out in the same transaction, and once however often this is done. Dated as it was
 * written: old news never makes us text.
 */
async function report(
  deps: Deps,
  ref: LeadRef,
  personHashes: readonly string[],
  { vendorId, direction, channel, body, at, origin, userId }: CrmMessage,
): Promise<void> {
  const inbound = direction === 'inbound';
  const text = JSON.stringify({
    ...{ messageId: vendorId, direction, messageType: channel.toUpperCase(), plainText: body, dateAdded: at },
    ...(origin === null ? {} : { source: origin }),
    ...(userId === null ? {} : { userId }),
  });
  const optsOut = inbound && readOptOut(body) === 'clear';
  await deps.inbox.accept({
    source: 'internal',
    eventKey: `recalled:${ref.contactId}:${vendorId}`,
    bodyHash: deps.sha256(text),
    type: inbound ? 'InboundMessage' : 'OutboundMessage',
    kind: inbound ? 'message.inbound' : 'message.outbound',
    ...ref,
    occurredAt: at,
    body: new TextEncoder().encode(text),
    headers: {},
    ...(optsOut ? { optOut: { personHashes, channels: ['sms', 'email'] as const } } : {}),
  });
}

/** Steps wait until the news has been worked: a reply ends them, and a task asks for no such thing at its gate. */
export async function holdForNews(deps: Deps, ref: LeadRef): Promise<void> {
  const until = later(deps.now(), TIME_TO_WORK_MS);
  for (const { enrolmentId, notBefore } of await deps.leads.enrolments(ref)) {
    const sooner = notBefore === null || Date.parse(notBefore) < Date.parse(until);
    if (sooner) await deps.leads.postpone(ref, enrolmentId, until);
  }
}

/**
 * Is this claimed send one of those that were recalled? Then it is not made again: it is settled as what it was, its step is done since
 * then. Where that cannot be told it is parked for a human.
 * @returns what became of it; null when it may go to the gate
 */
export async function settleRecalled(deps: Deps, ref: LeadRef, row: OutboxRow, of?: StepOf): Promise<string | null> {
  const unclaimed = await deps.restores.unclaimed(row);
  if (unclaimed === undefined) return null;
  const step = of === undefined ? null : { dueAt: of.dueAt, enrolledAt: of.enrolment.enrolledAt };
  const found = recollect({ ...row, step }, unclaimed, await othersOf(deps, ref, row));
  if (found === undefined) return null;
  const now = isoNow(deps);
  const { send } = found;
  const state = found.kind === 'was-sent' ? 'sent' : 'parked';
  const reason = `perhaps sent before the database was restored: compare ${send.vendorId} in the CRM`;
  const mine = await deps.restores.attribute(row, send.sendId, state === 'sent' ? { state } : { state, reason }, now);
  if (!mine) return 'somebody else has it';
  deps.measure({ kind: 'send', channel: row.channel, state });
  // Steps that follow fall due as they did then, so that they are looked for as well; but none was done before it was due.
  const at = state === 'sent' ? latest(send.at, of?.dueAt ?? send.at) : now;
  if (of !== undefined) await finishStep(deps, ref, of, state, at);
  else if (row.enrolmentId !== null && row.stepKey !== null) {
    await deps.leads.recordStep(ref, row.enrolmentId, row.stepKey, state, at);
  }
  const why = state === 'sent' ? 'sent before the database was restored, as the CRM shows' : `parked (${reason})`;
  await tell(deps, ref, row, 'send', `${name(row)}: ${why}`, { vendorId: send.vendorId });
  return state;
}

function latest(a: Iso, b: Iso): Iso {
  return Date.parse(a) > Date.parse(b) ? a : b;
}

/** What else of this lead may be what was recalled: steps that are not done, other sends that are open. */
async function othersOf(deps: Deps, ref: LeadRef, row: OutboxRow): Promise<Pick<OutboxRow, 'channel' | 'content'>[]> {
  const [enrolments, open] = await Promise.all([deps.leads.enrolments(ref), deps.outbox.open(ref)]);
  return [
    ...enrolments.flatMap((enrolment) => stepsAhead(enrolment, row)),
    ...open.filter(({ sendId }) => sendId !== row.sendId),
  ];
}

function stepsAhead(
  { enrolmentId, document, done }: Enrolment,
  row: OutboxRow,
): Pick<OutboxRow, 'channel' | 'content'>[] {
  return document.steps
    .filter(({ key }) => !Object.hasOwn(done, key) && !(enrolmentId === row.enrolmentId && key === row.stepKey))
    .flatMap((step) => (isWrite(step) ? [] : [{ channel: outboxChannel(step), content: contentOf(step) }]));
}
