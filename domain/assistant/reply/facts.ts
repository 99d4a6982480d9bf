import type { UsState } from '../../consent/us-states.ts';
import type { Channel, Iso, LeadState } from '../../glossary.ts';
import type { Question, TalkMessage } from '../../leads/lead.ts';
import type { Location, LocationSettings, Weekday } from '../../leads/settings.ts';
import type { Listing } from '../../market/listing.ts';

/** What drafts are written in; a lead who writes in another language gets a person. */
export type Language = 'en' | 'es';

/** What all drafts of a location share: no word of a lead, nothing that changes by itself. */
export interface LocationFacts {
  readonly name: string;
  /** IANA zone of the office; null: not known. */
  readonly timezone: string | null;
  readonly teamHours: Readonly<Partial<Record<Weekday, { readonly from: string; readonly to: string }>>>;
  /** E.164, the number that texts come from; null: not known. */
  readonly phone: string | null;
  readonly address: string | null;
  readonly tone: 'plain' | 'warm';
  /** Sentences of the brokerage's own that may be said as they stand. */
  readonly facts: readonly string[];
  /** Where it works, as it spells them. */
  readonly areas: readonly string[];
  /** What is said while a person is asked; null: our own words. */
  readonly holdingText: string | null;
  /** Where it is licensed; empty: not known, so that what any state protects is protected. */
  readonly states: readonly UsState[];
}

export function locationFactsOf({
  name,
  timezone,
  settings,
}: Pick<Location, 'name' | 'timezone' | 'settings'>): LocationFacts {
  const { teamHours, senderNumbers, postalAddress, agentVoice, assistant }: LocationSettings = settings;
  return {
    name,
    timezone,
    teamHours,
    phone: senderNumbers.standard,
    address: postalAddress,
    tone: agentVoice.tone,
    facts: assistant.facts,
    areas: assistant.areas,
    holdingText: assistant.holdingText,
    states: assistant.states,
  };
}

/** A home that a draft may speak of, as the MLS last showed it. Its remarks are not among them: strangers write those. */
export type ListingFact = Pick<
  Listing,
  'listingKey' | 'status' | 'propertyType' | 'price' | 'city' | 'bedrooms' | 'bathrooms' | 'livingSqft' | 'changedAt'
> & {
  /** The listing office, which is named wherever its home is; null: the home is of no feed. */
  readonly office: string | null;
};

/** A free time of a calendar. */
export interface Slot {
  /** As a draft and a reading name it: `1`, `2` … */
  readonly key: string;
  readonly at: Iso;
}

/** Everything that a reply may be made from, read before the model is asked and bound to the lead by us. */
export interface ReplyFacts {
  readonly location: LocationFacts;
  readonly channel: Extract<Channel, 'sms' | 'email'>;
  readonly state: LeadState;
  /** The person has opted out, or never may be written to. */
  readonly optedOut: boolean;
  /** A usable first name is rendered, never shown to the model. */
  readonly lead: { readonly firstName: string | null; readonly timezone: string | null };
  /** The agent whose lead it is. */
  readonly agentName: string | null;
  /** What the lead wrote and is answered; no draft may repeat it at length. */
  readonly message: string;
  readonly listings: readonly ListingFact[];
  readonly slots: readonly Slot[];
  /** What is asked next by `nextQuestion`; null: nothing is open. */
  readonly question: Question | null;
  /** No reply of an assistant has reached this person yet; see `firstReplyFacts`. */
  readonly firstReply: boolean;
  /** No text of ours has: the sending gate adds the sender and how to opt out. */
  readonly firstText: boolean;
  readonly now: Iso;
}

/** How long a talk rested before it counts as a return. */
const RETURN_MS = 24 * 3_600_000;

/**
 * What the talk alone says of the reply: whether the person was told yet that an assistant writes, and whether they are back after a day.
 * @param told  our store knows of a reply that told it; the talk may not reach back so far
 */
export function firstReplyFacts(
  talk: readonly TalkMessage[],
  told: boolean,
): { readonly firstReply: boolean; readonly returning: boolean } {
  const firstOfTheirs = talk.findLastIndex(({ direction }) => direction === 'outbound') + 1;
  const before = talk[firstOfTheirs - 1];
  const first = talk[firstOfTheirs];
  const gap = before === undefined || first === undefined ? 0 : Date.parse(first.at) - Date.parse(before.at);
  return { firstReply: !told, returning: gap > RETURN_MS };
}
