import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { Lead, TalkMessage } from '../../domain/leads/lead.ts';
import type { LeadStore } from '../../domain/ports/leads.ts';
import type { ListingStore, ListingWithEvents, MatchedListing } from '../../domain/ports/listings.ts';
import type { KeptScore, PastScore, ScoreStore } from '../../domain/ports/scores.ts';
import type { Cache } from '../../domain/cache/cache.ts';
import type { Listing, ListingMatch } from '../../domain/market/listing.ts';
import { traceSet } from '../../domain/scoring/vector.ts';
import { keptLeads } from '../../integrations/postgres/kept-leads.ts';
import { createListingStore } from '../../integrations/postgres/kept-listings.ts';
import { keptScores } from '../../integrations/postgres/kept-scores.ts';
import { createLeadStore } from '../../integrations/postgres/leads.ts';
import * as matches from '../../integrations/postgres/listing-matches.ts';
import * as listings from '../../integrations/postgres/listings.ts';
import { createScoreStore } from '../../integrations/postgres/scores.ts';
import type { Tenants } from '../../integrations/postgres/tenants.ts';
import { leadRules, message } from './records.ts';

/** What the product answers of a lead from its cache. */
export interface Answers {
  readonly lead: Lead | undefined;
  readonly talk: readonly TalkMessage[];
  /** The last two messages alone: kept apart. */
  readonly end: readonly TalkMessage[];
  readonly homes: readonly MatchedListing[];
  readonly vector: PastScore | undefined;
}

interface Stores {
  readonly leads: Pick<LeadStore, 'shown' | 'conversation'>;
  readonly listings: ListingStore;
  readonly scores: Pick<ScoreStore, 'given'>;
}

export function keptStores(tenants: Tenants, cache: Cache): Stores {
  return {
    leads: keptLeads(createLeadStore(tenants, leadRules), tenants, cache),
    listings: createListingStore(tenants, cache),
    scores: keptScores(createScoreStore(tenants), tenants, cache),
  };
}

/** The same without a cache, by other statements. */
export function plainStores(tenants: Tenants): Stores {
  return {
    leads: createLeadStore(tenants, leadRules),
    listings: {
      matched: (ref, limit) => matched(tenants, ref, limit),
      tellable: (ref, limit) => matched(tenants, ref, limit),
    },
    scores: createScoreStore(tenants),
  };
}

export async function answersOf({ leads, listings: homes, scores }: Stores, ref: LeadRef): Promise<Answers> {
  const [lead, talk, end, found] = await Promise.all([
    leads.shown(ref),
    leads.conversation(ref, 50),
    leads.conversation(ref, 2),
    homes.matched(ref, 5),
  ]);
  const vector = lead?.scoredAt ? await scores.given(ref, lead.scoredAt) : undefined;
  return { lead, talk, end, homes: found, vector };
}

async function matched(tenants: Tenants, ref: LeadRef, limit: number): Promise<MatchedListing[]> {
  const place = tenants.at(ref.locationId);
  const found: MatchedListing[] = [];
  for (const { listingKey, score, reasons, matchedAt } of await matches.best(place, ref, { limit })) {
    const { rows } = await place.query<Omit<ListingWithEvents, 'events'>>(
      `select ${listings.LISTING_COLUMNS}, l.office_name as "officeName" from listings l where l.location_id = $1 and l.listing_key = $2`,
      [ref.locationId, listingKey],
    );
    const { items } = await listings.events(place, ref.locationId, listingKey, { limit: 20 });
    const events: ListingWithEvents['events'] = items.map(({ listingKey: _key, ...event }) => event);
    if (rows[0] !== undefined) found.push({ score, reasons, matchedAt, listing: { ...rows[0], events } });
  }
  return found;
}

export function home(listingKey: string, change: Partial<Listing> = {}): Listing {
  return {
    ...{ listingKey, status: 'active', propertyType: 'residential', price: '425000.00', city: 'Tampa' },
    ...{ postalCode: '33602', bedrooms: 3, bathrooms: 2.5, livingSqft: 1840, latitude: 27.95, longitude: -82.46 },
    ...{ remarks: 'A porch, “two” oaks and no pool. ñ 🏡', listedAt: '2026-02-01T00:00:00.000Z' },
    ...{ changedAt: '2026-03-01T09:30:00.120Z', ...change },
  };
}

export function fit(contactId: string, listingKey: string, change: Partial<ListingMatch> = {}): ListingMatch {
  return { contactId, listingKey, score: 0.5, reasons: ['in the city'], matchedAt: '2026-03-01T10:00:00Z', ...change };
}

/** A score as rules give it, kept with a vector in which every number is `value`, every seventh is not known and words are the first ones. */
export function scored(
  scoredAt: Iso,
  value: number,
): KeptScore & { readonly baseline: number; readonly reasons: readonly [] } {
  const vector = Float32Array.from(traceSet.levels, (words, at) => (at % 7 === 0 ? NaN : words === null ? value : 0));
  return {
    ...{
      scoredAt,
      value,
      confidence: 0.4,
      tier: 'warm',
      model: 'scorecard-1',
      modelHash: null,
      asOf: scoredAt,
      vector,
    },
    ...{ baseline: 0, reasons: [] },
  };
}

/** A message of a talk. */
export const said = (messageId: string, body: string, at: Iso) => message({ messageId, body, at });
