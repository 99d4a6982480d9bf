import { readingOf } from '../domain/assistant/reading/reading-of.ts';
import type { Understood } from '../domain/assistant/understood.ts';
import type { Iso } from '../domain/glossary.ts';
import type { Reading } from '../domain/leads/reading.ts';
import { readMessage } from '../domain/leads/read-message.ts';
import { messageOf } from './assist-read.ts';
import type { CaseFile } from './case-file.ts';
import type { Deps } from './deps.ts';

/**
 * What the message of an event says, by rules; null where it carries none. A model's reading fills what the rules left open in the same
 * message: they have heard all wishes to be left alone before, and no model is asked about them.
 */
export async function readEvent(deps: Deps, { ref, event, lead }: CaseFile): Promise<Reading | null> {
  if (event.understood !== undefined) {
    const message = (await messageOf(deps, ref, event.understood.of))?.message;
    return message === undefined ? null : filled(message.body, event.understood.understood);
  }
  if (event.kind !== 'message.inbound' || event.message === undefined) return null;
  return readMessage(event.message.body, { optedOut: lead.stage === 'opted-out' });
}

function filled(body: string, understood: Understood): Reading {
  const { intent, answers, bounds } = readingOf(understood, readMessage(body, { optedOut: false }));
  return { optOut: 'none', intent, answers, ...(bounds === undefined ? {} : { bounds }) };
}

/** Answers are told by the message that gave them, whoever has read it. */
export function saidIn({ event }: CaseFile): { readonly inboxId: string; readonly occurredAt: Iso } {
  return event.understood === undefined ? event : { inboxId: event.understood.of, occurredAt: event.occurredAt };
}
