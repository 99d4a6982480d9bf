import { consentTables } from './consents.ts';
import { createListings, listingTables } from './listings.ts';
import { followUpTables } from './follow-up.ts';
import { leadsTable } from './leads.ts';
import { locationTables } from './locations.ts';
import { messagesTable } from './messages.ts';
import { createPeople } from './people.ts';
import type { ProductRules } from './rules.ts';
import { createShape } from './shape.ts';
import type { SeedTable } from './table.ts';
import { createTalks } from './talks.ts';
import { createTexts } from './texts.ts';
import { analyticsDays, analyticsTable, matchesTable } from './traces.ts';

export interface Seed {
  /** In the order in which they are to be filled. */
  readonly tables: readonly SeedTable[];
  /** Months that must have their partition. */
  readonly analytics: { readonly first: string; readonly last: string };
  /** The largest one, with a fifth of all leads. */
  readonly locationId: string;
}

/**
 * Rows of a database that has been used for three years: names, talks, homes and numbers that look like real ones, and none of which
 * is. The same arguments make the same rows, on every machine and at every time.
 * @param leads  100 or more; everything else follows: 3 messages and half a listing for each, a fifth of them in one location
 * @param asOf   milliseconds since 1970; everything but next touches happened before
 */
export function createSeed(leads: number, seed: number, asOf: number, rules: ProductRules): Seed {
  const shape = createShape(leads, seed, asOf);
  const talks = createTalks(shape);
  const person = createPeople(shape, talks);
  const texts = createTexts(seed);
  const listings = createListings(shape);
  return {
    tables: [
      ...locationTables(shape, rules.settings),
      leadsTable(shape, rules, person, texts),
      messagesTable(shape, talks, texts),
      ...listingTables(shape, listings, texts),
      matchesTable(shape, listings),
      ...followUpTables(shape, rules, person),
      ...consentTables(shape, person),
      analyticsTable(shape),
    ],
    analytics: analyticsDays(shape),
    locationId: shape.seats[0]!.locationId,
  };
}
