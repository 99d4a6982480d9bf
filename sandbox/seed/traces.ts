import type { Listings } from './listings.ts';
import { createDice, weighted } from './random.ts';
import { DAY, EVENING, type Shape, awake, past } from './shape.ts';
import { type SeedTable, iso } from './table.ts';

/** Half a year of what people did; its months must be there before it comes in. */
const ANALYTICS_DAYS = 183;

/** First and last day of the analytics events, `YYYY-MM-DD`. */
export function analyticsDays(shape: Shape): { readonly first: string; readonly last: string } {
  return {
    first: iso(shape.asOf - EVENING - (ANALYTICS_DAYS + 1) * DAY).slice(0, 10),
    last: iso(shape.asOf).slice(0, 10),
  };
}

const eventTypes = weighted([
  ['page.viewed', 46],
  ['listing.viewed', 27],
  ['email.opened', 12],
  ['search.saved', 5],
  ['email.clicked', 5],
  ['form.submitted', 2.5],
  ['call.completed', 1.5],
  ['showing.requested', 0.7],
  ['valuation.requested', 0.3],
]);

const pages = ['/', '/search', '/listing', '/about', '/sell', '/contact', '/blog'];

/** As many events as leads, the newest leads doing most. */
export function analyticsTable(shape: Shape): SeedTable {
  return {
    name: 'analytics_events',
    columns: ['location_id', 'event_id', 'at', 'type', 'contact_id', 'detail'],
    *rows() {
      const dice = createDice(shape.seed);
      for (let event = 0; event < shape.leads; event += 1) {
        dice.at('analytics', event);
        const at = awake(
          shape.asOf - EVENING - ((shape.leads - event - dice.unit()) / shape.leads) * ANALYTICS_DAYS * DAY,
        );
        const lead = Math.floor(shape.leads * dice.unit() ** 0.5);
        const known = dice.chance(0.85) && shape.createdAt(lead) <= at;
        const type = eventTypes(dice);
        const detail = JSON.stringify({ path: dice.pick(pages), seconds: Math.round(dice.wait(40)) });
        yield [shape.seatOf(lead).locationId, dice.uuid(), iso(at), type, known ? shape.contactId(lead) : null, detail];
      }
    },
  };
}

/** Every tenth lead has a handful of listings that fit it, the later leads more often. */
export function matchesTable(shape: Shape, listings: Listings): SeedTable {
  return {
    name: 'listing_matches',
    columns: ['location_id', 'contact_id', 'listing_key', 'score', 'reasons', 'matched_at'],
    *rows() {
      const dice = createDice(shape.seed);
      for (let lead = 0; lead < shape.leads; lead += 1) {
        dice.at('matched', lead);
        if (!dice.chance((0.2 * lead) / shape.leads)) continue;
        const seat = shape.seatOf(lead);
        const homes = listings.at(seat);
        const count = 1 + Math.floor(dice.wait(4.5));
        const chosen = new Set<number>();
        for (let i = 0; i < count && homes.length > 0; i += 1) {
          chosen.add(homes[Math.floor(homes.length * dice.unit() ** 0.3)]!);
        }
        for (const listing of chosen) {
          const { key, listedAt } = listings.of(listing);
          const score = Number((1 - Math.min(0.95, dice.wait(0.25))).toFixed(4));
          const reasons = JSON.stringify({
            price: dice.chance(0.7),
            city: dice.chance(0.8),
            bedrooms: dice.chance(0.6),
          });
          const matchedAt = Math.max(listedAt, shape.createdAt(lead), shape.asOf - past(dice.unit(), 90 * DAY));
          yield [seat.locationId, shape.contactId(lead), key, score, reasons, iso(Math.floor(matchedAt))];
        }
      }
    },
  };
}
