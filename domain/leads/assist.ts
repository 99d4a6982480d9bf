import { replyDue } from '../assistant/reply/due.ts';
import { lookAtMessage } from '../assistant/reply-tasks.ts';
import { touchSummary } from '../follow-up/interpret.ts';
import type { Iso, Tier } from '../glossary.ts';
import type { AssistWaits, ReplyChannel } from '../ports/drafts.ts';
import type { AssistNext } from '../ports/leads.ts';
import type { OutboxDraft } from '../ports/outbox.ts';
import type { Situation } from './decision.ts';
import { isUnreachable, type Settled } from './endings.ts';
import { turnsHot } from './tasks.ts';

/** What of the assistant a decision depends on. */
export interface AssistSituation {
  /** There is a key, and the location may spend something. */
  readonly present: boolean;
  /** The reply that is owed already: when the first and the newest message were written that it answers. */
  readonly owed: { readonly firstAt: Iso; readonly lastAt: Iso } | null;
  /** A draft waits for a person, or is on its way. */
  readonly open: boolean;
}

/** What the assistant is to do because of an event. */
export interface AssistDecision {
  /** The message of this event is read by a model. */
  readonly read: boolean;
  /** The team is told in words how the talk stands. */
  readonly summary: boolean;
  /** keep: whatever is owed stays as it is · cancel: nothing is, and what was drafted is not sent. */
  readonly reply:
    | 'keep'
    | 'cancel'
    | { readonly channel: ReplyChannel; readonly firstAt: Iso; readonly lastAt: Iso; readonly dueAt: Iso };
}

/**
 * May a model read this message, and is a reply owed? Opt-outs were read by rules before this, and end both; so does a human who works the
 * lead. A newer message moves the reply, whoever has drafted one meanwhile. Null: there is no assistant and never was one.
 */
export function assistFor(situation: Situation, settled: Settled, tier: Tier | null): AssistDecision | null {
  const { assistant } = situation;
  if (assistant === undefined) return null;
  const { present, owed, open } = assistant;
  const mayAct = mayAssist(situation, settled);
  const reply = mayAct && present ? replyFor(situation, owed) : null;
  const nothing = mayAct || (owed === null && !open);
  return {
    read: present && mayAct && isReadable(situation),
    summary: present && isHandedOver(situation, settled, tier),
    reply: reply ?? (nothing ? 'keep' : 'cancel'),
  };
}

/** Whatever is not ours to work is not ours to answer. */
function mayAssist({ snapshot, reading }: Situation, { active, state, stage }: Settled): boolean {
  if (!active.yes || state !== 'active' || stage === 'gone' || stage === 'opted-out') return false;
  return !isUnreachable(snapshot) && reading?.optOut !== 'clear' && reading?.optOut !== 'ambiguous';
}

/** Old news changes state only; START and HELP have their own answers. */
function isReadable({ event, stale, reading }: Situation): boolean {
  if (event.kind !== 'message.inbound' || stale || event.message === undefined) return false;
  if (reading?.optOut !== 'none' || reading.asksForHelp === true) return false;
  return event.message.body.trim() !== '' && spoken.has(event.message.channel);
}

/** Calls and comments among colleagues are no messages to be answered in words. */
const spoken: ReadonlySet<string> = new Set(['sms', 'email', 'chat']);

function replyFor(situation: Situation, owed: AssistSituation['owed']): AssistDecision['reply'] | null {
  const { event, settings, team } = situation;
  const channel = event.message?.channel;
  if (!isReadable(situation) || settings.modes.replies === 'off' || team.held) return null;
  if (channel !== 'sms' && channel !== 'email') return null;
  const firstAt = earlier(owed?.firstAt ?? event.occurredAt, event.occurredAt);
  const lastAt = later(owed?.lastAt ?? event.occurredAt, event.occurredAt);
  return { channel, firstAt, lastAt, dueAt: replyDue({ firstAt, lastAt }, settings.assistant) };
}

/** A picture without a word, or words by a way on which nothing can be sent: a person looks, and is asked to once a day. */
export function looksFor(situation: Situation, settled: Settled): readonly OutboxDraft[] {
  const { assistant, event, stale, reading, settings, team } = situation;
  const { message } = event;
  if (assistant?.present !== true || settings.modes.replies === 'off' || team.held || !mayAssist(situation, settled))
    return [];
  if (event.kind !== 'message.inbound' || stale || message === undefined || !spoken.has(message.channel)) return [];
  if (reading?.asksForHelp === true) return [];
  const answered = message.body.trim() !== '' && message.channel !== 'chat';
  return answered || reading?.optOut === 'opt-in' ? [] : [lookAtMessage(event.occurredAt.slice(0, 10))];
}

/** Somebody of the team turns to the lead now, or should. */
function isHandedOver(situation: Situation, settled: Settled, tier: Tier | null): boolean {
  const { lead, stale } = situation;
  if (stale || !settled.active.yes || settled.stage === 'gone' || settled.stage === 'opted-out') return false;
  if (lead.lastInboundAt === null && situation.event.kind !== 'message.inbound') return false;
  const takenOver = settled.state === 'taken-over' && lead.state !== 'taken-over';
  return takenOver || turnsHot(situation, settled, tier);
}

/** When the assistant is asked next, in plain words; a job goes before a reply. */
export function assistNext({ jobAt, replyAt }: AssistWaits, zone: string | null): AssistNext | null {
  const waits = [
    ...(jobAt === null ? [] : [{ at: jobAt, what: 'what the lead wrote is read' }]),
    ...(replyAt === null
      ? []
      : [{ at: replyAt, what: 'a reply is drafted, once the lead has been silent for a moment' }]),
  ];
  const [first] = waits.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return first === undefined ? null : { at: first.at, sentence: touchSummary(first, zone) };
}

function earlier(a: Iso, b: Iso): Iso {
  return Date.parse(a) <= Date.parse(b) ? a : b;
}

function later(a: Iso, b: Iso): Iso {
  return Date.parse(a) >= Date.parse(b) ? a : b;
}
