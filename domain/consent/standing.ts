import type { Iso } from '../glossary.ts';
import type { ConsentChannel } from './ledger.ts';
import type { ShownConsent } from './shown.ts';

/** What the ledger, the registry and past business say of reaching a person by one channel, as of one instant. */
export interface ConsentStanding {
  /** Prior express written consent for this channel and for marketing. */
  readonly written: 'granted' | 'withdrawn' | 'none';
  /** The newest entry that says so. */
  readonly record: { readonly recordId: string; readonly textVersion: string | null; readonly at: Iso } | null;
  /** A person from a bought list is called by people and never written to by us. */
  readonly origin: 'first-party' | 'bought' | 'unknown';
  /** Of the national and state Do-Not-Call registries, for numbers. `unknown`: not looked up, or looked up more than 31 days ago. */
  readonly registry: 'listed' | 'clear' | 'unknown';
  /** An established business relationship, while it lasts: it excuses the registry and never replaces written consent. */
  readonly relationship: { readonly kind: 'transaction' | 'inquiry'; readonly until: Iso } | null;
}

/** What the CRM shows right now, read just before a send: by the location's mapping of tags, fields and forms. */
export interface FreshConsent {
  readonly channel: ConsentChannel;
  readonly shown: readonly ShownConsent[];
  /** A tag or source of a bought list. */
  readonly bought: boolean;
  /** Keyed hashes of the addresses as they are now; absent where there is none. */
  readonly hashes: PersonHashes;
  /** Of a North American number: the registry covers area codes. */
  readonly areaCode: string | null;
}

export interface PersonHashes {
  readonly sms?: string;
  readonly email?: string;
}
