import { type LocationFacts, locationFactsOf, type ReplyFacts } from '../../domain/assistant/reply/facts.ts';
import type { Asked } from '../../domain/assistant/reply/prompts.ts';
import type { TalkMessage } from '../../domain/leads/lead.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';

export const LOCATION = 'locOwnCost';

export interface Talk {
  readonly contactId: string;
  readonly messages: readonly TalkMessage[];
}

const settings = {
  ...defaultSettings,
  budgets: { modelDollarsPerDay: 1_000 },
  assistant: {
    ...defaultSettings.assistant,
    facts: Array.from(
      { length: 20 },
      (_, at) => `Fact number ${at}: we answer on weekdays and show homes on Saturdays.`,
    ),
    areas: ['Tampa', 'St. Petersburg', 'Clearwater', 'Brandon'],
    leadDollarsPer30Days: 1_000,
  },
};

export function locationRow() {
  return {
    ...{ locationId: LOCATION, companyId: null, name: 'Example Realty', timezone: 'America/New_York' },
    ...{ token: 'pit-own-cost', settings, workflowSecretHash: '0'.repeat(64) },
  };
}

const location: LocationFacts = locationFactsOf({
  ...{ name: 'Example Realty', timezone: 'America/New_York', settings },
});

/** Talks of 2 to 40 messages, as they are found in practice; the last word is the lead's. */
export function talksOf(count: number): readonly Talk[] {
  return Array.from({ length: count }, (_, at) => ({
    contactId: `con${at}`,
    messages: Array.from({ length: 1 + 2 * (at % 20) }, (_one, back) => messageAt(back)),
  }));
}

function messageAt(back: number): TalkMessage {
  const theirs = back % 2 === 0;
  return {
    ...{ direction: theirs ? 'inbound' : 'outbound', channel: 'sms', human: false },
    at: new Date(Date.parse('2026-11-20T15:00:00Z') + back * 3_600_000).toISOString(),
    body: theirs
      ? `Message ${back}: we look for three bedrooms in Tampa, around 450k, in two or three months`
      : `Answer ${back}: thanks for telling me. Is the financing arranged already?`,
  };
}

export function askedOf(model: string, { messages }: Talk): Asked {
  return { model, location, talk: messages };
}

export function factsOf(now: string): ReplyFacts {
  return {
    ...{ location, channel: 'sms', state: 'active', optedOut: false, agentName: 'Sample Agent' },
    lead: { firstName: 'Sample', timezone: 'America/New_York' },
    listings: Array.from({ length: 3 }, (_, at) => ({
      ...{ listingKey: `L${at}`, status: 'active', propertyType: 'house', price: 425_000 + at, city: 'Tampa' },
      ...{ bedrooms: 3, bathrooms: 2, livingSqft: 1_800, changedAt: '2026-11-19T12:00:00Z' },
    })) as unknown as ReplyFacts['listings'],
    ...{ slots: [], message: 'Is it still available?', question: 'financing', firstReply: true, firstText: false, now },
  };
}

/** What a model proposes that all gates let out. */
export const draftInput = {
  ...{ text: 'Thanks for the details. Is the financing arranged already?', question: 'financing' },
  ...{ language: 'en', human: false },
};
