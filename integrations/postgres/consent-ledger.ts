import {
  type ConsentRow,
  entriesFor,
  type NewRecord,
  readModel,
  type Sighting,
} from '../../domain/consent/ledger-changes.ts';
import type { ConsentRecord, Holder } from '../../domain/consent/ledger.ts';

import type { LeadRef } from '../../domain/glossary.ts';
import type { Runner } from './pool.ts';
import { instant, toJsonb } from './values.ts';

/** Columns of an entry as the domain reads it. Inside JSON an id that is a number would be one. */
export const RECORD = `json_build_object('recordId', r.record_id::text, 'contactId', r.contact_id, 'personHash', r.person_hash,
  'channel', r.channel, 'state', r.state, 'written', r.written, 'textVersion', r.text_version, 'source', r.source, 'basis', r.basis,
  'givenAt', r.given_at)`;

/** Entries of the contact, and of whoever has one of its addresses, in the order in which they were written down. */
const RECORDS_OF_PERSON = `
  select coalesce(json_agg(${RECORD} order by r.record_id), '[]') from consent_records r
  where r.location_id = $1 and (r.contact_id = $2 or r.person_hash = any($3::text[]))`;

interface Ledger {
  readonly records: readonly ConsentRecord[];
  readonly texts: Sighting['texts'];
  /** The read model as it stands. */
  readonly rows: readonly ConsentRow[];
}

/** @param versions  of the texts that are asked about */
async function readLedger(
  runner: Runner,
  ref: LeadRef,
  hashes: Holder['hashes'],
  versions: readonly (string | null)[],
): Promise<Ledger> {
  const { rows } = await runner.query<Ledger>({
    name: 'consent-ledger',
    text: `select (${RECORDS_OF_PERSON}) as records,
      (select coalesce(json_agg(json_build_object('version', t.version, 'channels', t.channels, 'written', t.written, 'seller', t.seller)), '[]')
        from consent_texts t where t.location_id = $1 and t.version = any($4::text[])) as texts,
      (select coalesce(json_agg(json_build_object('channel', c.channel, 'state', c.state, 'basis', c.basis, 'since', c.since)), '[]')
        from consents c where c.location_id = $1 and c.contact_id = $2) as rows`,
    values: [ref.locationId, ref.contactId, hashList(hashes), versions.filter((one) => one !== null)],
  });
  return rows[0] ?? { records: [], texts: [], rows: [] };
}

/**
 * Adds entries and answers those that were new, with their ids. An entry whose key is there already is passed over: it is the same one.
 */
export async function append(
  runner: Runner,
  locationId: string,
  entries: readonly NewRecord[],
): Promise<readonly (ConsentRecord & { readonly onceKey: string })[]> {
  if (entries.length === 0) return [];
  const { rows } = await runner.query<{ added: ConsentRecord & { readonly onceKey: string } }>({
    name: 'consent-append',
    text: `insert into consent_records as r (location_id, contact_id, person_hash, channel, state, text_version, written, source, basis,
        seller, evidence, given_at, recorded_by, once_key)
      select $1, "contactId", "personHash", channel, state, "textVersion", written, source, basis, seller, evidence, "givenAt",
        "recordedBy", "onceKey"
      from rows from (jsonb_to_recordset($2::jsonb) as ("contactId" text, "personHash" text, channel text, state text, "textVersion" text,
        written boolean, source text, basis text, seller text, evidence jsonb, "givenAt" timestamptz, "recordedBy" text, "onceKey" text))
        with ordinality as given ("contactId", "personHash", channel, state, "textVersion", written, source, basis, seller, evidence,
          "givenAt", "recordedBy", "onceKey", place)
      order by place
      on conflict (location_id, once_key) do nothing
      returning (${RECORD})::jsonb || jsonb_build_object('onceKey', r.once_key) as added`,
    values: [locationId, toJsonb(entries.map((one) => ({ ...one, givenAt: instant(one.givenAt) })))],
  });
  return rows.map(({ added }) => added);
}

/**
 * Adds to a person's ledger what the CRM shows and it lacks, and what else is `said`, and brings `consents` to what it comes to for this
 * contact. The caller holds the lead's lock.
 * @returns all entries of the person, the new ones last
 */
export async function updateLedger(
  runner: Runner,
  ref: LeadRef,
  sighting: Omit<Sighting, 'texts' | 'contactId'>,
  said: readonly NewRecord[] = [],
): Promise<{ readonly records: readonly ConsentRecord[]; readonly added: readonly ConsentRecord[] }> {
  const { hashes, shown } = sighting;
  const { contactId } = ref;
  const known = await readLedger(
    runner,
    ref,
    hashes,
    shown.map(({ textVersion }) => textVersion),
  );
  const entries = entriesFor(known.records, { ...sighting, texts: known.texts, contactId });
  const added = await append(runner, ref.locationId, [...entries, ...said]);
  const records = [...known.records, ...added];
  await writeReadModel(runner, ref, known.rows, readModel(records, { contactId, hashes }));
  return { records, added };
}

/** A channel whose state stays keeps its time. */
async function writeReadModel(
  runner: Runner,
  ref: LeadRef,
  before: readonly ConsentRow[],
  after: readonly ConsentRow[],
): Promise<void> {
  const old = new Map(before.map((row) => [row.channel, row]));
  const rows = after.filter(({ channel, state, basis }) => {
    const row = old.get(channel);
    return row?.state !== state || row.basis !== basis;
  });
  if (rows.length === 0) return;
  await runner.query({
    name: 'consent-read-model',
    text: `insert into consents as c (location_id, contact_id, channel, state, basis, since)
      select $1, $2, channel, state, basis, since
      from jsonb_to_recordset($3::jsonb) as given (channel text, state text, basis text, since timestamptz)
      on conflict (location_id, contact_id, channel) do update set basis = excluded.basis, state = excluded.state,
        since = case when c.state = excluded.state then least(c.since, excluded.since) else excluded.since end`,
    values: [ref.locationId, ref.contactId, toJsonb(rows)],
  });
}

export function hashList({ sms, email }: Holder['hashes']): string[] {
  return [sms, email].filter((hash) => hash !== undefined);
}
