import { type Understood, intents } from '../assistant/understood.ts';
import type { Iso, LeadRef } from '../glossary.ts';
import type { NewInboxEvent } from '../ports/inbox.ts';
import type { UnderstoodFact } from './event.ts';
import { isObject, type Json, objectAt, textAt } from './payload.ts';

/** The type and the kind of the event by which a model's reading of a message comes back to its lead. */
export const UNDERSTOOD = 'message.understood';

/** It happened when the message did: what it brings is as old as the lead's words. */
export function understoodEvent(
  ref: LeadRef,
  fact: UnderstoodFact,
  occurredAt: Iso,
  sha256: (text: string) => string,
): NewInboxEvent {
  const body = JSON.stringify(fact);
  return {
    source: 'internal',
    eventKey: `understood:${fact.of}`,
    bodyHash: sha256(body),
    type: UNDERSTOOD,
    kind: UNDERSTOOD,
    locationId: ref.locationId,
    contactId: ref.contactId,
    occurredAt,
    body: new TextEncoder().encode(body),
    headers: {},
  };
}

/** Only we write such events, and what is in them was checked when it was written; undefined where it is not one. */
export function readUnderstood(json: Json): UnderstoodFact | undefined {
  const of = textAt(json, 'of');
  const understood = objectAt(json, 'understood');
  const known = understood !== undefined && isObject(understood['answers']);
  if (of === undefined || !known || !intents.some((intent) => intent === understood['intent'])) return undefined;
  return { of, understood: understood as unknown as Understood };
}
