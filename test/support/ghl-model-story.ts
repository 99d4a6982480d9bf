import { phoneAbroad } from './brokerage.ts';
import type { Question } from '../../domain/leads/lead.ts';
import { createRandom, type Random } from './random.ts';

/**
 * What happens in a team's CRM over a stretch of time, as data: people create, tag and edit contacts, leads write. Nothing in here knows
 * the product; what each text says is labelled by hand.
 */

/** A text of a lead, and what a human reads in it. */
export interface Text {
  readonly words: string;
  readonly says: Readonly<Partial<Record<Question, string | number | boolean>>>;
  readonly side?: 'sell';
  /** Does it hold a number? */
  readonly number?: true;
  readonly optOut?: 'clear' | 'ambiguous';
}

export type What =
  | { readonly kind: 'create' }
  | { readonly kind: 'tag'; readonly add: readonly string[]; readonly remove: readonly string[] }
  /** A custom field that is the team's own. */
  | { readonly kind: 'field'; readonly key: string; readonly value: string }
  | { readonly kind: 'edit'; readonly city: string }
  | { readonly kind: 'dnd'; readonly on: boolean }
  | { readonly kind: 'text'; readonly text: Text }
  /** Written by hand in the CRM's app. */
  | { readonly kind: 'colleague'; readonly words: string }
  | { readonly kind: 'note'; readonly words: string }
  | { readonly kind: 'task'; readonly title: string }
  | {
      readonly kind: 'opportunity';
      readonly pipeline: 'ours' | 'other';
      readonly stage: number;
      readonly value: number;
    }
  /** A change of the one that stands in the team's pipeline, by hand. */
  | { readonly kind: 'moved'; readonly stage: number }
  | { readonly kind: 'valued'; readonly value: number }
  | { readonly kind: 'closed'; readonly status: 'won' | 'lost' }
  | { readonly kind: 'delete' };

export interface Happening {
  readonly who: number;
  readonly what: What;
}

export interface Person {
  readonly who: number;
  readonly firstName: string;
  readonly email: string;
  readonly phone: string;
  readonly source: string;
  readonly tags: readonly string[];
  /** Custom fields by key, as the contact is created. */
  readonly fields: Readonly<Record<string, string | number>>;
}

/** The chapters follow one another: within one the news may come in any order, and the next begins when it has been worked. */
export interface Story {
  readonly people: readonly Person[];
  readonly chapters: readonly (readonly Happening[])[];
}

/** Fields of the team's own, which nothing but people may write. */
export const teamFields = ['contact.favourite_park', 'contact.moving_with'] as const;
const teamTags = ['Open House', 'VIP', 'Newsletter', 'Met Once', 'Investor Club', 'Relocation Desk'] as const;

const text = (words: string, says: Text['says'], more: Omit<Text, 'words' | 'says'> = {}): Text => ({
  words,
  says,
  ...more,
});

const chatter: readonly Text[] = [
  text('Is it near a park?', {}),
  text('How old is the roof?', {}),
  text('Thank you, that helps.', {}),
  text('Is it still there? What are the taxes?', {}),
];

/**
 * In this order a lead may become more urgent and never less. With the fields of `personOf` whoever is in a hurry is hot and nobody else
 * is, whatever was written besides: so nobody is hot between two colder states, in no order of the news.
 */
const hurries: readonly Text[] = [
  text('We are just looking, no hurry at all.', { timeline: 'exploring' }),
  text('We need to move as soon as possible.', { timeline: 'immediate' }),
];

const answers: readonly Text[] = [
  text('Our budget is $250,000.', { budget: 250_000 }, { number: true }),
  text('We can spend up to $420k.', { budget: 420_000 }, { number: true }),
  text('Our budget went up to $650,000.', { budget: 650_000 }, { number: true }),
  text('We would love to live in Austin.', { location: 'Austin' }),
  text('Somewhere near Round Rock would be best.', { location: 'Round Rock' }),
  text('We want 3 bedrooms and 2 baths.', { property: '3 bed, 2 bath' }, { number: true }),
  text('A house with a pool would be great.', { property: 'pool' }),
  text('We are pre-approved.', { financing: true }),
  text('I am relocating for a new job.', { motivation: 'relocating' }),
];

