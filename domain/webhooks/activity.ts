import type { Iso } from '../glossary.ts';
import {
  type ActivityDetail,
  type ActivityKind,
  activityKindOf,
  detailIn,
  readActivityDetail,
  unknownKindName,
} from './activity-kinds.ts';
import { isStale, tooFarAhead } from './freshness.ts';
import { canonicalBody, idAt, isObject, isoAt, type Json, own, textAt } from './payload.ts';

/** Who did it, as far as the page knows; addresses are hashed before they are here. */
export interface ActivityPerson {
  /** Keyed hash of the page's anonymous id, or of an address where that is all there is; null: nobody can tell. */
  readonly visitor: string | null;
  readonly contactId: string | null;
  /** Keyed hashes of addresses. */
  readonly hashes: readonly string[];
}

/** One thing that somebody did, consented to be remembered. */
export interface ActivityEvent {
  readonly eventId: string;
  readonly kind: ActivityKind | 'unknown';
  readonly at: Iso;
  /** Told more than 15 minutes after it happened. */
  readonly late: boolean;
  readonly person: ActivityPerson;
  readonly detail: ActivityDetail;
}

/** What a post comes to. */
export interface ActivityPost {
  readonly events: readonly ActivityEvent[];
  /** People who said who they are, also where no event came along. */
  readonly people: readonly ActivityPerson[];
  /** Without consent only this is kept. */
  readonly counts: Readonly<Partial<Record<ActivityKind | 'unknown', number>>>;
  readonly refused: readonly { readonly index: number; readonly why: 'future' | 'malformed' }[];
}

export interface ActivityHashing {
  readonly sha256: (text: string) => string;
  /** Keyed: of an address or an anonymous id. */
  readonly hashPerson: (text: string) => string;
}

/** As many events as one post may hold. */
export const MOST_EVENTS = 100;
/** What happened longer ago is counted with the day on which it was told: its month may not be kept any more. */
const MOVED_AFTER_MS = 28 * 86_400_000;
/** Begins the visitor that stands for an address; a page's own visitors are hashes alone. */
export const BY_ADDRESS = 'person:';

/**
 * A post of a page: `{consent, visitor, contactId, email, phone, events: [{id, kind, at, detail, …}]}`, or one event as a whole. What an
 * event does not say of itself the post says for all.
 * Without `consent: true` nothing of it is kept but the number of events by kind.
 * @returns undefined where there is nothing that could be events, or more than a post may hold
 */
