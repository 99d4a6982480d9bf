import { randomUUID } from 'node:crypto';
import type { TalkRecord } from '../../domain/follow-up/facts.ts';
import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { Decision } from '../../domain/leads/decision.ts';
import { mergeSnapshot } from '../../domain/leads/merge-snapshot.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import { isHumanMessage } from '../../domain/leads/state-after.ts';
import type { NewInboxEvent } from '../../domain/ports/inbox.ts';
import type { DecideVerdict, DecisionRecord, LeadStore } from '../../domain/ports/leads.ts';
import type { LocationStore } from '../../domain/ports/locations.ts';
import type { OutboxDraft } from '../../domain/ports/outbox.ts';
import type { MessageFact } from '../../domain/webhooks/event.ts';

export const leadRules = { mergeSnapshot, isHumanMessage };

export const NOW = '2026-03-02T15:00:00.000Z';

/** The instant so many minutes after `NOW`. */
export function later(minutes: number): string {
  return new Date(Date.parse(NOW) + minutes * 60_000).toISOString();
}

/** A lead that no other test knows. */
export function newRef(locationId = `loc-${randomUUID().slice(0, 8)}`): LeadRef {
  return { locationId, contactId: `c-${randomUUID().slice(0, 8)}` };
}

export function inboxEvent(ref: LeadRef, change: Partial<NewInboxEvent> = {}): NewInboxEvent {
  return {
    source: 'marketplace',
    eventKey: randomUUID(),
    bodyHash: 'hash-1',
    type: 'ContactUpdate',
    kind: 'contact.updated',
    ...ref,
    occurredAt: NOW,
    body: Buffer.from('{"type":"ContactUpdate"}'),
    headers: { 'content-type': 'application/json' },
    ...change,
  };
}

/** A lead of whom nothing was ever heard. */
export const noTalk: TalkRecord = {
  ...{ heardAt: null, wroteAt: null, consent: { sms: false, email: false }, emailOpened: false, emailClicked: false },
  ...{ appointments: [], opportunity: null },
};

/** What differs of a decision; a sequence that begins may be named by its document alone. */
type DecisionChange = Omit<Partial<Decision>, 'enrol'> & {
  readonly enrol?: readonly (SequenceDocument | Decision['enrol'][number])[];
};

export function decision({ enrol = [], ...change }: DecisionChange = {}): Decision {
  return {
    stage: 'engaged',
    tier: 'warm',
    state: 'active',
    active: { yes: true },
    deletedAt: null,
    qualification: {},
    score: null,
    plan: null,
    assignment: null,
    enrol: enrol.map((one) =>
      'document' in one ? one : { document: one, event: null, because: { on: 'operator', facts: {} } },
    ),
    end: [],
    move: [],
    followUp: { facts: {}, talk: noTalk },
    tasks: [],
    suppress: [],
    release: [],
    doubt: null,
    link: null,
    unreachable: false,
    absent: [],
    timeline: [],
    ...change,
  };
}

export function record(ref: LeadRef, inboxId: string, change: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    ref,
    inboxId,
    decision: decision(),
    stateBefore: 'active',
    facts: { asOf: NOW },
    patch: null,
    message: null,
    personHashes: {},
    consents: [],
    bought: false,
    now: NOW,
    ...change,
  };
}

export function message(change: Partial<MessageFact> = {}): MessageFact {
  return {
    messageId: randomUUID(),
    direction: 'inbound',
    channel: 'sms',
    body: 'Is the house on Elm Street still for sale?',
    status: undefined,
    origin: undefined,
    userId: undefined,
    at: NOW,
    ...change,
  };
}

export function sequence(key: string, version = 1): SequenceDocument {
  return {
    key,
    version,
    title: key,
    purpose: 'solicitation',
    priority: 1,
    track: 'talk',
    trigger: { on: 'lead.activated' },
    audience: [],
    coolDown: null,
    needs: [],
    exits: ['reply'],
    steps: [{ key: 'hello', channel: 'sms', offset: 'PT0S', anchor: 'enrolment', body: 'Hello {{contact.firstName}}' }],
  };
}

export function draft(onceKey: string, change: Partial<OutboxDraft> = {}): OutboxDraft {
  return {
    onceKey,
    channel: 'sms',
    purpose: 'solicitation',
    enrolmentId: null,
    stepKey: null,
    content: { body: 'Hello' },
    ...change,
  };
}

type After = Parameters<Parameters<LeadStore['commitDecision']>[1]>[0];

/** A verdict that tells what it was made from. */
export function verdictOf(after: After): DecideVerdict {
  return {
    state: after.state,
    stage: 'engaged',
    tier: 'warm',
    score: null,
    sequence: after.enrolments[0]?.document.key ?? null,
    next: null,
    dirty: after.planChanged,
    ended: null,
    summary: `${after.enrolments.length} enrolments, ${after.openSends.length} open sends`,
  };
}

export async function installLocation(locations: LocationStore, locationId: string): Promise<void> {
  await locations.add({
    locationId,
    companyId: null,
    name: 'Example Realty',
    timezone: 'America/Chicago',
    token: `pit-${locationId}`,
    settings: defaultSettings,
    workflowSecretHash: `secret-${locationId}`,
  });
}