const ofSellers: readonly Text[] = [
  text('We want to sell our house. It needs some work.', { condition: 'needs work' }, { side: 'sell' }),
  text('We hope to get $480,000.', { budget: 480_000 }, { number: true }),
  text('The house is in Austin.', { location: 'Austin' }),
  text('We are downsizing.', { motivation: 'downsizing' }),
];

const stop = text('STOP', {}, { optOut: 'clear' });
const unsure = text('Is this the wrong number?', {}, { optOut: 'ambiguous' });

type Cohort = 'welcomed' | 'writer' | 'seller' | 'late' | 'talked-to' | 'unsure';

const cohorts: readonly Cohort[] = [
  ...([
    'welcomed',
    'welcomed',
    'welcomed',
    'welcomed',
    'writer',
    'writer',
    'writer',
    'writer',
    'writer',
    'writer',
  ] as const),
  ...(['writer', 'writer', 'writer', 'seller', 'seller', 'late', 'late', 'talked-to', 'talked-to', 'unsure'] as const),
];

/**
 * A story of so many people and happenings. Three quarters are the first chapter; in the second people also silence leads, close and
 * move opportunities, activate those who waited, and delete.
 */
export function storyOf(seed: number, count: { readonly people: number; readonly happenings: number }): Story {
  const random = createRandom(seed);
  const people = Array.from({ length: count.people }, (_none, who) => personOf(random, seed, who));
  const begun = people.map(({ who }): Happening => ({ who, what: { kind: 'create' } }));
  const hurry = people.map(() => 0);
  const texts = people.map(() => 0);
  const more = (chapter: 0 | 1, length: number): Happening[] =>
    Array.from({ length }, () => {
      const who = random.below(people.length);
      return { who, what: happening(random, cohortOf(who), chapter, who, hurry, texts) };
    });
  const second = Math.round(count.happenings / 4);
  // Of the late ones some are in the team's pipeline before we may act: theirs is to be found, and no second one made.
  const standing = people
    .filter(({ who }) => cohortOf(who) === 'late' && who % 2 === 0)
    .map(({ who }): Happening => ({ who, what: { kind: 'opportunity', pipeline: 'ours', stage: 0, value: 90_000 } }));
  const ends = people.flatMap(({ who }): Happening[] => endOf(random, cohortOf(who), who));
  return {
    people,
    chapters: [
      // Everybody is created before anything else is done to them, and not all at the beginning.
      interleaved(random, begun, [...standing, ...more(0, count.happenings - second - begun.length - standing.length)]),
      mixed(random, [...ends, ...more(1, Math.max(0, second - ends.length))]),
    ],
  };
}

function cohortOf(who: number): Cohort {
  return cohorts[who % cohorts.length]!;
}

function personOf(random: Random, seed: number, who: number): Person {
  const cohort = cohortOf(who);
  const tags = cohort === 'late' ? [] : ['Hit List'];
  if (cohort === 'welcomed') tags.push('sms-consent');
  return {
    who,
    firstName: `Sample${who}`,
    email: `model-${seed}-${who}@example.com`,
    phone: phoneAbroad(who),
    source: random.pick(['referral', 'organic search', 'paid ad', 'walk-in']),
    tags: [...tags, random.pick(teamTags)],
    fields: {
      ...(mayBeHot(cohort) ? { 'contact.page_views': 14, 'contact.property_matches': 10 } : {}),
      [teamFields[0]]: `Park ${random.below(9)}`,
    },
  };
}

/** Creations in their order, each ahead of whatever concerns its person. */
function interleaved(random: Random, begun: readonly Happening[], rest: readonly Happening[]): Happening[] {
  const born = new Map(begun.map((happening, at) => [happening.who, at * 2]));
  const timed = [
    ...begun.map((happening) => ({ happening, at: born.get(happening.who)! })),
    ...rest.map((happening) => ({ happening, at: born.get(happening.who)! + 1 + random.below(begun.length * 3) })),
  ];
  return timed.toSorted((a, b) => a.at - b.at).map(({ happening }) => happening);
}

