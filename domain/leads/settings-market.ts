import { z } from 'zod';
import { type FeedProvider, feedProviders } from '../market/feed.ts';
import { type FeedRights, feedUses } from '../market/rights.ts';

/** An MLS that the location is licensed to use, and what its licence allows. */
export interface FeedChoice {
  readonly provider: FeedProvider;
  /** The operator's name for it; no other location's feed of the same provider may bear it. */
  readonly market: string;
  /** OriginatingSystemName, where the vendor wants one with every request; null: none. */
  readonly originatingSystem: string | null;
  readonly pollMinutes: number;
  /** What the licence allows besides showing; what is not said is not allowed. */
  readonly rights: FeedRights;
}

export interface MarketChoices {
  readonly feeds: readonly FeedChoice[];
  readonly alerts: {
    /** Most messages about listings that a lead gets in 24 hours. */
    readonly perDay: number;
    /** News of so many minutes goes into one message; the first of them starts the time. */
    readonly collectMinutes: number;
  };
}

export const defaultMarket: MarketChoices = { feeds: [], alerts: { perDay: 2, collectMinutes: 10 } };

export const rightsSchema = z.strictObject({
  alerts: z.boolean(),
  training: z.boolean(),
  uses: z.array(z.enum(feedUses)).max(feedUses.length).optional(),
});

export const marketSchema: z.ZodType<MarketChoices> = z.strictObject({
  feeds: z
    .array(
      z.strictObject({
        provider: z.enum(feedProviders),
        market: z
          .string()
          .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'expected lower-case letters, digits and dashes'),
        originatingSystem: z.string().trim().min(1).max(100).nullable(),
        pollMinutes: z.number().int().min(1).max(1_440),
        rights: rightsSchema,
      }),
    )
    .max(5)
    .refine((feeds) => new Set(feeds.map(({ market }) => market)).size === feeds.length, 'expected each market once'),
  alerts: z.strictObject({
    perDay: z.number().int().min(0).max(3),
    collectMinutes: z.number().int().min(0).max(1_440),
  }),
});
