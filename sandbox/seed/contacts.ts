import type { ContactSnapshot, FieldValue } from '../../domain/leads/contact.ts';
import type { Tier } from '../../domain/glossary.ts';
import type { ScoreFacts } from '../../domain/scoring/score.ts';
import type { LocationSettings } from '../../domain/leads/settings.ts';
import { firstNames, lastNames } from './names.ts';
import { metros } from './metros.ts';
import type { Person } from './people.ts';
import { type Dice, createDice, weighted, zipf } from './random.ts';
import { iso } from './table.ts';

/** What a team's custom fields say of a lead; absent: nobody filled the field in. */
export type FieldFacts = Pick<
  ScoreFacts,
  'budget' | 'timeline' | 'pageViews' | 'emailsSent' | 'emailOpens' | 'emailClicks' | 'propertyMatches' | 'source'
>;

const firstName = zipf(firstNames, 0.75);
const lastName = zipf(lastNames, 0.7);
const anyAreaCode = metros.flatMap((metro) => metro.areaCodes);

const source = weighted<string | null>([
  ['Zillow', 22],
  ['Facebook Ads', 19],
  ['Website', 14],
  [null, 12],
  ['Google PPC', 9],
  ['Referral', 8],
  ['Open House', 6],
  ['Organic search', 5],
  ['Realtor.com', 3],
  ['Sign call', 2],
]);

const timeline = weighted([
  ['exploring', 50],
  ['soon', 32],
  ['immediate', 18],
]);

/** Tags that teams hang on contacts, the commonest first. */
const tag = zipf(
  `Facebook Lead,Buyer,Zillow,Newsletter,Past Client,Open House,First-Time Buyer,Seller,Nurture,No Answer,Investor,Luxury,Pre-Approved,
  Relocating,Renter,Sphere,Cash Buyer,Callback,Wrong Number,Referral,VIP,New Construction,Condo,Downsizing,Military,Divorce,Probate,
  Expired Listing,FSBO,Land,Commercial,Short Sale,Foreclosure,Waterfront,Golf,Horse Property,Multi-Family,Vacation Home,1031 Exchange,
  Spanish Speaking,Vendor,Lender,Past Due,Event 2024,Event 2025,Holiday Card,Webinar,Podcast,Do Not Mail,Student Housing`
    .split(',')
    .map((text) => text.trim()),
  1.1,
);

/** Facts before the lead has a score. */
export function fieldFacts(seed: number): (person: Person) => FieldFacts {
  const dice = createDice(seed);
  return (person) => {
    const { interest, seat, answered } = person;
    dice.at('facts', person.lead);
    const from = source(dice);
    const emailsSent = Math.floor(dice.wait(9));
    const opened = Math.min(0.95, Math.max(0, 0.32 + 0.2 * interest + 0.1 * dice.normal()));
    const emailOpens = Math.round(emailsSent * opened);
    const budget = Math.round((seat.metro.median * Math.exp(0.35 * dice.normal())) / 5_000) * 5_000;
    const views = Math.floor(dice.wait(6 * Math.exp(0.6 * interest)));
    const matches = Math.floor(dice.wait(4 * Math.exp(0.4 * interest)));
    const when = interest > 0.8 && dice.chance(0.5) ? 'immediate' : timeline(dice);
    return {
      ...(from === null ? {} : { source: from }),
      ...(emailsSent > 0 && dice.chance(0.8)
        ? { emailsSent, emailOpens, emailClicks: Math.round(emailOpens * 0.3) }
        : {}),
      ...(dice.chance(answered > 1 ? 0.95 : 0.25) ? { budget } : {}),
      ...(dice.chance(answered > 0 ? 0.9 : 0.2) ? { timeline: when } : {}),
      ...(dice.chance(0.6) ? { pageViews: views } : {}),
      ...(dice.chance(0.4) ? { propertyMatches: matches } : {}),
    };
  };
}

