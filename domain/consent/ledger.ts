import { DateTime } from 'luxon';
import type { Iso } from '../glossary.ts';
import { type RegistryFinding, registryStanding } from './registry.ts';
import type { ShownConsent } from './shown.ts';
import type { ConsentStanding, FreshConsent, PersonHashes } from './standing.ts';

export const consentChannels = ['sms', 'email', 'call'] as const;
export type ConsentChannel = (typeof consentChannels)[number];

/** Where an entry comes from. `message`: the person wrote so to us. */
export const consentSources = ['form', 'tag', 'field', 'import', 'operator', 'message'] as const;
export type ConsentSource = (typeof consentSources)[number];

/** One entry of the ledger; nothing in it is ever changed. */
export interface ConsentRecord {
  readonly recordId: string;
  /** Null: known by address alone. */
  readonly contactId: string | null;
  /** The address that it was given for; null where none was known yet. */
  readonly personHash: string | null;
  readonly channel: ConsentChannel;
  readonly state: 'granted' | 'withdrawn';
  /** Prior express written consent to marketing: by its words, or by the location's word for a tag. */
  readonly written: boolean;
  readonly textVersion: string | null;
  readonly source: ConsentSource;
  readonly basis: string;
  readonly givenAt: Iso;
}

/** What else is known of a person, dated. `bought` and `first-party` say where the lead comes from. */
export const consentFacts = ['transaction', 'inquiry', 'bought', 'first-party'] as const;
export type ConsentFactKind = (typeof consentFacts)[number];

export interface ConsentFact {
  readonly kind: ConsentFactKind;
  readonly at: Iso;
}

/** All that the store holds of a person, in the order in which it was written down. */
export interface StandingFacts {
  readonly records: readonly ConsentRecord[];
  readonly facts: readonly ConsentFact[];
  /** Of the number, one for each list that covers its area code. */
  readonly registry: readonly RegistryFinding[];
  /** When the person last wrote to us. */
  readonly inquiryAt: Iso | null;
}

/** Whose consent is asked for. */
export interface Holder {
  readonly contactId: string;
  readonly hashes: PersonHashes;
  /** What the CRM shows; undefined where nobody has looked, and the ledger alone speaks. */
  readonly shown?: readonly ShownConsent[];
}

/** How long a relationship lasts: 47 CFR 64.1200(f)(5). */
const lasts = { transaction: { months: 18 }, inquiry: { months: 3 } } as const;

/** What ledger, registry and past business say of reaching this person by this channel now. */
export function standingOf(found: StandingFacts, { contactId, fresh, now }: StandingAsked): ConsentStanding {
  const holder = { contactId, ...fresh };
  const { channel } = fresh;
  const { grant, revoked } = consentOf(found.records, holder, channel);
  const entry = grant ?? revoked;
  return {
    written: grant !== undefined ? 'granted' : revoked !== undefined ? 'withdrawn' : 'none',
    record:
      entry === undefined ? null : { recordId: entry.recordId, textVersion: entry.textVersion, at: entry.givenAt },
    origin: fresh.bought ? 'bought' : originOf(found.facts),
    registry: channel === 'email' ? 'unknown' : registryStanding(found.registry, now),
    relationship: relationshipOf(found, now),
  };
}

export interface StandingAsked {
  readonly contactId: string;
  /** Without `shown`: as the ledger alone knows it. */
  readonly fresh: Pick<FreshConsent, 'channel' | 'hashes' | 'bought'> & Partial<Pick<FreshConsent, 'shown'>>;
  readonly now: Iso;
}

/**
 * The consent in force for a channel, and the revocation that keeps others from counting.
 *
 * Each source is a strand of its own: a tag that is gone ends what rested on it and nothing else. What the person said by other ways ends
 * everything before it, and tags, fields and forms after it as well, since nobody knows when those were filled in. A later consent of
 * the person's own outweighs it; their opt-in takes it back.
 * A consent is for the address that it was given for: another number of the same contact has not agreed to anything.
 * @returns `grant`: the newest that counts; `revoked`: the revocation that holds, also beside a later grant of the person's own
 */
export function consentOf(records: readonly ConsentRecord[], holder: Holder, channel: ConsentChannel) {
  const revoked = revocation(records, channel);
  const grants = records.filter(
    (one) =>
      one.channel === channel &&
      one.state === 'granted' &&
      one.written &&
      one.source !== 'message' &&
      covers(one, holder) &&
      (revoked === undefined || (!isMapped(one.source) && isLater(one.givenAt, revoked.givenAt))) &&
      (!isMapped(one.source) || (isNewestOfStrand(records, one) && stillShown(one, holder))),
  );
  return { grant: newest(grants), revoked };
}

