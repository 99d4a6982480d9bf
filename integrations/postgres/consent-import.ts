import { type ImportRow, readImportRow } from '../../domain/consent/import-row.ts';
import type { PersonHashes } from '../../domain/consent/standing.ts';
import type { ConsentText } from '../../domain/consent/texts.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { ImportAsked, ImportVerdict } from '../../domain/ports/consent.ts';
import { type ConsentHashing, present, refresh, say, type Saying } from './consent-entries.ts';
import { appendFacts, type NewFact } from './consent-facts.ts';
import { hashList } from './consent-ledger.ts';
import { texts } from './consent-texts.ts';
import { leadLock, personLocks, takeLocks } from './locks.ts';
import { type Client, type Place, transaction } from './pool.ts';
import { contactKey } from './suppressions.ts';

interface Known extends LeadRef {
  readonly hashes: PersonHashes;
}

/** A row that can be written down: whom it is about, by what it is known, and what it comes to. */
interface Ready {
  readonly line: number;
  readonly onceKey: string;
  readonly contactId: string | null;
  readonly hashes: PersonHashes;
  readonly entry: { readonly saying: Saying } | { readonly fact: NewFact };
}

/**
 * One transaction for all rows that were given. Bad rows are told and keep no other out; the good ones are known by their content, so that
 * a file that was mended is imported as a whole again. Who was known before is found under the locks.
 */
export async function importRows(
  place: Place,
  hashing: ConsentHashing,
  locationId: string,
  { rows, apply, by, now }: ImportAsked,
): Promise<ImportVerdict[]> {
  const read = rows.map(({ line, row }) => ({ line, read: readImportRow(row, now) }));
  return transaction(place, async (client) => {
    const good = read.flatMap(({ line, read: one }) => (one.ok ? [{ line, row: one.value }] : []));
    const rowsOf = good.map(({ row }) => row);
    const before = await contactsOf(client, locationId, hashing, rowsOf);
    if (apply) await takeLocks(client, locksOf(hashing, locationId, rowsOf, before));
    const known = apply ? await contactsOf(client, locationId, hashing, rowsOf) : before;
    const words = await texts(client, locationId);
    const verdicts = new Map<number, ImportVerdict>();
    const ready: Ready[] = [];
    for (const { line, read: one } of read) {
      const made = one.ok ? readyOf(line, one.value, { hashing, locationId, by, known, words }) : one.why;
      if (typeof made === 'string') verdicts.set(line, { line, verdict: 'bad', why: made });
      else ready.push(made);
    }
    const added = apply ? await write(client, locationId, ready, known, now) : await lacking(client, locationId, ready);
    for (const { line, onceKey } of ready) {
      const isNew = [...added].some((key) => key === onceKey || key.startsWith(`${onceKey}:`));
      verdicts.set(line, { line, verdict: isNew ? 'new' : 'known' });
    }
    return rows.flatMap(({ line }) => verdicts.get(line) ?? []);
  });
}

/** Of everybody whom a row may concern: whoever is named, and whoever bears an address of theirs. */
function locksOf(
  { personHash }: ConsentHashing,
  locationId: string,
  rows: readonly ImportRow[],
  known: readonly Known[],
): string[] {
  const addresses = rows.flatMap(({ phone, email }) => [phone, email].filter((one) => one !== null));
  const ids = [...rows.flatMap(({ contactId }) => contactId ?? []), ...known.map(({ contactId }) => contactId)];
  const hashes = [...addresses.map(personHash), ...known.flatMap(({ hashes: own }) => hashList(own))];
  return [
    ...personLocks(locationId, [...hashes, ...ids.map(contactKey)]),
    ...ids.map((contactId) => leadLock({ locationId, contactId })),
  ];
}

/** Contacts that rows name, and those that bear an address of one. */
async function contactsOf(
  client: Client,
  locationId: string,
  { personHash }: ConsentHashing,
  rows: readonly ImportRow[],
): Promise<Known[]> {
  const ids = rows.flatMap(({ contactId }) => contactId ?? []);
  const hashes = rows.flatMap(({ phone, email }) => [phone, email].filter((one) => one !== null).map(personHash));
  const { rows: found } = await client.query<{ contactId: string; sms: string | null; email: string | null }>({
    name: 'consent-import-contacts',
    text: `select contact_id as "contactId", sms_hash as sms, email_hash as email from leads
      where location_id = $1 and (contact_id = any($2::text[]) or sms_hash = any($3::text[]) or email_hash = any($3::text[]))`,
    values: [locationId, ids, hashes],
  });
  return found.map(({ contactId, ...addresses }) => ({ locationId, contactId, hashes: present(addresses) }));
}

