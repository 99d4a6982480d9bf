import { randomUUID } from 'node:crypto';
import type { GateFacts, GateVerdict, VendorFacts } from '../../domain/consent/facts.ts';
import type { FreshConsent } from '../../domain/consent/standing.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { CredentialStore } from '../../domain/ports/credentials.ts';
import type { InboxStore } from '../../domain/ports/inbox.ts';
import type { LeadStore } from '../../domain/ports/leads.ts';
import type { LocationStore } from '../../domain/ports/locations.ts';
import type { OutboxDraft, OutboxRow, OutboxStore, Settlement } from '../../domain/ports/outbox.ts';
import type { TokenProvider } from '../../domain/ports/tokens.ts';
import { createCredentialStore } from '../../integrations/postgres/credentials.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { createLeadStore } from '../../integrations/postgres/leads.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createOutboxStore } from '../../integrations/postgres/outbox.ts';
import type { Tenants } from '../../integrations/postgres/tenants.ts';
import {
  decision,
  draft,
  inboxEvent,
  installLocation,
  later,
  leadRules,
  newRef,
  NOW,
  record,
  verdictOf,
} from './records.ts';
import { storedTokens, testSealing } from './tokens.ts';

export const PERSON = ['phone-hash', 'mail-hash'];

/** A contact that shows no consent of its own: what the ledger says of it is all there is. */
export const freshConsent: FreshConsent = {
  channel: 'sms',
  shown: [],
  bought: false,
  hashes: { sms: 'phone-hash', email: 'mail-hash' },
  areaCode: null,
};

/** What the CRM said right before the send; the store hands it on, and asks the ledger about the consent. */
export const vendor: VendorFacts = {
  contact: { known: false, why: 'not read in this test' },
  consent: { known: true, value: freshConsent },
  activated: { known: true, value: true },
};
export const OPEN: GateVerdict = { open: true, checks: [] };
export const CLOSED: GateVerdict = { open: false, checks: [], closedBy: 'cap', then: 'wait', opensAt: later(60) };

export interface Pass {
  /** What the judge was told; undefined when it was not asked. */
  readonly facts: GateFacts | undefined;
  readonly verdict: GateVerdict | undefined;
  /** The words as they would go out. */
  readonly content: OutboxDraft['content'] | undefined;
}

/** The real stores with the few moves that tests of sending make over and over. */
export interface Sends {
  readonly inbox: InboxStore;
  readonly leads: LeadStore;
  readonly outbox: OutboxStore;
  readonly locations: LocationStore;
  readonly credentials: CredentialStore;
  readonly tokens: TokenProvider;
  /** A lead that was worked once, in an installed location. */
  lead(locationId?: string): Promise<LeadRef>;
  work(ref: LeadRef, change?: Parameters<typeof decision>[0]): Promise<void>;
  claim(ref: LeadRef, key: string, change?: Partial<OutboxDraft>): Promise<OutboxRow>;
  /** Asks the gate with a judge that always answers `verdict`, OPEN by default. */
  pass(row: OutboxRow, options?: { verdict?: GateVerdict; person?: string[]; now?: string }): Promise<Pass>;
  /** A send from its claim to its settlement. */
  sent(ref: LeadRef, at: string, settlement: Settlement, person?: string[]): Promise<void>;
  /** What the gate would be told of a text to this lead; nothing is sent. */
  facts(ref: LeadRef, now?: string, person?: string[]): Promise<GateFacts>;
}

function words({ content }: OutboxRow): OutboxDraft['content'] {
  return { ...content, body: 'Hello Ann' };
}

/** @param sealing  of its own unless told: a database that is opened again needs the one that its tokens were sealed with */
export function sendsIn(tenants: Tenants, sealing = testSealing()): Sends {
  const inbox = createInboxStore(tenants);
  const leads = createLeadStore(tenants, leadRules);
  const outbox = createOutboxStore(tenants);
  const locations = createLocationStore(tenants, sealing);
  const credentials = createCredentialStore(tenants, sealing);
  const tokens = storedTokens(credentials);

  const work: Sends['work'] = async (ref, change = {}) => {
    const { inboxId } = await inbox.accept(inboxEvent(ref));
    await leads.commitDecision(record(ref, inboxId, { decision: decision(change) }), verdictOf);
  };
  const lead: Sends['lead'] = async (locationId) => {
    const ref = newRef(locationId);
    if (locationId === undefined) await installLocation(locations, ref.locationId);
    await work(ref);
    return ref;
  };
  const claim: Sends['claim'] = (ref, key, change = {}) => outbox.claim(ref, draft(key, change), NOW);
  const pass: Sends['pass'] = async (row, { verdict = OPEN, person = PERSON, now = NOW } = {}) => {
    let facts: GateFacts | undefined;
    const judge = (read: GateFacts): GateVerdict => {
      facts = read;
      return verdict;
    };
    const asked = { vendor, personHashes: person, now, judge, content: words(row) };
    const passed = await outbox.pass(row.sendId, row, asked);
    return { facts, verdict: passed?.verdict, content: passed?.content };
  };
  const sent: Sends['sent'] = async (ref, at, settlement, person = PERSON) => {
    const row = await claim(ref, randomUUID());
    await pass(row, { now: at, person });
    await outbox.settle(row.sendId, ref, settlement, at);
  };
  const facts: Sends['facts'] = async (ref, now = NOW, person = PERSON) => {
    const told = (await pass(await claim(ref, randomUUID()), { verdict: CLOSED, now, person })).facts;
    if (told === undefined) throw new Error('the gate was not asked');
    return told;
  };
  return { inbox, leads, outbox, locations, credentials, tokens, lead, work, claim, pass, sent, facts };
}
