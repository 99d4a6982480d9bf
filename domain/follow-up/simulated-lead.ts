import { DateTime } from 'luxon';
import { z } from 'zod';
import { jsonPath, type Problem } from './document-tree.ts';
import { knownZone } from '../consent/zone-clock.ts';
import { ruleFacts } from '../crm/rule.ts';
import type { Iso, LeadState } from '../glossary.ts';
import type { ToldHome } from '../market/alert-words.ts';
import { changeKinds } from '../market/listing.ts';
import { type SequenceFact, type SequenceFacts, talkFacts } from './sequence.ts';

/** What happens to an invented lead while a sequence runs; the names of exits, and what undoes a takeover. */
const simulatedEvents = [
  ...(['reply', 'opt-out', 'stop-tag', 'takeover', 'booking', 'qualified', 'closed'] as const),
  'hand-back',
] as const;
type SimulatedEvent = (typeof simulatedEvents)[number];

/** A lead as somebody invents it, to see what a sequence would do with it. Names nobody. */
export interface SimulatedLead {
  readonly firstName: string | null;
  readonly location: string;
  /** IANA zone; null: not known. */
  readonly zone: string | null;
  readonly officeZone: string | null;
  /** Two letters; null: not known. */
  readonly state: string | null;
  readonly areaCode: string | null;
  readonly consents: Readonly<Record<'sms' | 'email', 'granted' | 'withdrawn' | 'none'>>;
  readonly origin: 'first-party' | 'bought' | 'unknown';
  /** Of the Do-Not-Call registries. */
  readonly registry: 'listed' | 'clear' | 'unknown';
  /** The team's own hours. */
  readonly quietHours: { readonly from: string; readonly to: string };
  readonly facts: SequenceFacts;
  readonly everReplied: boolean;
  /** When it was last heard from; null: when it is enrolled. */
  readonly heardAt: Iso | null;
  readonly appointmentAt: Iso | null;
  /** News of homes that waits for it, the best first. */
  readonly homes: readonly ToldHome[];
  /** In the order of their times. */
  readonly events: readonly { readonly at: Iso; readonly what: SimulatedEvent }[];
}

type ParsedLead =
  { readonly ok: true; readonly lead: SimulatedLead } | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads a lead file.
 * @param json  parsed JSON of any shape; times without an offset are on the wall of the lead's zone, in UTC where that is not known
 * @returns     the lead, or every problem at once, each with its place
 */
export function parseSimulatedLead(json: unknown): ParsedLead {
  const read = schema.safeParse(json);
  if (!read.success) {
    return { ok: false, problems: read.error.issues.map(({ path, message }) => ({ path: jsonPath(path), message })) };
  }
  const { facts, heardAt, appointmentAt, events, homes, ...plain } = read.data;
  const instant = (text: string): Iso => readTime(text, plain.zone)!;
  return {
    ok: true,
    lead: {
      ...plain,
      facts: Object.fromEntries(Object.entries(facts)),
      heardAt: heardAt === null ? null : instant(heardAt),
      appointmentAt: appointmentAt === null ? null : instant(appointmentAt),
      homes: homes.map((home, index) => toldHome(home, index, instant)),
      events: events
        .map(({ at, what }) => ({ at: instant(at), what }))
        .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)),
    },
  };
}

/** An instant from a wall time such as 2026-03-04T10:15, or from one with its offset; undefined for anything else. */
export function readTime(text: string, zone: string | null): Iso | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return undefined;
  const read = DateTime.fromISO(text, { zone: zone ?? 'utc' });
  return read.isValid ? read.toUTC().toISO() : undefined;
}

/** Weekday, day and time on the lead's clock, in UTC where its zone is not known, as `Tue 2026-03-03 09:00`. */
export function clockTime(at: Iso, { zone }: SimulatedLead): string {
  return DateTime.fromISO(at, { zone: zone ?? 'utc', locale: 'en-US' }).toFormat('ccc yyyy-MM-dd HH:mm');
}

