import type { Iso } from '../../domain/glossary.ts';
import type { FollowUpHistory } from '../support/follow-up-judge.ts';
import { knownAreaCodes, placeOfAreaCode, zonesOfState } from '../support/law-places.ts';
import type { Random } from '../support/random.ts';

/** What happens to a lead in one month, as far as it does not depend on what we do. Times are milliseconds. */
export interface Month {
  readonly from: number;
  readonly to: number;
  /** The judge's own account of it, without what goes out. */
  readonly truth: FollowUpHistory;
  readonly happenings: readonly Happened[];
  /** While nothing of ours runs. */
  readonly outage: Stretch | null;
  readonly newNumber: boolean;
}

export interface Happened {
  readonly at: number;
  readonly contactId: string;
  readonly what:
    | { readonly kind: 'activated' }
    | { readonly kind: 'enrolled'; readonly pick: number }
    /** Read by us at `workedAt`; until then it waits in the inbox. `answerAt`: when the gate is asked about its answer. */
    | {
        readonly kind: 'message';
        readonly channel: 'sms' | 'email';
        readonly workedAt: number;
        readonly answerAt: number | null;
      }
    | { readonly kind: 'worked' }
    | { readonly kind: 'opt-out' }
    | { readonly kind: 'takeover'; readonly until: number }
    | { readonly kind: 'booked'; readonly id: string; readonly beginsAt: number }
    | { readonly kind: 'moved'; readonly id: string; readonly beginsAt: number }
    | { readonly kind: 'called-off'; readonly id: string }
    | { readonly kind: 'tier'; readonly becomes: 'hot' | 'warm' | 'cold' }
    | { readonly kind: 'qualified' }
    | { readonly kind: 'send-now' }
    | { readonly kind: 'enrolments-paused' }
    | { readonly kind: 'enrolments-resumed' }
    | { readonly kind: 'crm-text' };
}

interface Stretch {
  readonly at: number;
  readonly until: number;
}

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Days around which months begin: the clocks change, holidays, and any other time of the year. */
const seasons = [
  '2026-03-01',
  '2026-10-25',
  '2026-12-15',
  '2026-11-15',
  '2026-06-20',
  '2026-09-01',
  '2026-01-10',
  '2026-05-12',
];
const everyStateZone = [...new Set(Object.values(zonesOfState).flat())];
const teams = [
  { from: '08:00', to: '21:00' },
  { from: '08:00', to: '21:00' },
  { from: '09:00', to: '20:00' },
  { from: '10:00', to: '18:00' },
];

