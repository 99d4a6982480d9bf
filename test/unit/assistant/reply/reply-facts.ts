import type { ReplyFacts } from '../../../../domain/assistant/reply/facts.ts';
import { locationFactsOf } from '../../../../domain/assistant/reply/facts.ts';
import { defaultSettings } from '../../../../domain/leads/settings.ts';

export const location = locationFactsOf({
  name: 'Sunrise Realty',
  timezone: 'America/New_York',
  settings: {
    ...defaultSettings,
    postalAddress: '1 Plain Street, Tampa, FL 33602',
    senderNumbers: { standard: '+18135550142', byAgent: {} },
    assistant: {
      ...defaultSettings.assistant,
      facts: ['Tours take about 30 minutes.', 'The team has worked in Tampa Bay since 1998.'],
      areas: ['Tampa', 'St. Petersburg'],
      states: ['FL'],
    },
  },
});

/** A lead who may be answered, a home, two times that are to come. */
export function replyFacts(some: Partial<ReplyFacts> = {}): ReplyFacts {
  return {
    location,
    channel: 'sms',
    state: 'active',
    optedOut: false,
    lead: { firstName: 'Ana', timezone: 'America/New_York' },
    agentName: 'Pat',
    message: 'What can you tell me?',
    listings: [
      {
        ...{ listingKey: 'A77', status: 'active', propertyType: 'residential', price: '425000.00', city: 'Tampa' },
        ...{ bedrooms: 3, bathrooms: 2.5, livingSqft: 1850, changedAt: '2026-11-12T15:00:00.000Z', office: null },
      },
    ],
    slots: [
      { key: '1', at: '2026-12-01T15:30:00.000Z' },
      { key: '2', at: '2026-12-02T19:00:00.000Z' },
    ],
    question: 'budget',
    firstReply: false,
    firstText: false,
    now: '2026-11-29T15:00:00.000Z',
    ...some,
  };
}