/** The contact as the CRM gave it, as JSON. */
export function snapshots(
  seed: number,
  settings: LocationSettings,
): (person: Person, facts: FieldFacts, score: { value: number; tier: Tier } | null) => string {
  const dice = createDice(seed);
  const fieldIds = fieldIdsOf(seed);
  return (person, facts, score) => {
    const { seat, createdAt, activated, state } = person;
    dice.at('snapshot', person.lead);
    const first = firstName(dice);
    const last = lastName(dice);
    const phone = dice.chance(0.92) ? phoneNumber(dice, person) : null;
    const mail = dice.chance(0.88) ? `${first}.${last}${dice.between(1, 9999)}@example.com`.toLowerCase() : null;
    const tags = [
      ...(activated ? [dice.pick(settings.activationTags)] : []),
      ...(activated && state === 'stopped' ? [dice.pick(settings.stopTags)] : []),
      ...(score === null ? [] : [settings.tierTags[score.tier]]),
      ...Array.from({ length: Math.min(6, Math.floor(dice.wait(1.8))) }, () => tag(dice)),
    ];
    const known: ContactSnapshot = {
      firstName: first,
      lastName: dice.chance(0.97) ? last : null,
      email: mail,
      phone,
      timezone: dice.chance(0.7) ? seat.metro.zone : null,
      state: seat.metro.state,
      country: 'US',
      postalCode: `${seat.metro.postal}${String(dice.between(1, 99)).padStart(2, '0')}`,
      source: facts.source ?? null,
      assignedTo: dice.chance(0.8) ? dice.pick(seat.agentIds) : null,
      tags: [...new Set(tags)],
      dnd: dice.chance(0.02),
      dateAdded: iso(createdAt),
    };
    const fields = customFields(dice, fieldIds(seat.index), person, facts, score);
    return `${JSON.stringify(known).slice(0, -1)},"customFields":{${fields.join()}}}`;
  };
}

/** Half of the numbers of a team are local ones; the exchange is 555, which nobody has. */
function phoneNumber(dice: Dice, { seat }: Person): string {
  const area = dice.pick(dice.chance(0.45) ? seat.metro.areaCodes : anyAreaCode);
  return `+1${area}555${String(dice.between(0, 9999)).padStart(4, '0')}`;
}

/** Of each location its own, shared by all of its leads, as GoHighLevel makes them. */
function fieldIdsOf(seed: number): (location: number) => readonly string[] {
  const dice = createDice(seed);
  const known = new Map<number, readonly string[]>();
  return (location) => {
    const ids =
      known.get(location) ?? Array.from({ length: FIELDS }, (_, field) => dice.at('field', location, field).id());
    known.set(location, ids);
    return ids;
  };
}

const FIELDS = 13;
const financing = weighted([
  ['conventional', 45],
  ['fha', 22],
  ['cash', 18],
  ['va', 10],
  ['unsure', 5],
]);
const campaign = zipf(
  Array.from({ length: 200 }, (_, n) => `campaign-${n + 1}`),
  1,
);

/** Members of a JSON object. An object that has other keys in every location would be made slowly a million times. */
function customFields(
  dice: Dice,
  ids: readonly string[],
  { seller, seat }: Person,
  facts: FieldFacts,
  score: { value: number; tier: Tier } | null,
): readonly string[] {
  const values: readonly (FieldValue | undefined)[] = [
    score === null ? undefined : Math.round(score.value),
    score?.tier,
    facts.budget,
    facts.timeline,
    facts.pageViews,
    facts.emailsSent,
    facts.emailOpens,
    facts.emailClicks,
    facts.propertyMatches,
    dice.chance(0.7) ? (seller ? 'seller' : 'buyer') : undefined,
    dice.chance(0.3) ? dice.chance(0.4) : undefined,
    dice.chance(0.35) ? financing(dice) : undefined,
    dice.chance(0.5) ? (dice.chance(0.7) ? campaign(dice) : dice.pick(seat.metro.cities).name) : undefined,
  ];
  return values.flatMap((value, field) => (value === undefined ? [] : [`"${ids[field]!}":${JSON.stringify(value)}`]));
}