/** @param chances  `outage`: that nothing of ours runs for six hours, once in the month */
export function anyMonth(random: Random, chances: { readonly outage: number }): Month {
  const from = Date.parse(`${random.pick(seasons)}T00:00:00Z`) + random.below(5 * day);
  const to = from + 30 * day;
  const ids = random.chance(0.2) ? ['one', 'two'] : ['one'];
  const phone = random.chance(0.04) ? null : 'phone';
  const place = anyPlace(random);
  const where = phone === null ? { ...place, areaCode: null } : place;
  const contacts = Object.fromEntries(
    ids.map((id) => {
      const mail = random.chance(0.2) ? [] : [`${id}@example.com`];
      return [id, { ...where, reaches: [...(phone === null ? [] : [phone]), ...mail], bought: random.chance(0.04) }];
    }),
  );
  const time = (): number => from + random.below(to - from);
  const happenings: Happened[] = ids.flatMap((contactId) => anyHappenings(random, contactId, from, time));
  const optOuts: FollowUpHistory['optOuts'][number][] = [];
  const consents: FollowUpHistory['consents'][number][] = [];
  for (const contactId of ids) {
    const { reaches } = contacts[contactId]!;
    const stop = happenings.find((one) => one.contactId === contactId && one.what.kind === 'opt-out')?.at;
    const backAt = stop !== undefined && random.chance(0.3) ? stop + random.below(6 * day) : null;
    for (const reach of reaches) {
      if (stop !== undefined) optOuts.push({ reach, at: iso(stop), until: backAt === null ? null : iso(backAt) });
      // The CRM's own block: of the contact, and of no other that has the number.
      consents.push(...anyConsents(random, reach, from, time, stop));
    }
  }
  const spans = (chance: number, most: number): { at: Iso; until: Iso }[] =>
    random.chance(chance)
      ? [stretchIn(random, time(), most)].map(({ at, until }) => ({ at: iso(at), until: iso(until) }))
      : [];
  const contactSpans = (chance: number, most: number, why: string) =>
    ids.flatMap((contactId) => spans(chance, most).map((span) => ({ ...span, contactId, channel: null, why })));
  const gone = ids.flatMap((contactId) =>
    random.chance(0.03) ? [{ at: iso(time()), until: null, contactId, channel: null, why: 'gone' }] : [],
  );
  const location = (why: string, chance: number, channel: 'sms' | 'email' | null = null) =>
    spans(chance, 4 * day).map((span) => ({ ...span, contactId: null, channel, why }));
  const newNumber = random.chance(0.1);
  return {
    ...{ from, to, happenings: happenings.toSorted((a, b) => a.at - b.at), newNumber },
    outage: random.chance(chances.outage) ? sixHours(time()) : null,
    truth: {
      location: {
        ...{ quietHours: random.pick(teams), answersAtNight: random.chance(0.2) },
        ...{ sender: 'Example Realty', postalAddress: '1 Example Street, Albany NY 12207' },
      },
      ...{ contacts, consents, optOuts },
      takeovers: happenings.flatMap(({ at, contactId, what }) =>
        what.kind === 'takeover' ? [{ contactId, at: iso(at), until: iso(what.until) }] : [],
      ),
      inbound: happenings.flatMap(({ at, contactId, what }) =>
        what.kind === 'message' ? [{ at: iso(at), contactId, channel: what.channel }] : [],
      ),
      ends: [],
      shut: [
        ...contactSpans(0.05, 5 * day, 'do not disturb'),
        ...contactSpans(0.05, 5 * day, 'not activated'),
        ...gone,
        ...ids
          .filter((id) => contacts[id]!.reaches[0] !== 'phone')
          .map((contactId) => ({ at: iso(from), until: null, contactId, channel: 'sms' as const, why: 'no number' })),
        ...ids
          .filter((id) => !contacts[id]!.reaches.some((reach) => reach.includes('@')))
          .map((contactId) => ({
            at: iso(from),
            until: null,
            contactId,
            channel: 'email' as const,
            why: 'no address',
          })),
        ...location('paused', 0.05),
        ...location('parked', 0.03),
        ...location('unhealthy', 0.05, random.pick(['sms', 'email'])),
        ...(newNumber ? location('ramp', 0.5, 'sms').map((span) => ({ ...span, only: 'solicitation' as const })) : []),
      ],
      registry: phone === null ? [] : random.pick([[], [], [{ reach: phone, at: iso(from), until: null }]]),
      relationships:
        phone !== null && random.chance(0.3) ? [{ reach: phone, at: iso(from - day), until: iso(time()) }] : [],
      ...{ sent: [], calls: [] },
    },
  };
}

/** Signs of a place that agree, contradict each other or are missing. */
function anyPlace(random: Random) {
  const areaCode = random.chance(0.85) ? random.pick(knownAreaCodes) : null;
  const place = areaCode === null ? undefined : placeOfAreaCode(areaCode);
  const zone = random.chance(0.25)
    ? null
    : random.chance(0.75) && place
      ? random.pick(place.zones)
      : random.pick(everyStateZone);
  const state = random.chance(0.4)
    ? null
    : random.chance(0.8) && place
      ? place.state
      : random.pick(Object.keys(zonesOfState));
  return { areaCode, zone, state };
}

