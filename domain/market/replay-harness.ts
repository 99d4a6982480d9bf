import { type Interval, intervals } from '../scoring/judge/intervals.ts';
import { fits, type Offer } from './match.ts';
import { buildingOf, rank } from './rank.ts';
import type { ReplayCase } from './replay-cases.ts';

/** A way of ordering what is on offer: the first twenty. It sees the lead's wishes, the offers and the instant, and not what came after. */
export type Ranker = (given: Pick<ReplayCase, 'sought' | 'offers' | 'at'>) => readonly Offer[];

const SHOWN = 20;
const TOP = 10;

function newestFirst(offers: readonly Offer[]): readonly Offer[] {
  const age = ({ listedAt }: Offer) => (listedAt === null ? -Infinity : Date.parse(listedAt));
  return offers
    .toSorted((one, other) => age(other) - age(one) || (one.listingKey < other.listingKey ? -1 : 1))
    .slice(0, SHOWN);
}

/** B0: what any list of new homes shows. B1: what alerts of today do. B2: by weighed wishes, as the product ranks. */
export const rankers = {
  'B0 newest': ({ offers }) => newestFirst(offers),
  'B1 hard wishes, then newest': ({ sought, offers }) => newestFirst(offers.filter((offer) => fits(sought, offer))),
  'B2 weighed wishes': ({ sought, offers, at }) => rank(sought, offers, at, SHOWN).map(({ offer }) => offer),
} as const satisfies Readonly<Record<string, Ranker>>;

/** 0 to 1 each; the mean over leads, each lead being the mean of its lists. */
export interface Figures {
  readonly ndcg10: number;
  readonly recall20: number;
  readonly hit10: number;
  readonly mrr: number;
  /** How unlike the first ten are: the share of pairs of them that differ in building, city, kind, price by a tenth, or bedrooms, averaged. */
  readonly diversity: number;
  /** Of the first ten, how many were listed within a week. */
  readonly fresh: number;
}
const names = ['ndcg10', 'recall20', 'hit10', 'mrr', 'diversity', 'fresh'] as const;

export interface Judged {
  readonly leads: number;
  readonly lists: number;
  readonly rankers: Readonly<
    Record<
      string,
      Figures & { /** Share of all that was on offer that somebody was shown. */ readonly coverage: number }
    >
  >;
  /** Against the ranker before it; null: too few leads for an interval, or nothing to compare with. */
  readonly gains: readonly {
    readonly ranker: string;
    readonly over: string;
    /** 0.15: fifteen in a hundred more NDCG@10. */
    readonly gain: number | null;
    readonly interval: Interval | null;
    readonly verdict: 'better' | 'not shown' | 'too few leads';
  }[];
}

/** Fixed before anything is measured, and printed with every result. */
export const rule =
  'NDCG@10 is what counts. A ranker is better than the one before it if its gain is 15 % or more, the lower end of the gain’s 95 % interval (bootstrap over ' +
  'leads, 2,000 draws, the same leads for both) is above 0, and 400 leads or more were compared.';
const LEAST_GAIN = 0.15;
const LEAST_LEADS = 400;
const DRAWS = 2_000;

/** Judges rankers on the same lists, each against the one before it. */
export function judgeRankers(
  cases: readonly ReplayCase[],
  ways: Readonly<Record<string, Ranker>> = rankers,
  seed = 1,
): Judged {
  const leads = [...new Set(cases.map(({ lead }) => lead))];
  const onOffer = new Set(cases.flatMap(({ offers }) => offers.map(({ listingKey }) => listingKey)));
  const judged = Object.entries(ways).map(([name, way]) => {
    const seen = new Set<string>();
    const byLead = new Map<string, Figures[]>(leads.map((lead) => [lead, []]));
    for (const one of cases) {
      const shown = way({ sought: one.sought, offers: one.offers, at: one.at });
      for (const { listingKey } of shown) seen.add(listingKey);
      byLead.get(one.lead)!.push(figuresOf(shown, one));
    }
    const perLead = leads.map((lead) => mean(byLead.get(lead)!));
    return { name, perLead, coverage: onOffer.size === 0 ? 0 : seen.size / onOffer.size };
  });
  return {
    leads: leads.length,
    lists: cases.length,
    rankers: Object.fromEntries(judged.map(({ name, perLead, coverage }) => [name, { ...mean(perLead), coverage }])),
    gains: judged
      .slice(1)
      .map((one, i) => ({ ranker: one.name, over: judged[i]!.name, ...gainOf(one.perLead, judged[i]!.perLead, seed) })),
  };
}

