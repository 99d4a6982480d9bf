import { inOrder } from '../domain/assistant/reply/crossed.ts';
import { type FixedTopic, fixedTopic } from '../domain/assistant/reply/fixed.ts';
import { firstReplyFacts, type Language, type ListingFact, type ReplyFacts } from '../domain/assistant/reply/facts.ts';
import { languageOf, replyLanguage } from '../domain/assistant/reply/language.ts';
import { nextQuestion } from '../domain/assistant/reply/question.ts';
import type { Understood } from '../domain/assistant/understood.ts';
import type { LeadRef } from '../domain/glossary.ts';
import { activation } from '../domain/leads/activation.ts';
import type { Lead, Stage, TalkMessage } from '../domain/leads/lead.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { ReplyOwed } from '../domain/ports/drafts.ts';
import type { ListingWithEvents } from '../domain/ports/listings.ts';
import { officeInWords } from '../domain/market/alert-words.ts';
import { type Talk, talkOf, unanswered, understoodOf } from './assist-talk.ts';
import { type Deps, isoNow } from './deps.ts';

/** Homes that a reply may speak of, the best match first. */
const LISTINGS = 3;

/** All that a reply is made from, read before anybody is asked. */
export interface ReplyCase {
  readonly talk: Talk;
  readonly facts: ReplyFacts;
  readonly stage: Stage;
  readonly returning: boolean;
  /** Of the newest message that is answered. */
  readonly understood: Understood;
  /** What the messages ask that has a fixed answer; null: nothing. */
  readonly topic: FixedTopic | null;
  /** Null: none in which a draft may be judged. */
  readonly language: Language | null;
}

export type Gathered =
  | { readonly kind: 'found'; readonly mode: 'draft' | 'auto'; readonly found: ReplyCase }
  /** Nobody is owed an answer of ours any more: the lead opted out, is gone, a person works it, or the location wants no drafts. */
  | { readonly kind: 'over' }
  /** The location sends nothing just now, or nobody could come to it for a day: it is a person's. */
  | { readonly kind: 'held' | 'late' };

/** Whoever waited longer is not answered as if they had just written. */
const LATEST_MS = 24 * 3_600_000;

export async function gather(deps: Deps, ref: LeadRef, owed: ReplyOwed): Promise<Gathered> {
  const [lead, location] = await Promise.all([deps.leads.load(ref), deps.locations.get(ref.locationId)]);
  if (lead === undefined || location === undefined || !mayAnswer(lead, location)) return { kind: 'over' };
  const { replies: mode } = location.settings.modes;
  if (mode === 'off') return { kind: 'over' };
  if (location.status !== 'active' || location.parked !== null) return { kind: 'held' };
  if (deps.now().getTime() - Date.parse(owed.lastAt) > LATEST_MS) return { kind: 'late' };
  const known = await talkOf(deps, ref, location);
  const talk = { ...known, talk: inOrder(known.talk, known.talked.own, owed.firstAt) };
  const newest = unanswered(talk.talk).at(-1);
  // Somebody has written since, by whatever way.
  if (newest === undefined) return { kind: 'over' };
  const understood = await understoodOf(deps, ref, owed.inboxId, { body: newest.body, asked: talk.talked.asked });
  return { kind: 'found', mode, found: await caseOf(deps, ref, { lead, talk, understood, channel: owed.channel }) };
}

/** What a reply to the newest words of a talk is made from. */
export async function caseOf(
  deps: Deps,
  ref: LeadRef,
  about: {
    readonly lead: Lead;
    readonly talk: Talk;
    readonly understood: Understood;
    readonly channel: ReplyFacts['channel'];
  },
): Promise<ReplyCase> {
  const { lead, talk, understood, channel } = about;
  const { firstReply, returning } = firstReplyFacts(talk.talk, talk.talked.replied);
  const open = unanswered(talk.talk).map(({ body }) => body);
  const facts: ReplyFacts = {
    location: talk.location,
    channel,
    state: lead.state,
    optedOut: lead.stage === 'opted-out',
    message: open.join('\n'),
    lead: { firstName: lead.snapshot?.firstName ?? null, timezone: lead.snapshot?.timezone ?? null },
    ...(await aroundLead(deps, ref, lead)),
    slots: [],
    question: nextQuestion(lead.qualification),
    firstReply,
    firstText: !talk.talked.texted,
    now: isoNow(deps),
  };
  return {
    ...{ talk, facts, stage: lead.stage, returning, understood },
    topic: topicOf(open, understood),
    language: replyLanguage(open.join('\n'), languageBefore(talk.talk)),
  };
}

/** The lead's, by the newest words that tell it. */
function languageBefore(talk: readonly TalkMessage[]): Language | undefined {
  for (const { direction, body } of talk.toReversed()) {
    const language = direction === 'inbound' ? languageOf(body.slice(0, 2_000)) : 'unclear';
    if (language !== 'unclear') return language;
  }
  return undefined;
}

function mayAnswer({ state, stage, deletedAt, snapshot }: Lead, { settings, status }: Location): boolean {
  if (state !== 'active' || deletedAt !== null || stage === 'gone' || stage === 'opted-out') return false;
  return status !== 'uninstalled' && activation(snapshot?.tags, settings).yes;
}

/** Who asks for a person gets one, whatever else they ask. */
function topicOf(messages: readonly string[], { wantsHuman }: Understood): FixedTopic | null {
  const topics = messages.flatMap((message) => fixedTopic(message) ?? []);
  return wantsHuman !== undefined || topics.includes('human') ? 'human' : (topics.at(-1) ?? null);
}

async function aroundLead(
  deps: Deps,
  ref: LeadRef,
  { snapshot }: Lead,
): Promise<Pick<ReplyFacts, 'agentName' | 'listings'>> {
  const [{ agentName }, matched] = await Promise.all([
    deps.leads.wordsFor(ref, { agentId: snapshot?.assignedTo ?? null, enrolmentId: null }),
    deps.listings.tellable(ref, LISTINGS),
  ]);
  return { agentName, listings: matched.flatMap(({ listing }) => factOf(listing)) };
}

/** What strangers wrote of a home is not among it. A home whose office cannot be named is not spoken of. */
function factOf(listing: Omit<ListingWithEvents, 'events'>): ListingFact[] {
  const office = listing.officeName === null ? null : officeInWords(listing.officeName);
  if (office === undefined) return [];
  const { listingKey, status, propertyType, price, city, bedrooms, bathrooms, livingSqft, changedAt } = listing;
  return [{ listingKey, status, propertyType, price, city, bedrooms, bathrooms, livingSqft, changedAt, office }];
}
