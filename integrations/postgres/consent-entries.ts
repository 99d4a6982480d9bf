import type { NewRecord } from '../../domain/consent/ledger-changes.ts';
import { addressOf, type ConsentChannel } from '../../domain/consent/ledger.ts';
import type { PersonHashes } from '../../domain/consent/standing.ts';
import { type ConsentText, suffices } from '../../domain/consent/texts.ts';
import type { Iso, LeadRef } from '../../domain/glossary.ts';
import { append, hashList, updateLedger } from './consent-ledger.ts';
import type { Client, Runner } from './pool.ts';
import { contactKey, suppress } from './suppressions.ts';

/** What the store borrows from whoever holds the keys. */
export interface ConsentHashing {
  /** Keyed hash of an address. */
  readonly personHash: (address: string) => string;
  readonly sha256: (text: string) => string;
}

/** What somebody says of a person, whoever it is and however it came. */
export interface Saying {
  readonly contactId: string | null;
  readonly hashes: PersonHashes;
  readonly state: 'granted' | 'withdrawn';
  readonly channels: readonly ConsentChannel[];
  readonly text: ConsentText | undefined;
  readonly source: 'import' | 'operator';
  readonly basis: string;
  readonly seller: string | null;
  readonly evidence: Readonly<Record<string, string>>;
  readonly at: Iso;
  readonly by: string;
  readonly onceKey: string;
}

function recordsOf(saying: Saying): NewRecord[] {
  const { contactId, hashes, state, text, source, basis, evidence, at, by, onceKey } = saying;
  return saying.channels.map((channel) => ({
    ...{ contactId, channel, state, source, basis, evidence },
    personHash: addressOf(hashes, channel) ?? (contactId === null ? (hashList(hashes)[0] ?? null) : null),
    textVersion: text?.version ?? null,
    written: state === 'granted' && suffices(text, channel),
    seller: saying.seller ?? text?.seller ?? null,
    givenAt: at,
    recordedBy: by,
    onceKey: `${onceKey}:${channel}`,
  }));
}

/**
 * Writes it down, and bars the person where they take their consent back: by all of their addresses that are known, from when they said so.
 * The caller holds the locks of lead and person.
 * @returns whether any of it was new
 */
export async function say(
  client: Client,
  locationId: string,
  sayings: readonly Saying[],
): Promise<ReadonlySet<string>> {
  const added = await append(client, locationId, sayings.flatMap(recordsOf));
  const keys = new Set(added.map(({ onceKey }) => onceKey));
  for (const saying of sayings) {
    if (saying.state === 'granted' || !saying.channels.some((channel) => keys.has(`${saying.onceKey}:${channel}`)))
      continue;
    const { contactId, hashes, channels, at } = saying;
    await suppress(client, {
      locationId,
      hashes: [...hashList(hashes), ...(contactId === null ? [] : [contactKey(contactId)])],
      channels: channels.filter((channel) => channel !== 'call'),
      inboxId: null,
      at,
    });
  }
  return keys;
}

/** The read models of contacts whose ledger has grown. */
export async function refresh(
  runner: Runner,
  refs: readonly (LeadRef & { readonly hashes: PersonHashes })[],
  now: Iso,
) {
  for (const { hashes, ...ref } of refs) {
    await updateLedger(runner, ref, { hashes, shown: [], now, seenBy: 'refresh' });
  }
}

/** A contact's addresses as we last knew them; undefined: no such lead. */
export async function addressesOf(
  runner: Runner,
  { locationId, contactId }: LeadRef,
): Promise<{ readonly hashes: PersonHashes; readonly phone: string | null } | undefined> {
  const { rows } = await runner.query<{ sms: string | null; email: string | null; phone: string | null }>({
    name: 'consent-addresses',
    text: `select sms_hash as sms, email_hash as email, snapshot ->> 'phone' as phone from leads
      where location_id = $1 and contact_id = $2`,
    values: [locationId, contactId],
  });
  const [row] = rows;
  return row === undefined ? undefined : { hashes: present(row), phone: row.phone };
}

export function present({ sms, email }: { sms: string | null; email: string | null }): PersonHashes {
  return { ...(sms === null ? {} : { sms }), ...(email === null ? {} : { email }) };
}