function gainOf(
  ours: readonly Figures[],
  before: readonly Figures[],
  seed: number,
): Pick<Judged['gains'][number], 'gain' | 'interval' | 'verdict'> {
  const gainBy = (weights: ArrayLike<number>) => {
    const sum = (all: readonly Figures[]) => all.reduce((total, { ndcg10 }, i) => total + weights[i]! * ndcg10, 0);
    return sum(before) === 0 ? null : sum(ours) / sum(before) - 1;
  };
  const gain = gainBy(new Float64Array(ours.length).fill(1));
  const interval = intervals(ours.length, (weights) => ({ gain: gainBy(weights) }), { seed, draws: DRAWS }).gain;
  const better = gain !== null && interval !== null && gain >= LEAST_GAIN && interval.low > 0;
  return { gain, interval, verdict: ours.length < LEAST_LEADS ? 'too few leads' : better ? 'better' : 'not shown' };
}

/** Binary relevance; of an ideal list as many stand at the top as there are and fit. */
export function figuresOf(shown: readonly Offer[], { relevant, at }: Pick<ReplayCase, 'relevant' | 'at'>): Figures {
  const hits = shown.slice(0, SHOWN).map(({ listingKey }) => relevant.has(listingKey));
  const gain = (at: number) => 1 / Math.log2(at + 2);
  const dcg = hits.slice(0, TOP).reduce((sum, hit, i) => sum + (hit ? gain(i) : 0), 0);
  const ideal = Array.from({ length: Math.min(TOP, relevant.size) }, (_, i) => gain(i)).reduce(
    (sum, one) => sum + one,
    0,
  );
  const first = hits.indexOf(true);
  const top = shown.slice(0, TOP);
  return {
    ndcg10: ideal === 0 ? 0 : dcg / ideal,
    recall20: relevant.size === 0 ? 0 : hits.filter(Boolean).length / relevant.size,
    hit10: Number(hits.slice(0, TOP).includes(true)),
    mrr: first < 0 ? 0 : 1 / (first + 1),
    diversity: diversityOf(top),
    fresh: top.length === 0 ? 0 : top.filter(({ listedAt }) => isFresh(listedAt, at)).length / top.length,
  };
}

function isFresh(listedAt: string | null, at: string): boolean {
  return listedAt !== null && Date.parse(at) - Date.parse(listedAt) <= 7 * 86_400_000;
}

function diversityOf(top: readonly Offer[]): number {
  const pairs = top.flatMap((one, i) => top.slice(i + 1).map((other) => unlike(one, other)));
  return pairs.length === 0 ? 0 : pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length;
}

function unlike(one: Offer, other: Offer): number {
  const [a, b] = [Number(one.price ?? 0), Number(other.price ?? 0)];
  const differs = [
    buildingOf(one) !== buildingOf(other),
    one.city !== other.city,
    one.subtype !== other.subtype,
    Math.abs(a - b) > 0.1 * Math.max(a, b),
    one.bedrooms !== other.bedrooms,
  ];
  return differs.filter(Boolean).length / differs.length;
}

function mean(all: readonly Figures[]): Figures {
  const of = (name: (typeof names)[number]) =>
    all.length === 0 ? 0 : all.reduce((sum, one) => sum + one[name], 0) / all.length;
  return Object.fromEntries(names.map((name) => [name, of(name)])) as unknown as Figures;
}
