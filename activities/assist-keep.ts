import {
  answerByHand,
  askedForPerson,
  lookBesides,
  readyToApprove,
  replySend,
} from '../domain/assistant/reply-tasks.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { ReplyOwed } from '../domain/ports/drafts.ts';
import type { OutboxDraft } from '../domain/ports/outbox.ts';
import type { Reply } from './assist-reply.ts';
import { type Deps, isoNow, later } from './deps.ts';

/** A draft that nobody looked at for a day answers nobody any more. */
const KEPT_MS = 24 * 3_600_000;

/**
 * Stores a reply with what follows from it, in one transaction: the message where it goes out by itself, a task where a person has to look.
 * @returns false where something came between, and nothing follows
 */
export async function keep(
  deps: Deps,
  ref: LeadRef,
  owed: ReplyOwed,
  mode: 'draft' | 'auto',
  words: Reply,
): Promise<boolean> {
  const now = isoNow(deps);
  const { person, task, ...drafted } = words;
  const { rung, text } = drafted;
  await deps.pauses.at('assist.before-store');
  const kept = await deps.drafts.store(
    ref,
    { ...drafted, answers: owed.inboxId, channel: owed.channel, mode, createdAt: now, expiresAt: later(now, KEPT_MS) },
    (draftId) => ({
      outbox: [
        ...(text === null ? [answerByHand(draftId, 'words')] : []),
        ...(text !== null && mode === 'auto'
          ? [replySend(draftId, owed.channel, text, { wroteAt: owed.lastAt, now })]
          : []),
        ...(text !== null && mode === 'draft' ? [readyToApprove(draftId)] : []),
        ...besides(draftId, { text, person, task, mode }),
      ],
      told: [{ at: now, kind: 'decision', summary: said(words, mode), refs: { draftId, rung } }],
      summary: person || text === null,
    }),
  );
  await deps.pauses.at('assist.after-store');
  return kept !== undefined;
}

/** Whoever approves a draft looks at the talk anyway. */
function besides(
  draftId: string,
  { text, person, task, mode }: Pick<Reply, 'text' | 'person' | 'task'> & { readonly mode: 'draft' | 'auto' },
): readonly OutboxDraft[] {
  if (person) return [askedForPerson(draftId)];
  return task && text !== null && mode === 'auto' ? [lookBesides(draftId)] : [];
}

function said({ text, rung }: Reply, mode: 'draft' | 'auto'): string {
  if (text === null) return 'No reply may be sent by itself; a person has the task to answer.';
  const from = { draft: 'drafted', rewrite: 'drafted, at the second try', template: 'made of approved words' };
  const how = rung === 'draft' || rung === 'rewrite' || rung === 'template' ? from[rung] : 'made of fixed words';
  return mode === 'auto' ? `A reply was ${how}; it goes to the gate.` : `A reply was ${how}; it waits for a person.`;
}
