import { type ConsentRecord, standingOf, type StandingFacts } from '../../domain/consent/ledger.ts';
import type { ConsentStanding, FreshConsent } from '../../domain/consent/standing.ts';
import type { Iso, LeadRef } from '../../domain/glossary.ts';
import { hashList, updateLedger } from './consent-ledger.ts';
import type { Runner } from './pool.ts';
import { instant } from './values.ts';

interface StandingAsked {
  readonly ref: LeadRef;
  readonly fresh: FreshConsent;
  readonly now: Iso;
  /** The send that asks, for the entries that it adds. */
  readonly seenBy: string;
}

/**
 * What ledger, registry and past business say of reaching the person now. What the CRM shows and the ledger does not know yet is written
 * down first, so that no message goes out on a consent that is nowhere. The caller holds the locks of the lead and of the person.
 */
export async function consentStanding(runner: Runner, asked: StandingAsked): Promise<ConsentStanding> {
  const { ref, fresh, now, seenBy } = asked;
  const [{ records }, others] = await Promise.all([
    updateLedger(runner, ref, { hashes: fresh.hashes, shown: fresh.shown, now: instant(now), seenBy }),
    readOthers(runner, asked),
  ]);
  return standingOf({ ...others, records: records.map(inUtc) }, { ...asked, contactId: ref.contactId });
}

/** As the ledger alone knows it, for people who ask; nothing is written. */
export function inUtc(record: ConsentRecord): ConsentRecord {
  return { ...record, givenAt: instant(record.givenAt) };
}

/** Contacts that bear one of the person's addresses. */
const PERSON = `select $2::text as contact_id
  union select contact_id from leads where location_id = $1 and sms_hash = any($3::text[])
  union select contact_id from leads where location_id = $1 and email_hash = any($3::text[])`;

/** The newest finished load of each list that covers the number's area code; only that one is asked. */
const OTHERS = `
select
  (select coalesce(json_agg(json_build_object('kind', f.kind, 'at', f.at) order by f.fact_id), '[]') from consent_facts f
    where f.location_id = $1 and (f.contact_id = $2 or f.person_hash = any($3::text[]))) as facts,
  (select coalesce(json_agg(json_build_object('list', newest.list, 'asOf', newest.as_of, 'listed', exists (
      select from registry_numbers n
      where n.location_id = $1 and n.load_id = newest.load_id and n.number_hash = $4::bytea))), '[]')
    from (
      select distinct on (l.list) l.list, l.as_of, l.load_id from registry_loads l
      where l.location_id = $1 and l.finished_at is not null and l.area_codes @> array[$5::text]
      order by l.list, l.as_of desc, l.finished_at desc
    ) as newest) as registry,
  (select max(m.at) from (${PERSON}) as person join messages m on m.location_id = $1 and m.contact_id = person.contact_id
    where m.direction = 'inbound' and m.at <= $6) as "inquiryAt"`;

export async function readOthers(
  runner: Runner,
  {
    ref,
    fresh,
    now,
  }: Pick<StandingAsked, 'ref' | 'now'> & { readonly fresh: Pick<FreshConsent, 'hashes' | 'areaCode'> },
): Promise<Omit<StandingFacts, 'records'>> {
  const { hashes, areaCode } = fresh;
  const number = hashes.sms === undefined ? null : numberHash(hashes.sms);
  const { rows } = await runner.query<Omit<StandingFacts, 'records'>>({
    name: 'consent-others',
    text: OTHERS,
    values: [ref.locationId, ref.contactId, hashList(hashes), number, number === null ? null : areaCode, instant(now)],
  });
  return rows[0] ?? { facts: [], registry: [], inquiryAt: null };
}

/** Half of a keyed hash names a number of a list well enough, at half the room. */
export function numberHash(hash: string): Buffer {
  return Buffer.from(hash, 'hex').subarray(0, 16);
}