export function readActivityPost(
  json: Json,
  locationId: string,
  now: Iso,
  hashing: ActivityHashing,
): ActivityPost | undefined {
  const list = own(json, 'events');
  const given = Array.isArray(list) ? (list as unknown[]) : own(json, 'kind') === undefined ? undefined : [json];
  if (given === undefined || given.length > MOST_EVENTS) return undefined;
  const events: ActivityEvent[] = [];
  const people: ActivityPerson[] = own(json, 'consent') === true ? [personOf(json, {}, hashing)] : [];
  const counts: Partial<Record<ActivityKind | 'unknown', number>> = {};
  const refused: { index: number; why: 'future' | 'malformed' }[] = [];
  for (const [index, one] of given.entries()) {
    if (!isObject(one) || nameOf(one) === undefined) {
      refused.push({ index, why: 'malformed' });
      continue;
    }
    const told = isoAt(one, 'at') ?? isoAt(one, 'timestamp');
    if (told !== undefined && tooFarAhead(told, now)) {
      refused.push({ index, why: 'future' });
      continue;
    }
    const kind = activityKindOf(nameOf(one) ?? '') ?? 'unknown';
    const consent = own(one, 'consent') ?? own(json, 'consent');
    if (consent === true) {
      const person = personOf(one, json, hashing);
      people.push(person);
      events.push(eventOf(one, { kind, person, told, now, locationId, sha256: hashing.sha256 }));
    } else counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return { events, people: people.filter(isSomebody).map(boundByAddress), counts, refused };
}

interface Circumstances {
  readonly kind: ActivityKind | 'unknown';
  readonly person: ActivityPerson;
  readonly told: Iso | undefined;
  readonly now: Iso;
  readonly locationId: string;
  readonly sha256: (text: string) => string;
}

function eventOf(one: Json, { kind, person, told, now, locationId, sha256 }: Circumstances): ActivityEvent {
  const name = nameOf(one) ?? '';
  const detail = readActivityDetail(kind === 'unknown' ? undefined : kind, detailIn(one) ?? one);
  const known = kind === 'unknown' ? unknownKindName(name) : undefined;
  const label = known === undefined ? {} : { kind: known };
  const tooOld = told !== undefined && Date.parse(now) - Date.parse(told) > MOVED_AFTER_MS;
  return {
    eventId: uuidOf(sha256([locationId, whoOf(person), keyOf(one, name, told, now)].join('\n'))),
    kind,
    at: told === undefined || tooOld ? now : told,
    late: told !== undefined && isStale(told, now),
    person,
    detail: { ...detail, ...label, ...(tooOld ? { happenedAt: told } : {}) },
  };
}

/**
 * The page's own id. Without one the same words at the same time are the same event; without a time either, the same words on the same
 * day. Who it was is part of the key beside this.
 */
function keyOf(one: Json, name: string, told: Iso | undefined, now: Iso): string {
  const id = textAt(one, 'id') ?? textAt(one, 'eventId');
  if (id !== undefined && id.length <= 200) return `id:${id}`;
  return `words:${told ?? now.slice(0, 10)}\n${name}\n${canonicalBody(one)}`;
}

function nameOf(one: Json): string | undefined {
  return textAt(one, 'kind') ?? textAt(one, 'type');
}

/** What the event says, else what the post says; an address of ten digits is a number of North America. */
function personOf(one: Json, post: Json, { hashPerson }: ActivityHashing): ActivityPerson {
  const said = (name: string): string | undefined => textAt(one, name) ?? textAt(post, name);
  const hashes = [emailIn(said('email')), phoneIn(said('phone'))].flatMap((address) =>
    address === undefined ? [] : hashPerson(address),
  );
  const own = said('visitor') ?? said('visitorId');
  const visitor = own !== undefined && own.length <= 200 ? hashPerson(`visitor:${own}`) : undefined;
  return {
    visitor: visitor ?? (hashes[0] === undefined ? null : `${BY_ADDRESS}${hashes[0]}`),
    contactId: idAt(one, 'contactId') ?? idAt(post, 'contactId') ?? null,
    hashes,
  };
}

function isSomebody({ visitor, contactId, hashes }: ActivityPerson): boolean {
  return visitor !== null && (contactId !== null || hashes.length > 0);
}

/** Two contacts whose page knows no visitor may do the same at the same time, or count their events alike. */
function whoOf({ visitor, contactId }: ActivityPerson): string {
  return visitor ?? (contactId === null ? '' : `contact:${contactId}`);
}

/**
 * Somebody known by an address alone is whoever bears it. A page that names a contact beside it says so of its own event only: else
 * whoever reads the page could make an address somebody else's for good.
 */
function boundByAddress(person: ActivityPerson): ActivityPerson {
  return person.visitor?.startsWith(BY_ADDRESS) === true ? { ...person, contactId: null } : person;
}

/** As the CRM writes it, whose addresses are hashed, too. */
export function emailIn(text: string | undefined): string | undefined {
  const email = text?.trim().toLowerCase();
  return email !== undefined && email.length <= 254 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) ? email : undefined;
}

export function phoneIn(text: string | undefined): string | undefined {
  if (text === undefined || !/^[\s+().\d-]{7,32}$/.test(text)) return undefined;
  const digits = text.replace(/\D/g, '');
  const international = /^\s*(\+|00)/.test(text);
  if (digits.length === 10 && !international) return `+1${digits}`;
  return digits.length >= 7 && digits.length <= 15
    ? `+${international ? digits.replace(/^00/, '') : digits}`
    : undefined;
}

/** The first half of a hash in the form of a UUID (version 8: the maker's own). */
export function uuidOf(hash: string): string {
  const hex = `${hash.slice(0, 12)}8${hash.slice(13, 16)}8${hash.slice(17, 32)}`;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