/** In any order, but whoever is silenced by a tag is so from the beginning, and after a deletion nothing can happen to a contact. */
function mixed(random: Random, happenings: readonly Happening[]): Happening[] {
  const when = (happening: Happening): number => {
    if (freezes(happening)) return -1;
    return happening.what.kind === 'delete'
      ? 900_000 + random.below(100_000)
      : random.below(deleted.has(happening.who) ? 900_000 : 1_000_000);
  };
  const deleted = new Set(happenings.filter(({ what }) => what.kind === 'delete').map(({ who }) => who));
  return happenings
    .map((happening) => ({ happening, at: when(happening) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ happening }) => happening);
}

function happening(
  random: Random,
  cohort: Cohort,
  chapter: 0 | 1,
  who: number,
  hurry: number[],
  texts: number[],
): What {
  const writes = cohort !== 'welcomed' && texts[who]! < 12;
  if (writes && random.chance(0.55)) {
    texts[who]! += 1;
    return { kind: 'text', text: nextText(random, cohort, who, hurry) };
  }
  switch (random.below(chapter === 0 ? 6 : 5)) {
    case 0:
      return { kind: 'tag', add: [random.pick(teamTags)], remove: [] };
    case 1:
      return { kind: 'tag', add: [], remove: [random.pick(teamTags)] };
    case 2:
      return { kind: 'field', key: random.pick(teamFields), value: `Choice ${random.below(1_000)}` };
    case 3:
      return { kind: 'edit', city: `City ${random.below(100)}` };
    case 4:
      return random.chance(0.5)
        ? { kind: 'note', words: `Note ${random.below(100_000)}` }
        : { kind: 'task', title: `Send the brochure ${random.below(100_000)}` };
    default:
      return { kind: 'opportunity', pipeline: 'other', stage: random.below(2), value: 1_000 * (1 + random.below(500)) };
  }
}

function nextText(random: Random, cohort: Cohort, who: number, hurry: number[]): Text {
  const left = (mayBeHot(cohort) ? hurries.length : 1) - hurry[who]!;
  if (left > 0 && random.chance(0.25)) {
    const next = hurry[who]! + random.below(left);
    hurry[who] = next + 1;
    return hurries[next]!;
  }
  if (random.chance(0.25)) return random.pick(chatter);
  return random.pick(cohort === 'seller' ? ofSellers : answers);
}

/** Who is taken over or paused gets no call task for turning hot; whether that came first would be a matter of order. */
function mayBeHot(cohort: Cohort): boolean {
  return cohort !== 'talked-to' && cohort !== 'unsure';
}

/** Whoever is silenced by a tag keeps what was there then: nothing may be under way for them. */
function freezes({ what }: Happening): boolean {
  return what.kind === 'tag' && (what.add.includes('AI-Off') || what.remove.includes('Hit List'));
}

/** What the second chapter brings to this person besides more of the same; of each person at most one thing that ends something. */
function endOf(random: Random, cohort: Cohort, who: number): Happening[] {
  const is = (what: What): Happening[] => [{ who, what }];
  switch (cohort) {
    case 'late':
      return is({ kind: 'tag', add: ['Need to Qualify'], remove: [] });
    case 'unsure':
      return is({ kind: 'text', text: random.chance(0.5) ? stop : unsure });
    case 'talked-to':
      return is({ kind: 'colleague', words: 'I can show it to you on Friday.' });
    case 'welcomed':
      return random.pick([is({ kind: 'dnd', on: true }), is({ kind: 'delete' }), [], is(opportunityNews(random))]);
    case 'seller':
    case 'writer':
      return random.pick([
        is({ kind: 'tag', add: ['AI-Off'], remove: [] }),
        is({ kind: 'tag', add: [], remove: ['Hit List'] }),
        is({ kind: 'text', text: stop }),
        is({ kind: 'delete' }),
        is(opportunityNews(random)),
        is(opportunityNews(random)),
        is(opportunityNews(random)),
        [],
      ]);
  }
}

function opportunityNews(random: Random): What {
  return random.pick<What>([
    { kind: 'moved', stage: 4 },
    { kind: 'valued', value: 7_000 },
    { kind: 'closed', status: 'won' },
    { kind: 'closed', status: 'lost' },
  ]);
}