interface Around {
  readonly hashing: ConsentHashing;
  readonly locationId: string;
  readonly by: string;
  readonly known: readonly Known[];
  readonly words: readonly ConsentText[];
}

/** @returns why the row is bad, where it is */
function readyOf(line: number, row: ImportRow, { hashing, by, known, words }: Around): Ready | string {
  const { contactId, phone, email, at, evidence, said } = row;
  const lead = known.find((one) => one.contactId === contactId);
  const given: PersonHashes = {
    ...(phone === null ? {} : { sms: hashing.personHash(phone) }),
    ...(email === null ? {} : { email: hashing.personHash(email) }),
  };
  if (contactId !== null && lead === undefined && hashList(given).length === 0) {
    return 'contact: no such lead is known; give phone or email as well';
  }
  const hashes = { ...lead?.hashes, ...given };
  const onceKey = `import:${hashing.sha256(JSON.stringify([contactId, given, at, said]))}`;
  const told = { contactId, basis: 'import', onceKey };
  if ('fact' in said) {
    const personHash = hashes.sms ?? hashes.email ?? null;
    return {
      ...{ line, onceKey, contactId, hashes },
      entry: { fact: { ...told, personHash, kind: said.fact, at, source: 'import', recordedBy: by } },
    };
  }
  const text = words.find(({ version }) => version === said.text);
  if (said.text !== null && text === undefined) return 'text: no such version is known';
  const other = said.channels.find((channel) => text !== undefined && !text.channels.includes(channel));
  if (other !== undefined) return `text: its words are not for ${other}`;
  const { state, channels, seller } = said;
  return {
    ...{ line, onceKey, contactId, hashes },
    entry: { saying: { ...told, hashes, state, channels, text, source: 'import', seller, evidence, at, by } },
  };
}

/** @returns keys of what was new */
async function write(
  client: Client,
  locationId: string,
  ready: readonly Ready[],
  known: readonly Known[],
  now: string,
): Promise<ReadonlySet<string>> {
  const facts = ready.flatMap(({ entry }) => ('fact' in entry ? [entry.fact] : []));
  const sayings = ready.flatMap(({ entry }) => ('saying' in entry ? [entry.saying] : []));
  const missing = await lacking(client, locationId, ready);
  if (facts.length > 0) await appendFacts(client, locationId, facts);
  await say(client, locationId, sayings);
  const touched = new Set(
    ready.filter(({ onceKey }) => isOf(missing, onceKey)).flatMap(({ hashes }) => hashList(hashes)),
  );
  const named = new Set(ready.flatMap(({ contactId }) => contactId ?? []));
  await refresh(
    client,
    known.filter(({ contactId, hashes }) => named.has(contactId) || hashList(hashes).some((hash) => touched.has(hash))),
    now,
  );
  return missing;
}

function isOf(keys: ReadonlySet<string>, onceKey: string): boolean {
  return [...keys].some((key) => key === onceKey || key.startsWith(`${onceKey}:`));
}

/** Keys of what is not written down yet. */
async function lacking(client: Client, locationId: string, ready: readonly Ready[]): Promise<ReadonlySet<string>> {
  const keys = ready.flatMap(({ onceKey, entry }) =>
    'saying' in entry ? entry.saying.channels.map((channel) => `${onceKey}:${channel}`) : [onceKey],
  );
  const { rows } = await client.query<{ key: string }>({
    name: 'consent-import-lacking',
    text: `select key from unnest($2::text[]) as key
      where not exists (select from consent_records r where r.location_id = $1 and r.once_key = key)
        and not exists (select from consent_facts f where f.location_id = $1 and f.once_key = key)`,
    values: [locationId, keys],
  });
  return new Set(rows.map(({ key }) => key));
}
