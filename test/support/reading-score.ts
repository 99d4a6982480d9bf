import { z } from 'zod';
import { intents, pathways } from '../../domain/assistant/understood.ts';
import type { Intent, Understood } from '../../domain/assistant/understood.ts';
import { conditions, homeWords, motives } from '../../domain/leads/home-words.ts';
import { questions } from '../../domain/leads/lead.ts';

/**
 * One labelled message, a line of JSON. A label says what a careful person would write down who has only this message, the question that the
 * team asked last and the times that it offered; what the message does not say is left out.
 *
 * `intent`, the first that holds, in this order:
 *   sell      wants to sell, list or let a home of their own, or asks what it is worth (even while asking about something else)
 *   viewing   wants to see a home: a showing, a tour, an open house, one of the offered times (taken, refused or moved)
 *   buy       wants to buy a home or is interested in one ("I'm interested in 12 Elm St"), or says unasked what home they look for
 *             ("3 bed in Tampa under 400k?"); not: asks about a home without saying so
 *   question  asks something, or asks for something: details, a document, a call, a person; with or without a question mark
 *   greeting  a hello, a thank-you or a goodbye and nothing else
 *   unknown   all the rest: bare answers to the team's question ("450k", "yes", "Brandon"), "ok", wrong numbers, "no longer looking",
 *             opt-outs, noise
 *
 * `facts`:
 *   budget      dollars, a whole number: what they would pay, of a seller what they would like to get. Of a range the upper end. No rent, income,
 *               deposit, debt, or price of a listing that they ask about. "450" is 450000 only as the answer to `asked: "budget"`
 *   area        the place they want to live in or sell in, in their words without a preposition ("South Tampa", "downtown", "33602"). Of several the
 *               first; a list of strings means any of them will do. No school, no house of worship, no street address of a listing they ask about, no
 *               place they move away from. Compared without case, accents, punctuation, a leading "the" and a state behind it
 *   location    the same as `area`; either may be labelled
 *   timeline    immediate: within a month · soon: within half a year · exploring: later, or no hurry. Of a range the later end; the last thing
 *               said counts. Names of months and days are not read, and the time of a viewing or call is none
 *   bedrooms    a number; of a range or "at least 3" the lower one
 *   mustHaves   of the home they look for, or have to sell, those of `homeWords` that are said; a thing that they ask a listing about or do not want is none
 *   property    all of the home in one line: `3 bed, 2 bath, pool`. Beds and must-haves need not be labelled twice; baths only fit here
 *   financing   true: there is a plan for the money (approved, cash, a lender at work) · false: none yet. Whatever loan it is
 *   motivation  one of `motives`; `stated` only as the answer to `asked: "motivation"` when a reason is given and none of the others fits
 *   condition   one of `conditions`, of a seller's own home: what needs doing outweighs what was done
 *   pathway     of a seller. list: on the market, with an agent · cash-offer: a quick or cash sale, an investor · rent-out: let it rather than sell ·
 *               unsure: says that they do not know which. "I want to sell" alone is none
 *   slot        the key of the offered time that they take, `none` when none of them fits; only where `offered` is there
 *   wantsHuman  true: asks for a person, a call, or not to talk to a machine
 */
const label = z.strictObject({
  id: z.string().min(1),
  channel: z.enum(['sms', 'email', 'chat', 'portal', 'voicemail', 'social']),
  asked: z.enum(questions).optional(),
  offered: z.array(z.strictObject({ key: z.string(), text: z.string() })).optional(),
  text: z.string(),
  intent: z.enum(intents),
  facts: z.strictObject({
    budget: z.number().int().positive().optional(),
    location: z.union([z.string(), z.array(z.string())]).optional(),
    timeline: z.enum(['immediate', 'soon', 'exploring']).optional(),
    property: z.string().optional(),
    financing: z.boolean().optional(),
    motivation: z.enum(motives).optional(),
    condition: z.enum(conditions).optional(),
    area: z.union([z.string(), z.array(z.string())]).optional(),
    bedrooms: z.number().positive().optional(),
    mustHaves: z.array(z.enum(homeWords)).optional(),
    pathway: z.enum(pathways).optional(),
    slot: z.string().optional(),
    wantsHuman: z.literal(true).optional(),
  }),
});
export type ReadingLabel = z.infer<typeof label>;

/** @throws for a line that is no label, with its number */
export function readingLabels(lines: string): ReadingLabel[] {
  return lines
    .split('\n')
    .map((line, at) => ({ line, at: at + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, at }) => {
      const read = label.safeParse(JSON.parse(line));
      if (!read.success) throw new Error(`Line ${at} is no label: ${z.prettifyError(read.error)}`);
      return read.data;
    });
}

/** One thing that a reading got wrong. `made-up` and `missed` of the same field together are a wrong value. */
export interface Miss {
  readonly id: string;
  readonly field: string;
  readonly what: 'intent' | 'made-up' | 'missed';
  readonly wanted: string;
  readonly got: string;
}

