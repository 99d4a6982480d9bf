import type { Iso } from '../glossary.ts';
import {
  addressOf,
  type ConsentChannel,
  consentChannels,
  consentOf,
  type ConsentRecord,
  type Holder,
  isMapped,
  newestOfStrand,
} from './ledger.ts';
import type { ShownConsent } from './shown.ts';
import { type ConsentText, suffices } from './texts.ts';

/** An entry before it is written down. */
export interface NewRecord extends Omit<ConsentRecord, 'recordId'> {
  readonly seller: string | null;
  readonly evidence: Readonly<Record<string, string>>;
  readonly recordedBy: string;
  /** Of the same key only the first is written down. */
  readonly onceKey: string;
}

/** What the ledger lacks of what the CRM shows, for one contact. */
export interface Sighting {
  readonly contactId: string;
  readonly hashes: Holder['hashes'];
  readonly shown: readonly ShownConsent[];
  readonly texts: readonly Pick<ConsentText, 'version' | 'channels' | 'written' | 'seller'>[];
  readonly now: Iso;
  /** The event or the send that showed it. */
  readonly seenBy: string;
}

/**
 * Entries to add: a source that shows a consent which its strand does not hold, or has just lost one that it held. One that was written
 * down before its address or its words were known is written down again with them, for the time when it was given. From then on it is that
 * address's: a number that changes later takes nothing with it.
 */
export function entriesFor(records: readonly ConsentRecord[], sighting: Sighting): NewRecord[] {
  const { contactId, hashes, texts, now, seenBy } = sighting;
  return sighting.shown.flatMap((shown): NewRecord[] => {
    const { channel, basis, source, textVersion } = shown;
    const personHash = addressOf(hashes, channel);
    const last = newestOfStrand(records, { contactId, channel, basis });
    const held = last?.state === 'granted';
    const text = texts.find(({ version }) => version === textVersion);
    const entry = {
      ...{ contactId, personHash, channel, source, basis: last?.basis ?? basis, textVersion },
      seller: text?.seller ?? null,
      evidence: { seenBy },
      recordedBy: 'the CRM shows it',
    };
    const key = (what: string) => `${what}:${contactId}:${channel}:${basis.toLowerCase()}:${seenBy}`;
    if (shown.state === 'gone') {
      if (!held) return [];
      return [{ ...entry, state: 'withdrawn', written: last.written, givenAt: now, onceKey: key('gone') }];
    }
    const written = textVersion === null || suffices(text, channel);
    if (!held) return [{ ...entry, state: 'granted', written, givenAt: shown.givenAt ?? now, onceKey: key('shown') }];
    // Words that were not known when their mapping was, or an address that was not.
    const words = written && !last.written && last.textVersion === textVersion;
    const address = last.personHash === null && personHash !== null;
    if (!words && !address) return [];
    const since = { givenAt: last.givenAt, personHash: last.personHash ?? personHash };
    return [{ ...entry, ...since, state: 'granted', written: words || last.written, onceKey: key('gained') }];
  });
}

/** A row of the read model; `unknown`: consents are in the ledger, and none of them is for this contact as it is now. */
export interface ConsentRow {
  readonly channel: ConsentChannel;
  readonly state: 'granted' | 'withdrawn' | 'unknown';
  readonly basis: string;
  readonly since: Iso;
}

/** What a contact's consent comes to, one row for each channel that the ledger speaks of. */
export function readModel(records: readonly ConsentRecord[], holder: Holder): ConsentRow[] {
  return consentChannels.flatMap((channel): ConsentRow[] => {
    const { grant, revoked } = consentOf(records, holder, channel);
    if (grant !== undefined) return [{ channel, state: 'granted', basis: grant.basis, since: grant.givenAt }];
    if (revoked !== undefined) return [{ channel, state: 'withdrawn', basis: revoked.basis, since: revoked.givenAt }];
    const last = records.findLast(
      (one) => one.channel === channel && isMapped(one.source) && one.contactId === holder.contactId,
    );
    if (last?.state === 'withdrawn') {
      return [{ channel, state: 'withdrawn', basis: last.basis, since: last.givenAt }];
    }
    const other = last ?? records.findLast((one) => one.channel === channel && one.state === 'granted');
    return other === undefined ? [] : [{ channel, state: 'unknown', basis: other.basis, since: other.givenAt }];
  });
}
