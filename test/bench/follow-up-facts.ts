import { withFooter } from '../../domain/consent/email-footer.ts';
import { withDisclosure, wordsFacts } from '../../domain/consent/disclosure.ts';
import { countedMs, type GateFacts, type Known } from '../../domain/consent/facts.ts';
import { whereaboutsOf } from '../../domain/consent/whereabouts.ts';
import type { Purpose } from '../../domain/glossary.ts';
import type { SentMessage } from '../support/follow-up-judge.ts';
import { day, hour, iso, type Month } from './follow-up-month.ts';

/** What is asked about: a message in its last words, or a task to call. */
export interface Asked {
  readonly contactId: string;
  readonly purpose: Purpose;
  readonly channel: 'sms' | 'email' | 'call-task';
  readonly text: string;
  /** Of a step of an enrolment. */
  readonly isStep: boolean;
  readonly wanted: boolean | 'paused' | 'told';
}

/** What stores and CRM would answer at that instant: read off the month as it is, and what went out until then. */
export function factsAt(month: Month, sent: readonly SentMessage[], asked: Asked, now: number): GateFacts {
  const { truth } = month;
  const file = truth.contacts[asked.contactId]!;
  const { reaches } = file;
  const mine = (reach: string): boolean => reaches.includes(reach);
  const is = (why: string): boolean => isShut(month, why, asked, now);
  const [phone] = reaches.filter((reach) => !reach.includes('@'));
  const before = sent.filter((one) => truth.contacts[one.contactId]!.reaches.some(mine));
  const lately = before.filter((one) => one.purpose === asked.purpose && Date.parse(one.at) > now - countedMs);
  const first = !before.some((one) => one.by === 'us' && one.channel === 'sms');
  const wrote = truth.inbound.findLast(
    (one) => one.contactId === asked.contactId && one.channel === asked.channel && Date.parse(one.at) <= now,
  );
  const unworked = month.happenings.filter(
    ({ at, contactId, what }) =>
      what.kind === 'message' && contactId === asked.contactId && at <= now && now < what.workedAt,
  );
  const block = is('do not disturb');
  return {
    ...{ now: iso(now), channel: asked.channel, purpose: asked.purpose },
    ...(asked.isStep ? { step: true as const } : {}),
    ...(asked.channel === 'call-task' ? { calls: true as const } : {}),
    contact: known({
      ...whereaboutsOf({
        ...{ timezone: file.zone, state: file.state },
        phone: phone === undefined || file.areaCode === null ? null : `+1${file.areaCode}5550142`,
      }),
      ...{ exists: !is('gone'), hasPhone: phone !== undefined, hasEmail: reaches.some((reach) => reach.includes('@')) },
      // By one of the CRM's two switches.
      ...{
        dnd: block && now % 2 === 0,
        dndChannel: block && now % 2 === 1 ? ('on' as const) : ('off' as const),
        tags: [],
      },
    }),
    consent: known(standing(month, asked, mine, now)),
    suppressed: known(truth.optOuts.some((one) => mine(one.reach) && holds(one, now))),
    sentIn24h: known({ count: lately.length, oldestAt: lately[0]?.at ?? null }),
    wroteAt: known(wrote?.at ?? null),
    state: known(
      truth.takeovers.some((one) => isOnePerson(month, one.contactId, asked.contactId) && holds(one, now))
        ? 'taken-over'
        : 'active',
    ),
    location: known(is('parked') ? 'parked' : is('paused') ? 'paused' : 'active'),
    sending: known(tally(is('unhealthy'), is('ramp'), now)),
    unworkedInbound: known(unworked.length),
    wanted: known(asked.wanted),
    activated: known(!is('not activated')),
    words:
      asked.channel === 'call-task'
        ? null
        : wordsFacts(asked.channel, { body: asked.text }, truth.location.sender, asked.channel === 'sms' && first),
    quietHours: truth.location.quietHours,
    answersAtNight: truth.location.answersAtNight,
    capPer24h: 3,
    // Half of what makes GHL warn, and less than what makes it block.
    health: {
      ...{ failureRate: 0.06, optOutRate: 0.008, complaintRate: 0.001, leastSent: 50 },
      newNumberSince: month.newNumber ? iso(month.from + 10 * day) : null,
    },
  };
}

function standing(month: Month, { channel, contactId }: Asked, mine: (reach: string) => boolean, now: number) {
  const { consents, registry, relationships, contacts } = month.truth;
  const given = consents.filter((one) => mine(one.reach) && (channel === 'call-task' || one.channel === channel));
  const relationship = relationships.find((one) => mine(one.reach) && holds(one, now));
  return {
    written: given.some((one) => holds(one, now)) ? ('granted' as const) : ('none' as const),
    record: null,
    origin: contacts[contactId]!.bought ? ('bought' as const) : ('first-party' as const),
    registry: registry.some((one) => mine(one.reach) && holds(one, now)) ? ('listed' as const) : ('clear' as const),
    relationship: relationship === undefined ? null : { kind: 'inquiry' as const, until: relationship.until! },
  };
}

/** Unhealthy: paused already, or 1.2 % of a thousand opted out. */
function tally(
  unhealthy: boolean,
  overRamp: boolean,
  now: number,
): Extract<GateFacts['sending'], { known: true }>['value'] {
  const paused = unhealthy && now % 2 === 0;
  return {
    paused: paused ? { since: iso(now - hour), why: 'opt-outs' } : null,
    ...{ sent: 1_000, failed: 4, optedOut: unhealthy && !paused ? 12 : 1, complained: 0 },
    ...{ segments: overRamp ? 5_000 : 20, oldestAt: iso(now - hour) },
  };
}

/** The last words of a message as the product makes them. */
export function lastWords(month: Month, sent: readonly SentMessage[], asked: Omit<Asked, 'wanted' | 'isStep'>): string {
  const { sender, postalAddress } = month.truth.location;
  if (asked.channel === 'email') {
    const unsubscribeUrl = `https://leads.example.com/u/${'t'.repeat(160)}`;
    return asked.purpose === 'solicitation'
      ? withFooter(asked.text, { sender, postalAddress, unsubscribeUrl })
      : asked.text;
  }
  const { reaches } = month.truth.contacts[asked.contactId]!;
  const first = !sent.some(
    (one) =>
      one.by === 'us' &&
      one.channel === 'sms' &&
      month.truth.contacts[one.contactId]!.reaches.some((r) => reaches.includes(r)),
  );
  return first && asked.channel === 'sms' ? withDisclosure(asked.text, sender) : asked.text;
}

/** Contacts that share a number or an address are one person. */
export function isOnePerson({ truth }: Month, one: string, other: string): boolean {
  return truth.contacts[one]!.reaches.some((reach) => truth.contacts[other]!.reaches.includes(reach));
}

function isShut(month: Month, why: string, { contactId, channel }: Asked, now: number): boolean {
  return month.truth.shut.some(
    (one) =>
      one.why === why &&
      (one.contactId ?? contactId) === contactId &&
      (one.channel ?? channel) === channel &&
      holds(one, now),
  );
}

function holds({ at, until }: { readonly at: string; readonly until: string | null }, now: number): boolean {
  return now >= Date.parse(at) && (until === null || now < Date.parse(until));
}

function known<T>(value: T): Known<T> {
  return { known: true, value };
}
