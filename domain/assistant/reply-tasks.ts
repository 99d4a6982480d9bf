import type { OutboxDraft } from '../ports/outbox.ts';
import type { DraftWord, ReplyChannel } from '../ports/drafts.ts';
import type { Iso } from '../glossary.ts';

/** An answer is believed to be one for an hour after the lead wrote; this much before that it is still sent as one. */
const ANSWER_MS = 58 * 60_000;
const SUBJECT = 'Your message';

/**
 * A reply as the outbox takes it, once for its draft. As long as the lead's message is fresh it is an answer; later it solicits, and the gate
 * asks for consent.
 */
export function replySend(
  draftId: string,
  channel: ReplyChannel,
  words: string,
  { wroteAt, now }: { readonly wroteAt: Iso | null; readonly now: Iso },
): OutboxDraft {
  const fresh = wroteAt !== null && Date.parse(now) - Date.parse(wroteAt) <= ANSWER_MS;
  return send(`reply:${draftId}`, channel, words, fresh ? 'answer' : 'solicitation');
}

/** A person's word on a draft, with the message that an approval puts on its way. */
export function wordOnDraft(word: Omit<DraftWord, 'send'>, now: Iso): DraftWord {
  return {
    ...word,
    send: ({ draftId, channel }, words, wroteAt) => replySend(draftId, channel, words, { wroteAt, now }),
  };
}

function send(
  onceKey: string,
  channel: OutboxDraft['channel'],
  body: string,
  purpose: 'answer' | 'solicitation',
): OutboxDraft {
  const content = channel === 'email' ? { body, subject: SUBJECT } : { body };
  return { onceKey, channel, purpose, enrolmentId: null, stepKey: null, content };
}

/** The draft whose message this is; null: it is no reply. */
export function draftOfReply({ onceKey }: Pick<OutboxDraft, 'onceKey'>): string | null {
  return /^reply:([0-9a-f-]{36})$/.exec(onceKey)?.[1] ?? null;
}

/** When a message that would go out then is an answer no more, given when the reply was drafted. */
export function isAnswerUntil(draftedAt: Iso): Iso {
  return new Date(Date.parse(draftedAt) + ANSWER_MS).toISOString();
}

/** Tasks for the team; no word of the lead, and none of the draft. */
export function readyToApprove(draftId: string): OutboxDraft {
  return task(`approve:${draftId}`, 30, {
    title: 'A reply to this lead is ready to approve',
    body:
      'The lead has written, and the assistant has drafted a reply. Please read it and approve, change or reject it: leadwright assistant ' +
      'drafts. It can be sent as an answer for an hour after the lead wrote, and is kept for a day.',
  });
}

export function answerByHand(key: string, why: keyof typeof whys): OutboxDraft {
  return task(`answer:${key}`, 30, {
    title: 'Answer this lead: they wrote, and no reply went out',
    body: `The lead has written. ${whys[why]} Please answer them.`,
  });
}

const whys = {
  words: 'The assistant had no words that may go out.',
  away: 'The assistant could not be asked.',
  held: 'The assistant does not write for this location just now.',
  home: 'A reply was written, and it speaks of a home of which leads may not be told any more.',
  late: 'The assistant came to it more than a day later.',
  gate: 'The reply was not let out; the timeline of the lead says which check closed the gate.',
  vendor: 'The reply was written, and the CRM did not send it; the timeline of the lead says why.',
  unsure: 'A reply was written, and the CRM does not say whether it was sent: please look at the talk first.',
} as const;

export function askedForPerson(key: string): OutboxDraft {
  return task(`person:${key}`, 30, {
    title: 'This lead asks for a person',
    body: 'The lead has asked to talk to a person of the team, or needs one for an answer. Please get in touch with them.',
  });
}

export function lookBesides(key: string): OutboxDraft {
  return task(`besides:${key}`, 60, {
    title: 'Look at the talk with this lead',
    body: 'The lead has written, and the assistant could give only a general answer. Please look, and say more where more is to be said.',
  });
}

export function lookAtMessage(day: string): OutboxDraft {
  return task(`look:${day}`, 60, {
    title: 'Look at what this lead sent: the assistant cannot answer it',
    body: 'The lead has sent something without words, or has written in a chat, where the assistant sends nothing. Please look, and answer them.',
  });
}

export function waitsForOpening(key: string): OutboxDraft {
  return task(`opening:${key}`, 12 * 60, {
    title: 'A reply to this lead waits for the hours in which we may write',
    body:
      'The lead wrote outside of the hours in which we may write. The reply goes out when they begin, if the lead has agreed to be written ' +
      'to; if not, please answer them.',
  });
}

function task(onceKey: string, dueInMinutes: number, { title, body }: { title: string; body: string }): OutboxDraft {
  const content = { title, body, dueInMinutes };
  return { onceKey, channel: 'call-task', purpose: 'task', enrolmentId: null, stepKey: null, content };
}

/** What the talk comes to, for whoever turns to the lead. */
export function summaryNote(inboxId: string, words: string): OutboxDraft {
  const content = { body: words };
  return { onceKey: `summary:${inboxId}`, channel: 'note', purpose: 'task', enrolmentId: null, stepKey: null, content };
}