function anyConsents(random: Random, reach: string, from: number, time: () => number, stop: number | undefined) {
  const channel = reach.includes('@') ? ('email' as const) : ('sms' as const);
  const kind = random.below(10);
  if (kind === 0) return [];
  const at = kind === 1 ? time() : from - random.below(300 * day);
  const withdrawn = kind === 2 ? Math.max(at + minute, time()) : null;
  const ends = [withdrawn, stop === undefined || stop < at ? null : stop].filter((one) => one !== null);
  return [{ reach, channel, at: iso(at), until: ends.length === 0 ? null : iso(Math.min(...ends)) }];
}

function anyHappenings(random: Random, contactId: string, from: number, time: () => number): Happened[] {
  const some = (chance: number, most: number, make: (at: number) => Happened['what']): Happened[] =>
    Array.from({ length: random.chance(chance) ? 1 + random.below(most) : 0 }, () => {
      const at = time();
      return { at, contactId, what: make(at) };
    });
  const first = from + random.below(10 * minute);
  return [
    { at: first, contactId, what: { kind: 'activated' } },
    ...some(0.5, 2, () => ({ kind: 'enrolled', pick: random.below(1_000) })),
    ...Array.from({ length: random.below(4) }, () => {
      const at = time();
      const workedAt = at + (random.chance(0.08) ? random.below(3 * hour) : random.below(20_000));
      const answerAt = random.chance(0.7) ? workedAt + random.below(90 * minute) : null;
      return message(contactId, at, random.chance(0.8) ? 'sms' : 'email', workedAt, answerAt);
    }).flat(),
    // A burst of questions, each with its answer.
    ...(random.chance(0.02) ? burst(random, contactId, time()) : []),
    ...some(0.12, 1, () => ({ kind: 'opt-out' })),
    ...some(0.12, 2, (at) => ({ kind: 'takeover', until: at + random.below(5 * day) })),
    ...bookings(
      random,
      contactId,
      some(0.2, 1, (at) => ({ kind: 'booked', id: 'visit', beginsAt: at + random.below(8 * day) })),
    ),
    ...some(0.1, 1, () => ({ kind: 'tier', becomes: random.pick(['hot', 'warm', 'cold']) })),
    ...some(0.05, 1, () => ({ kind: 'qualified' })),
    ...some(0.1, 2, () => ({ kind: 'send-now' })),
    ...some(0.05, 1, () => ({ kind: 'enrolments-paused' })).flatMap((one) => [
      one,
      { at: one.at + random.below(4 * day), contactId, what: { kind: 'enrolments-resumed' } } as const,
    ]),
    ...some(0.15, 3, () => ({ kind: 'crm-text' })),
  ];
}

function burst(random: Random, contactId: string, at: number): Happened[] {
  return Array.from({ length: 26 }, (_, n) => {
    const asked = at + n * 10 * minute;
    const workedAt = asked + random.below(5_000);
    return message(contactId, asked, 'sms', workedAt, workedAt + random.below(minute));
  }).flat();
}

function message(
  contactId: string,
  at: number,
  channel: 'sms' | 'email',
  workedAt: number,
  answerAt: number | null,
): Happened[] {
  return [
    { at, contactId, what: { kind: 'message', channel, workedAt, answerAt } },
    { at: workedAt, contactId, what: { kind: 'worked' } },
  ];
}

function bookings(random: Random, contactId: string, booked: readonly Happened[]): Happened[] {
  return booked.flatMap((one) => {
    if (one.what.kind !== 'booked') return [one];
    const at = one.at + random.below(2 * day);
    const { id } = one.what;
    if (random.chance(0.2)) return [one, { at, contactId, what: { kind: 'called-off', id } }];
    if (random.chance(0.3))
      return [one, { at, contactId, what: { kind: 'moved', id, beginsAt: at + random.below(5 * day) } }];
    return [one];
  });
}

function stretchIn(random: Random, at: number, most: number): Stretch {
  return { at, until: at + 1 + random.below(most) };
}

function sixHours(at: number): Stretch {
  return { at, until: at + 6 * hour };
}

export function iso(at: number): Iso {
  return new Date(at).toISOString();
}