/** A person works it from a takeover until it is handed back. */
export function stateAt({ events }: SimulatedLead, now: Iso): LeadState {
  const last = events.findLast(
    ({ at, what }) => (what === 'takeover' || what === 'hand-back') && Date.parse(at) <= Date.parse(now),
  );
  return last?.what === 'takeover' ? 'taken-over' : 'active';
}

const zone = z
  .string()
  .refine((name) => knownZone(name) !== undefined, 'expected a zone such as America/Chicago')
  .nullable()
  .default(null);

const consent = z.enum(['granted', 'withdrawn', 'none']).default('none');
const time = z
  .string()
  .refine((text) => readTime(text, null) !== undefined, 'expected a time such as 2026-03-04T10:15 or with its offset');

const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 09:00');

/** What the simulation itself knows is not to be told. */
const told = ['silentHours', 'consentSms', 'consentEmail', 'everReplied', 'appointment'];
const facts = [...ruleFacts, ...talkFacts].filter((fact) => !told.includes(fact)) as [SequenceFact];

const price = z.string().regex(/^\d{1,12}(?:\.\d\d)?$/, 'expected US dollars such as 425000.00');

/** News of a home as somebody invents it. */
const home = z.strictObject({
  kind: z.enum(changeKinds),
  price: price.nullable().default('425000.00'),
  priceBefore: price.nullable().default(null),
  city: z.string().min(1).nullable().default('Exampleton'),
  bedrooms: z.int().min(0).max(33).nullable().default(3),
  bathrooms: z.number().min(0).max(33).nullable().default(2),
  office: z.string().min(1).default('Example Homes'),
  source: z.string().min(1).default('Example MLS'),
  asOf: time.default('2026-03-03T12:00'),
  startsAt: time.nullable().default(null),
});

function toldHome(
  { kind, priceBefore, startsAt, office, source, asOf, ...rest }: z.output<typeof home>,
  index: number,
  instant: (text: string) => Iso,
): ToldHome {
  return {
    ...{ kind, priceBefore, startsAt: startsAt === null ? null : instant(startsAt) },
    listing: {
      ...{ listingKey: `simulated-${index + 1}`, market: 'simulated', status: 'active', propertyType: 'residential' },
      ...{
        postalCode: null,
        livingSqft: null,
        latitude: null,
        longitude: null,
        remarks: null,
        listedAt: null,
        listingId: null,
      },
      ...{
        subtype: null,
        address: null,
        state: null,
        county: null,
        lotSqft: null,
        yearBuilt: null,
        originalPrice: null,
      },
      ...{
        closePrice: null,
        closedOn: null,
        officeKey: null,
        agentKey: null,
        shown: true,
        addressShown: null,
        valuationShown: null,
        uses: null,
      },
      ...{ changedAt: instant(asOf), officeName: office, systemName: source, ...rest },
    },
  };
}

const schema = z.strictObject({
  firstName: z.string().nullable().default(null),
  location: z.string().min(1).default('Example Realty'),
  zone,
  officeZone: zone,
  state: z
    .string()
    .regex(/^[A-Z]{2}$/, 'expected two letters, such as TX')
    .nullable()
    .default(null),
  areaCode: z
    .string()
    .regex(/^[2-9]\d\d$/, 'expected the three digits of an area code')
    .nullable()
    .default(null),
  consents: z.strictObject({ sms: consent, email: consent }).default({ sms: 'none', email: 'none' }),
  origin: z.enum(['first-party', 'bought', 'unknown']).default('first-party'),
  registry: z.enum(['listed', 'clear', 'unknown']).default('clear'),
  quietHours: z.strictObject({ from: clock, to: clock }).default({ from: '08:00', to: '21:00' }),
  facts: z.partialRecord(z.enum(facts), z.union([z.string(), z.number()])).default({}),
  everReplied: z.boolean().default(false),
  heardAt: time.nullable().default(null),
  appointmentAt: time.nullable().default(null),
  homes: z.array(home).max(20).default([]),
  events: z.array(z.strictObject({ at: time, what: z.enum(simulatedEvents) })).default([]),
});
