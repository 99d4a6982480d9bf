import { z } from 'zod';
import type { Iso } from '../glossary.ts';
import { homeWords } from '../leads/home-words.ts';
import { homeKinds } from './home-kinds.ts';
import type { Offer } from './match.ts';
import type { Wishes } from './wishes.ts';

/*
 * The log of a market and of what leads did in it, one JSON object a line, in the order in which things happened: a line may tell nothing that was not
 * known at its instant.
 */

const instant = z.iso.datetime({ offset: true });
const text = z.string().min(1).max(200);
const number = z.number().nullable().default(null);
const words = z.string().max(300).nullable().default(null);
const list = z.array(z.string()).default([]);
const statedBy = z.object({ from: text, at: instant });

const offer = z.object({
  propertyType: text,
  subtype: words,
  price: z
    .string()
    .regex(/^\d{1,12}(?:\.\d{1,2})?$/)
    .nullable()
    .default(null),
  ...{ bedrooms: number, bathrooms: number, livingSqft: number, latitude: number, longitude: number },
  ...{ city: words, county: words, state: words, postalCode: words, address: words },
  listedAt: instant.nullable().default(null),
  ...{ has: list, lacks: list },
});
const wishes = z.object({
  ...{ cities: list, counties: list, postalCodes: list, states: list, near: z.boolean().default(false) },
  ...{ kinds: z.array(z.enum(homeKinds)).default([]), mustHaves: z.array(z.enum(homeWords)).default([]) },
  ...{ priceFrom: number, priceTo: number, minBedrooms: number, minBathrooms: number, minSqft: number },
  stated: z.partialRecord(z.enum(['place', 'price', 'home', 'size']), statedBy).default({}),
});

/** What leads do with a home. Looking at it counts from thirty seconds on. */
const actions = ['view', 'like', 'save', 'showing'] as const;

const line = z.discriminatedUnion('type', [
  // From now on the listing is on offer so; null: no more.
  z.object({ at: instant, type: z.literal('listing'), listingKey: text, offer: offer.nullable() }),
  // From now on the lead looks for this; null: for nothing.
  z.object({ at: instant, type: z.literal('wishes'), lead: text, wishes: wishes.nullable() }),
  // A list of homes was made for the lead: a ranking is judged here. Absent `shown`: which homes is not known.
  z.object({ at: instant, type: z.literal('shown'), lead: text, listingKeys: z.array(text).default([]) }),
  z.object({
    ...{ at: instant, type: z.literal('acted'), lead: text, listingKey: text },
    ...{ action: z.enum(actions), seconds: z.number().nonnegative().nullable().default(null) },
  }),
]);
export type LogLine = z.infer<typeof line>;

/** A log that cannot be trusted, by the first line that shows it. */
export interface BadLine {
  readonly line: number;
  readonly why: string;
}

/** What the log says of one line before; grows with it. */
export interface LogState {
  last: Iso | null;
  readonly listings: Set<string>;
}

export function newLogState(): LogState {
  return { last: null, listings: new Set() };
}

/**
 * Reads one line, and looks whether it tells of what was still to come when it happened: then every figure made of the log would be too good.
 * @returns the line, or why the log is refused
 */
export function readLogLine(json: unknown, state: LogState): LogLine | { readonly why: string } {
  const read = line.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    return {
      why: `expected a line of the log, ${issue === undefined ? 'got something else' : `at ${issue.path.join('.') || 'the line'}: ${issue.code}`}`,
    };
  }
  const why = leak(read.data, state);
  if (why !== null) return { why };
  state.last = read.data.at;
  if (read.data.type === 'listing') state.listings.add(read.data.listingKey);
  return read.data;
}

function leak(one: LogLine, { last, listings }: LogState): string | null {
  const at = Date.parse(one.at);
  const later = (instant: Iso | null | undefined) => instant != null && Date.parse(instant) > at;
  if (last !== null && Date.parse(last) > at)
    return 'it happened before the line above it: what came later stands earlier';
  if (one.type === 'listing' && later(one.offer?.listedAt)) return 'the listing is on offer before it was listed';
  if (one.type === 'wishes' && Object.values(one.wishes?.stated ?? {}).some((by) => later(by.at))) {
    return 'a wish counts before it was stated';
  }
  const named = one.type === 'shown' ? one.listingKeys : one.type === 'acted' ? [one.listingKey] : [];
  return named.some((key) => !listings.has(key)) ? 'it names a listing that was on no offer yet' : null;
}

export function offerOf({ listingKey, offer: fields }: Extract<LogLine, { type: 'listing' }>): Offer | null {
  return fields === null ? null : { listingKey, ...fields };
}

export function wishesIn({ wishes: fields }: Extract<LogLine, { type: 'wishes' }>): Wishes | null {
  return fields;
}
