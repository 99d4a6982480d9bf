import { type ConsentChannel, type ConsentRecord, standingOf } from '../../domain/consent/ledger.ts';
import { areaCodeOf } from '../../domain/consent/registry.ts';
import type { ConsentStanding } from '../../domain/consent/standing.ts';
import { AppError } from '../../domain/errors.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { ConsentStore, HandEntry, LeadLedger, ShownFact, ShownRecord } from '../../domain/ports/consent.ts';
import { addressesOf, type ConsentHashing, refresh, say } from './consent-entries.ts';
import { appendFacts } from './consent-facts.ts';
import { importRows } from './consent-import.ts';
import { hashList, RECORD } from './consent-ledger.ts';
import { inUtc, readOthers } from './consent-standing.ts';
import { addText, textFor, texts } from './consent-texts.ts';
import { storeTimeline } from './decision-parts.ts';
import { leadLock, personLocks, takeLocks } from './locks.ts';
import { type Place, type Runner, stored, transaction } from './pool.ts';
import { contactKey } from './suppressions.ts';
import type { Tenants } from './tenants.ts';
import { instant } from './values.ts';

/** Consent in Postgres; see `ConsentStore` for what each function promises. */
export function createConsentStore(tenants: Tenants, hashing: ConsentHashing): ConsentStore {
  const at = (locationId: string) => tenants.at(locationId);
  return {
    texts: (locationId) => stored(() => texts(at(locationId), locationId)),
    addText: (locationId, text) => stored(() => addText(at(locationId), locationId, text)),
    ofLead: (ref, now) => stored(() => ofLead(at(ref.locationId), ref, now)),
    byHand: (ref, entry, now) => stored(() => byHand(at(ref.locationId), hashing, ref, entry, now)),
    importRows: (locationId, asked) => stored(() => importRows(at(locationId), hashing, locationId, asked)),
  };
}

type LedgerRow = ConsentRecord & Omit<ShownRecord, keyof ConsentRecord | 'address'>;

async function ofLead(runner: Runner, ref: LeadRef, now: string): Promise<LeadLedger | undefined> {
  const addresses = await addressesOf(runner, ref);
  if (addresses === undefined) return undefined;
  const { hashes, phone } = addresses;
  const values = [ref.locationId, ref.contactId, hashList(hashes)];
  const [ledger, told, others] = await Promise.all([
    runner.query<{ row: LedgerRow }>({
      name: 'consent-records-of-lead',
      text: `select (${RECORD})::jsonb || jsonb_build_object('seller', r.seller, 'evidence', r.evidence, 'recordedAt', r.recorded_at,
          'recordedBy', r.recorded_by) as row
        from consent_records r where r.location_id = $1 and (r.contact_id = $2 or r.person_hash = any($3::text[])) order by r.record_id`,
      values,
    }),
    runner.query<ShownFact>({
      name: 'consent-facts-of-lead',
      text: `select kind, at, source, basis, recorded_at as "recordedAt", recorded_by as "recordedBy" from consent_facts
        where location_id = $1 and (contact_id = $2 or person_hash = any($3::text[])) order by fact_id desc`,
      values,
    }),
    readOthers(runner, { ref, fresh: { hashes, areaCode: areaCodeOf(phone) }, now }),
  ]);
  const records = ledger.rows.map(({ row }) => ({ ...row, ...inUtc(row), recordedAt: instant(row.recordedAt) }));
  const standing = (channel: ConsentChannel): ConsentStanding =>
    standingOf({ ...others, records }, { contactId: ref.contactId, fresh: { channel, hashes, bought: false }, now });
  return {
    standing: { sms: standing('sms'), email: standing('email'), call: standing('call') },
    records: records.toReversed().map(({ personHash, ...row }) => ({
      ...row,
      address: personHash === null ? 'none' : hashList(hashes).includes(personHash) ? 'current' : 'earlier',
    })),
    facts: told.rows,
  };
}

async function byHand(
  place: Place,
  { sha256 }: ConsentHashing,
  ref: LeadRef,
  entry: HandEntry,
  now: string,
): Promise<boolean> {
  const { locationId, contactId } = ref;
  const { said, reason, by } = entry;
  const at = instant(entry.at);
  return transaction(place, async (client) => {
    const before = await addressesOf(client, ref);
    if (before === undefined) throw new AppError('LEAD_UNKNOWN', `expected a lead, got ${locationId}/${contactId}`);
    await takeLocks(client, [
      leadLock(ref),
      ...personLocks(locationId, [...hashList(before.hashes), contactKey(contactId)]),
    ]);
    const { hashes } = (await addressesOf(client, ref)) ?? before;
    const onceKey = `operator:${sha256(JSON.stringify([contactId, said, at, reason, by]))}`;
    const told = { evidence: { reason }, at, by, onceKey };
    if ('fact' in said) {
      const personHash = hashes.sms ?? hashes.email ?? null;
      const fact = { contactId, personHash, kind: said.fact, at, source: 'operator' as const, basis: reason };
      const added = await appendFacts(client, locationId, [{ ...fact, recordedBy: by, onceKey }]);
      if (added > 0) await tell(client, ref, `${by} wrote down: ${factWords[said.fact]}.`, now);
      return added > 0;
    }
    const text = said.state === 'granted' ? await textFor(client, locationId, said) : undefined;
    const saying = { contactId, hashes, state: said.state, channels: said.channels, text, seller: null };
    const keys = await say(client, locationId, [{ ...saying, source: 'operator', basis: `operator:${by}`, ...told }]);
    if (keys.size === 0) return false;
    await refresh(client, [{ ...ref, hashes }], now);
    const what = said.state === 'granted' ? 'was given' : 'is withdrawn';
    await tell(
      client,
      ref,
      `Consent for ${said.channels.map((one) => named[one]).join(', ')} ${what}: ${by} wrote it down.`,
      now,
    );
    return true;
  });
}

const named = { sms: 'SMS', email: 'e-mail', call: 'calls' } as const;
const factWords = {
  transaction: 'business was done with the person',
  inquiry: 'the person asked about our services',
  bought: 'the lead comes from a bought list',
  'first-party': 'the lead came to us by itself',
} as const;

async function tell(runner: Runner, ref: LeadRef, summary: string, at: string): Promise<void> {
  await storeTimeline(runner, ref, [{ at, kind: 'action', summary, refs: {} }]);
}
