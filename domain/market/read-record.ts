import type { Iso } from '../glossary.ts';
import { daysLater, type FieldReader, fieldReader, own } from './edm.ts';
import type { FeedResource, RawRecord } from './feed.ts';
import type { DeadRecord, FieldProblem, RemovedRecord } from './poison.ts';
import { dead, identify, mayBeViewed } from './read-key.ts';
import { wordsOf } from './read-words.ts';

export type RecordResource = Exclude<FeedResource, 'Property'>;

/** A record of the feed besides listings, with what is asked of it; all else stays in `raw`. */
export interface MarketRecord {
  readonly resource: RecordResource;
  readonly key: string;
  /** Of media and open houses: the listing that they belong to. */
  readonly listingKey: string | null;
  readonly changedAt: Iso;
  /** Of an open house. */
  readonly startsAt: Iso | null;
  readonly endsAt: Iso | null;
  /**
   * In lower case: `active`, `canceled`. Of an open house that is to be held, `not public` or `by appointment` where leads may not simply come,
   * and `unknown` where it cannot be read whether it is held.
   */
  readonly status: string | null;
}

export type RecordReading =
  | { readonly kind: 'record'; readonly record: MarketRecord; readonly problems: readonly FieldProblem[] }
  | RemovedRecord
  | DeadRecord;

/** Which field tells what, by resource. */
export const recordFields: Readonly<
  Record<RecordResource, { readonly key: string; readonly status: string | null; readonly listing: string | null }>
> = {
  Office: { key: 'OfficeKey', status: 'OfficeStatus', listing: null },
  Member: { key: 'MemberKey', status: 'MemberStatus', listing: null },
  Media: { key: 'MediaKey', status: 'MediaStatus', listing: 'ResourceRecordKey' },
  OpenHouse: { key: 'OpenHouseKey', status: 'OpenHouseStatus', listing: 'ListingKey' },
};

const NOTHING_FROZEN: ReadonlySet<string> = new Set();
/** Nobody announces one further ahead. */
const DAYS_AHEAD = 366;

/**
 * A record besides listings. It is dead without a key, a time that has been, or (an open house) the listing that it is held in.
 * Media of other resources than Property belong to no listing. Only keys, times and states are read, so nothing is ever frozen.
 * @see RESO Data Dictionary 2.0, Office, Member, Media, OpenHouse
 */
export function readRecord(resource: RecordResource, raw: RawRecord, now: Iso): RecordReading {
  const fields = recordFields[resource];
  const identity = identify(raw, fields.key, now);
  if (identity.kind === 'dead') return identity;
  const { key, at } = identity;
  if (!mayBeViewed(raw)) return { kind: 'removed', key, at };

  const read = fieldReader(raw, NOTHING_FROZEN);
  const word = fields.status === null ? null : read.word(fields.status);
  const status = word === null ? null : wordsOf(word);
  if (status === 'delete' || status === 'deleted') return { kind: 'removed', key, at };
  const listingKey = fields.listing !== null && ofListing(resource, raw) ? read.reference(fields.listing) : null;
  if (resource === 'OpenHouse' && listingKey === null)
    return dead(key, 'no-listing', 'ListingKey', 'expected the key of a listing, got none that can be read');
  const hours =
    resource === 'OpenHouse' ? openHours(read, daysLater(now, DAYS_AHEAD)) : { startsAt: null, endsAt: null };
  return {
    kind: 'record',
    record: {
      resource,
      key,
      listingKey,
      changedAt: at,
      ...hours,
      status: resource === 'OpenHouse' ? openTo(read, status) : status,
    },
    problems: read.problems,
  };
}

function ofListing(resource: RecordResource, raw: RawRecord): boolean {
  const owner = own(raw, 'ResourceName');
  return resource !== 'Media' || owner == null || owner === 'Property';
}

/** Open houses for the trade, and those on a screen: nobody's mistake, and no invitation of leads to the home. */
const notForVisits = ['broker', 'office', 'private', 'livestream broker', 'livestream public'];

/**
 * The status of an open house as far as leads are concerned. Who may come, and whether an appointment is needed, are fields beside it, which
 * many feeds leave out of an open house for everybody. What is said and cannot be read, or is another word, invites nobody.
 */
function openTo(read: FieldReader, status: string | null): string | null {
  const type = wordsOf(read.word('OpenHouseType') ?? 'public');
  const byAppointment = read.flag('AppointmentRequiredYN') ?? false;
  if (type !== 'public' && !notForVisits.includes(type))
    read.problem('OpenHouseType', 'unknown-code', "expected one of RESO's types of open houses, got another word");
  const isUnreadable = (name: string) => read.problems.some(({ field }) => field === name);
  if (isUnreadable('OpenHouseStatus')) return 'unknown';
  if (status !== null && status !== 'active') return status;
  if (isUnreadable('OpenHouseType') || type !== 'public') return 'not public';
  return isUnreadable('AppointmentRequiredYN') || byAppointment ? 'by appointment' : status;
}

/** An end that is not after the beginning is unknown; without a beginning there is no end. */
function openHours(read: FieldReader, latest: Iso): { readonly startsAt: Iso | null; readonly endsAt: Iso | null } {
  const [startsAt, endsAt] = [read.instant('OpenHouseStartTime'), read.instant('OpenHouseEndTime')];
  if (startsAt === null) {
    if (read.problems.every(({ field }) => field !== 'OpenHouseStartTime'))
      read.problem('OpenHouseStartTime', 'missing', 'expected an instant with its offset, got none');
    return { startsAt: null, endsAt: null };
  }
  if (startsAt < '1900' || startsAt > latest) {
    read.problem('OpenHouseStartTime', 'out-of-bounds', 'expected an instant of our time, got one outside of it');
    return { startsAt: null, endsAt: null };
  }
  if (endsAt === null || (endsAt > startsAt && endsAt <= latest)) return { startsAt, endsAt };
  read.problem('OpenHouseEndTime', 'out-of-bounds', 'expected an instant after the beginning, got another');
  return { startsAt, endsAt: null };
}
