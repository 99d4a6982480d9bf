import type { NewRecord } from '../../domain/consent/ledger-changes.ts';
import { addressOf, type ConsentRecord } from '../../domain/consent/ledger.ts';
import type { DecisionRecord } from '../../domain/ports/leads.ts';
import { type NewFact, appendFacts } from './consent-facts.ts';
import { updateLedger } from './consent-ledger.ts';
import { storeTimeline } from './decision-parts.ts';
import type { Runner } from './pool.ts';

/**
 * What one event says of consent, in the decision's transaction and under the lead's lock: what the CRM shows, what the person said
 * themselves, where the lead comes from, and business done.
 */
export async function noteConsent(
  runner: Runner,
  record: DecisionRecord,
  { now, eventAt }: { readonly now: string; readonly eventAt: string },
): Promise<void> {
  const { ref, inboxId, personHashes: hashes, consents: shown } = record;
  const said = ownWord(record, eventAt);
  const facts = factsOf(record, now);
  if (facts.length > 0) await appendFacts(runner, ref.locationId, facts);
  if (shown.length + said.length === 0) return;
  const { added } = await updateLedger(runner, ref, { hashes, shown, now, seenBy: `event:${inboxId}` }, said);
  const gone = added.filter(({ state, source }) => state === 'withdrawn' && source !== 'message');
  if (gone.length > 0)
    await storeTimeline(
      runner,
      ref,
      gone.map((one) => goneEntry(one, now, inboxId)),
    );
}

/** An opt-out is a revocation by the person's own word, an opt-in takes it back; of the one channel or of both, as the decision says. */
function ownWord({ decision, ref, personHashes, inboxId }: DecisionRecord, eventAt: string): NewRecord[] {
  const word = (channel: 'sms' | 'email', state: ConsentRecord['state'], byLink = false): NewRecord => ({
    contactId: ref.contactId,
    personHash: addressOf(personHashes, channel),
    ...{ channel, state, written: false, textVersion: null, seller: null, source: 'message' },
    basis: byLink ? 'link in an e-mail' : state === 'withdrawn' ? 'opt-out' : 'opt-in',
    givenAt: eventAt,
    evidence: { event: inboxId },
    recordedBy: byLink ? 'the person used the link' : 'the person wrote so',
    onceKey: `message:${inboxId}:${channel}:${state}`,
  });
  return [
    ...decision.suppress.map((channel) => word(channel, 'withdrawn')),
    ...decision.release.map((channel) => word(channel, 'granted')),
    ...(decision.link === null ? [] : [word('email', decision.link, true)]),
  ];
}

/** An opportunity counts as business since the first news that it was won; later news of it makes no new business. */
function factsOf({ ref, personHashes, bought, record, inboxId }: DecisionRecord, now: string): NewFact[] {
  const whose = { contactId: ref.contactId, personHash: personHashes.sms ?? personHashes.email ?? null };
  const told = { ...whose, source: 'mapping', recordedBy: `event:${inboxId}` } as const;
  const won = record?.kind === 'opportunity' && record.action !== 'deleted' && record.facts['status'] === 'won';
  return [
    ...(bought
      ? [{ ...told, kind: 'bought' as const, at: now, basis: 'tag or source', onceKey: `bought:${ref.contactId}` }]
      : []),
    ...(won
      ? [
          {
            ...told,
            ...{ kind: 'transaction' as const, at: record.at, basis: `opportunity:${record.recordId}` },
            onceKey: `won:${record.recordId}:${ref.contactId}`,
          },
        ]
      : []),
  ];
}

const channelWords = { sms: 'SMS', email: 'e-mail', call: 'calls' } as const;

function goneEntry({ channel, source, basis }: ConsentRecord, at: string, inboxId: string) {
  const name = basis.slice(basis.indexOf(':') + 1);
  const what = source === 'tag' ? `the tag ${name}, which recorded it, is gone` : `its custom field says so no longer`;
  return {
    at,
    kind: 'decision' as const,
    summary: `Consent for ${channelWords[channel]} is withdrawn: ${what}.`,
    refs: { inboxId, channel, basis },
  };
}