/** The newest revocation by the person's own word that no later opt-in of theirs has taken back. Of the same instant, the revocation holds. */
function revocation(records: readonly ConsentRecord[], channel: ConsentChannel): ConsentRecord | undefined {
  const ofChannel = records.filter((one) => one.channel === channel);
  const last = newest(ofChannel.filter(({ state, source }) => state === 'withdrawn' && !isMapped(source)));
  if (last === undefined) return undefined;
  const optedIn = ofChannel.some(
    ({ state, source, givenAt }) => state === 'granted' && source === 'message' && isLater(givenAt, last.givenAt),
  );
  return optedIn ? undefined : last;
}

/** Read from what the CRM shows, and so bound to the contact that shows it. */
export function isMapped(source: ConsentSource): source is ShownConsent['source'] {
  return source === 'tag' || source === 'field' || source === 'form';
}

/** The newest entry that this contact's tag, field or form has in the ledger. */
export function newestOfStrand(
  records: readonly ConsentRecord[],
  { contactId, channel, basis }: Pick<ConsentRecord, 'contactId' | 'channel' | 'basis'>,
): ConsentRecord | undefined {
  return records.findLast(
    (one) =>
      isMapped(one.source) &&
      one.contactId === contactId &&
      one.channel === channel &&
      one.basis.toLowerCase() === basis.toLowerCase(),
  );
}

/** Of the channel's own address: texts and calls reach the number. */
export function addressOf({ sms, email }: PersonHashes, channel: ConsentChannel): string | null {
  return (channel === 'email' ? email : sms) ?? null;
}

function isNewestOfStrand(records: readonly ConsentRecord[], one: ConsentRecord): boolean {
  return newestOfStrand(records, one)?.recordId === one.recordId;
}

function covers(one: ConsentRecord, { contactId, hashes }: Holder): boolean {
  if (isMapped(one.source) && one.contactId !== contactId) return false;
  if (one.personHash === null) return one.contactId === contactId;
  return one.personHash === addressOf(hashes, one.channel);
}

function stillShown({ source, basis, channel }: ConsentRecord, { shown }: Holder): boolean {
  if (shown === undefined || source === 'form') return true;
  return shown.some(
    (one) => one.state === 'granted' && one.channel === channel && one.basis.toLowerCase() === basis.toLowerCase(),
  );
}

function originOf(facts: readonly ConsentFact[]): ConsentStanding['origin'] {
  const last = facts.findLast(({ kind }) => kind === 'bought' || kind === 'first-party')?.kind;
  return last === 'bought' || last === 'first-party' ? last : 'unknown';
}

/** Of several the one that lasts longest. A revocation ends a relationship as well: 47 CFR 64.1200(f)(5)(i). */
function relationshipOf(found: StandingFacts, now: Iso): ConsentStanding['relationship'] {
  const ended = newest([revocation(found.records, 'sms'), revocation(found.records, 'call')].filter(isThere));
  const told = [
    ...found.facts,
    ...(found.inquiryAt === null ? [] : [{ kind: 'inquiry' as const, at: found.inquiryAt }]),
  ];
  const lasting = told.flatMap(({ kind, at }) => {
    if (kind !== 'transaction' && kind !== 'inquiry') return [];
    if (isLater(at, now) || (ended !== undefined && !isLater(at, ended.givenAt))) return [];
    const until = DateTime.fromISO(at, { zone: 'utc' }).plus(lasts[kind]);
    return until.isValid && until > DateTime.fromISO(now) ? [{ kind, until: until.toISO() }] : [];
  });
  return lasting.reduce<ConsentStanding['relationship']>(
    (best, one) => (best === null || isLater(one.until, best.until) ? one : best),
    null,
  );
}

/** By when it was given; of the same instant the one that was written down last. */
function newest<T extends { readonly givenAt: Iso }>(entries: readonly T[]): T | undefined {
  return entries.reduce<T | undefined>(
    (best, one) => (best !== undefined && isLater(best.givenAt, one.givenAt) ? best : one),
    undefined,
  );
}

function isLater(one: Iso, than: Iso): boolean {
  return Date.parse(one) > Date.parse(than);
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
