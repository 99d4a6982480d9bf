import type { Enrolment, SequenceDocument } from '../../../domain/follow-up/sequence.ts';
import type { Situation } from '../../../domain/leads/decision.ts';
import { newLead } from '../../../domain/leads/new-lead.ts';
import { defaultSettings } from '../../../domain/leads/settings.ts';
import { noTalk } from '../../support/records.ts';
import type { Score } from '../../../domain/scoring/score.ts';
import type { LeadEvent } from '../../../domain/webhooks/event.ts';

export const now = '2026-03-11T14:00:00.000Z';

export const welcome: SequenceDocument = {
  key: 'new-lead-welcome',
  version: 1,
  title: 'new-lead welcome',
  purpose: 'solicitation',
  priority: 50,
  track: 'talk',
  trigger: { on: 'lead.activated' },
  audience: [],
  coolDown: null,
  needs: [],
  exits: ['reply', 'opt-out', 'stop-tag', 'takeover'],
  steps: [{ key: 'sms', channel: 'sms', offset: 'PT0S', anchor: 'enrolment', body: 'Hello' }],
};

export const winBack: SequenceDocument = {
  ...welcome,
  key: 'win-back',
  title: 'win back',
  trigger: { on: 'operator' },
  exits: [],
};

export function score(value: number): Score {
  const tier = value >= 70 ? 'hot' : value >= 50 ? 'warm' : 'cold';
  const reasons = [
    { feature: 'engagement', value: 0.9, contribution: 0.8 },
    { feature: 'response_time', value: 0, contribution: -0.2 },
  ];
  return { value, confidence: 0.8, tier, model: 'scorecard-1', baseline: 0, reasons };
}

export function event(kind: LeadEvent['kind'], more: Partial<LeadEvent> = {}): LeadEvent {
  return {
    inboxId: 'inbox-1',
    source: kind === 'operator' ? 'operator' : 'marketplace',
    kind,
    type: kind,
    locationId: 'loc-1',
    contactId: 'con-1',
    occurredAt: now,
    receivedAt: now,
    contact: undefined,
    message: undefined,
    act: undefined,
    ...more,
  };
}

export function message(
  direction: 'inbound' | 'outbound',
  more: Partial<NonNullable<LeadEvent['message']>> = {},
): NonNullable<LeadEvent['message']> {
  return {
    messageId: 'msg-1',
    direction,
    channel: 'sms',
    body: 'secret words of the lead',
    status: 'delivered',
    origin: undefined,
    userId: undefined,
    at: now,
    ...more,
  };
}

export function enrolment(document: SequenceDocument = welcome): Enrolment {
  return {
    enrolmentId: `enr-${document.key}`,
    document,
    enrolledAt: '2026-03-11T13:00:00.000Z',
    done: {},
    notBefore: null,
    event: null,
    pausedAt: null,
    sendNow: null,
  };
}

/** A new, activated, warm lead and a contact event; each test says what differs. */
export function situation(more: Partial<Situation> = {}): Situation {
  return {
    now,
    event: event('contact.created'),
    stale: false,
    lead: newLead({ locationId: 'loc-1', contactId: 'con-1' }, now),
    snapshot: { firstName: 'Dana', phone: '+18135550142', tags: ['Hit List'] },
    reading: null,
    qualification: {},
    score: score(55),
    absent: [],
    settings: defaultSettings,
    enrolments: [],
    ...{ began: {}, talk: noTalk, available: [] },
    sequences: [welcome, winBack],
    unsubscribed: false,
    team: {
      assignment: null,
      owner: undefined,
      away: [],
      zone: 'America/New_York',
      held: false,
      openSince: null,
      reactedAt: null,
    },
    ...more,
  };
}