export interface ReadingScore {
  readonly messages: number;
  /** Mean of the classes that are labelled or read at all. */
  readonly macroF1: number;
  readonly f1: Readonly<Partial<Record<Intent, number>>>;
  /** Of all facts together; a fact counts once, however many fields say it. Null: none were read, or none labelled. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly read: number;
  readonly labelled: number;
  readonly byField: Readonly<
    Record<string, { readonly right: number; readonly read: number; readonly labelled: number }>
  >;
  readonly misses: readonly Miss[];
}

/** How well a reader does on labelled messages. */
export function readingScore(labels: readonly ReadingLabel[], read: (one: ReadingLabel) => Understood): ReadingScore {
  const pairs = labels.map((one) => ({ one, got: read(one) }));
  const byField: Record<string, { right: number; read: number; labelled: number }> = {};
  const misses: Miss[] = [];
  for (const { one, got } of pairs) {
    if (got.intent !== one.intent) {
      misses.push({ id: one.id, field: 'intent', what: 'intent', wanted: one.intent, got: got.intent });
    }
    const wanted = claimsOf(one.facts);
    const made = claimsOf(factsOf(got));
    const fits = (claim: Claim, among: readonly Claim[]) => among.some((other) => agree(claim, other));
    for (const claim of made) {
      const count = (byField[claim.field] ??= { right: 0, read: 0, labelled: 0 });
      count.read += 1;
      if (fits(claim, wanted)) count.right += 1;
      else misses.push({ id: one.id, field: claim.field, what: 'made-up', wanted: '', got: claim.values.join('|') });
    }
    for (const claim of wanted) {
      (byField[claim.field] ??= { right: 0, read: 0, labelled: 0 }).labelled += 1;
      if (fits(claim, made)) continue;
      misses.push({ id: one.id, field: claim.field, what: 'missed', wanted: claim.values.join('|'), got: '' });
    }
  }
  const sum = (of: 'right' | 'read' | 'labelled') => Object.values(byField).reduce((all, one) => all + one[of], 0);
  const f1 = f1ByIntent(pairs.map(({ one, got }) => [one.intent, got.intent]));
  const scores = Object.values(f1);
  return {
    messages: labels.length,
    macroF1: scores.length === 0 ? 0 : scores.reduce((all, one) => all + one, 0) / scores.length,
    f1,
    precision: sum('read') === 0 ? null : sum('right') / sum('read'),
    recall: sum('labelled') === 0 ? null : sum('right') / sum('labelled'),
    read: sum('read'),
    labelled: sum('labelled'),
    byField,
    misses,
  };
}

/** What is said, field by field; any of the values will do. */
interface Claim {
  readonly field: string;
  readonly values: readonly string[];
}

function agree(one: Claim, other: Claim): boolean {
  return one.field === other.field && one.values.some((value) => other.values.includes(value));
}

/** The beds of a property are its bedrooms, its other parts are must-haves, and a location is an area: each is one claim. */
function claimsOf({ location, area, property, bedrooms, mustHaves, ...rest }: ReadingLabel['facts']): Claim[] {
  const parts = (property ?? '').split(',').map((part) => part.trim().toLowerCase());
  const beds = parts.filter((part) => / bed$/.test(part)).map((part) => String(Number(part.replace(' bed', ''))));
  const others = [...parts.filter((part) => part !== '' && !/ bed$/.test(part)), ...(mustHaves ?? [])];
  const places = [location ?? [], area ?? []].flat().map(placeKey);
  const counts = [...beds, ...(bedrooms === undefined ? [] : [String(bedrooms)])];
  return [
    ...Object.entries(rest).map(([field, value]) => ({ field, values: [String(value)] })),
    ...(places.length > 0 ? [{ field: 'area', values: places }] : []),
    ...[...new Set(counts)].map((count) => ({ field: 'bedrooms', values: [count] })),
    ...[...new Set(others.map((part) => part.toLowerCase()))].map((part) => ({ field: 'home', values: [part] })),
  ];
}

function placeKey(place: string): string {
  return place
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/^(?:the|el|la|los|las) /, '')
    .replace(/ (?:tx|texas|fl|florida|az|arizona|ca|california|nv|nevada|nc|ga|georgia|co|colorado)$/, '');
}

function factsOf(got: Understood): ReadingLabel['facts'] {
  const { area, bedrooms, mustHaves, pathway, slot, wantsHuman } = got;
  const facts = {
    ...Object.fromEntries(Object.entries(got.answers).map(([question, { value }]) => [question, value])),
    ...(area === undefined ? {} : { area: area.value }),
    ...(bedrooms === undefined ? {} : { bedrooms: bedrooms.value }),
    ...(mustHaves === undefined ? {} : { mustHaves: mustHaves.map(({ value }) => value) }),
    ...(pathway === undefined ? {} : { pathway: pathway.value }),
    ...(slot === undefined ? {} : { slot: slot.value }),
    ...(wantsHuman === undefined ? {} : { wantsHuman: true }),
  };
  return facts as ReadingLabel['facts'];
}

export function f1ByIntent(
  pairs: readonly (readonly [wanted: Intent, got: Intent])[],
): Partial<Record<Intent, number>> {
  const rows = intents.map((intent) => {
    const wanted = pairs.filter(([one]) => one === intent).length;
    const got = pairs.filter(([, one]) => one === intent).length;
    const right = pairs.filter(([one, other]) => one === intent && other === intent).length;
    return [intent, wanted + got === 0 ? null : (2 * right) / (wanted + got)] as const;
  });
  return Object.fromEntries(rows.filter(([, score]) => score !== null));
}
