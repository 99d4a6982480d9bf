import { readJsonObject } from '../webhooks/payload.ts';
import { own } from './edm.ts';
import type { EntityEvent } from './feed.ts';

/** More at once is no push but a journal. */
const MOST_EVENTS = 5_000;

export type Pushed =
  | { readonly kind: 'events'; readonly events: readonly EntityEvent[] }
  /** In words that carry nothing of the body. */
  | { readonly kind: 'malformed'; readonly why: string };

/**
 * The body of a push: one event, or `{"value": [...]}`. All of it is taken, or nothing.
 * @see RESO RCP-28, Webhooks Push 1.0.1
 */
export function readPushed(text: string): Pushed {
  // An int64 does not survive a parser of doubles: it is taken as text. Inside a string the name would stand between escaped quotes.
  const read = readJsonObject(text.replace(/("EntityEventSequence"\s*:\s*)(\d+)(?=\s*[,}])/g, '$1"$2"'));
  if (!read.ok) return { kind: 'malformed', why: `expected a JSON object, got one that is ${read.why}` };
  const value = own(read.json, 'value');
  const given = Array.isArray(value) ? (value as readonly unknown[]) : [read.json];
  if (given.length === 0) return { kind: 'malformed', why: 'expected at least one event' };
  if (given.length > MOST_EVENTS) return { kind: 'malformed', why: `expected at most ${MOST_EVENTS} events` };
  const events = given.map(eventOf);
  const whole = events.filter((event) => event !== null);
  if (whole.length === given.length) return { kind: 'events', events: whole };
  const at = events.indexOf(null);
  const why = `expected EntityEventSequence, ResourceName and ResourceRecordKey, got at least one of them not in event ${at + 1}`;
  return { kind: 'malformed', why };
}

function eventOf(given: unknown): EntityEvent | null {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  const event = given as Readonly<Record<string, unknown>>;
  const sequence = own(event, 'EntityEventSequence');
  const resource = own(event, 'ResourceName');
  const key = own(event, 'ResourceRecordKey');
  if (typeof sequence !== 'string' || !/^\d{1,19}$/.test(sequence)) return null;
  if (typeof resource !== 'string' || !/^[A-Za-z]{1,64}$/.test(resource)) return null;
  if (typeof key !== 'string' || key.length === 0 || key.length > 255) return null;
  return { sequence, resource, key };
}
