import type { ReadingContext } from '../assistant/reading/context.ts';
import type { Intent, Said, Understood } from '../assistant/understood.ts';
import type { Question } from './lead.ts';
import { tellsTooMuch } from './protected-words.ts';
import { financingIn } from './read-financing.ts';
import { bathsIn, bedroomsIn, homeInOneLine, mustHavesIn } from './read-home.ts';
import { greetingIn, questionIn, wishIn } from './read-intent.ts';
import { pricesIn } from './read-money.ts';
import { motivationIn } from './read-motivation.ts';
import { personWantedIn } from './read-person.ts';
import { placeIn } from './read-place.ts';
import { conditionIn, pathwayIn } from './read-seller.ts';
import { namedTimeIn, slotIn } from './read-slot.ts';
import { timelineIn } from './read-timeline.ts';
import { plainly } from './spelling.ts';
import { ordersIn, ownWishes, readablePart } from './unread-parts.ts';
import { without, written } from './written.ts';
import type { Written } from './written.ts';

/**
 * Everything that rules read in what a lead newly wrote, each with the words that say so. No network, no guess, and nothing that touches a
 * protected characteristic.
 */
export function factsIn(text: string, { asked, offered }: ReadingContext): Understood {
  const whole = written(text);
  const spoken = without(whole, ordersIn(whole));
  const said = readablePart(whole);
  const slot = slotIn(said, offered ?? []);
  const time = offered === undefined || offered.length === 0 ? null : namedTimeIn(said);
  const wantsHuman = personWantedIn(said);
  const seen = slot ?? time;
  const wish =
    wishIn(spoken, asked !== undefined) ?? (seen === null ? null : ({ value: 'viewing', quote: seen.quote } as const));
  const seller = wish?.value === 'sell';
  const own = readablePart(ownWishes(whole, seller));
  const home = homeOf(own, asked, seller || asked === 'condition');
  const area = placeIn(asked === 'location' ? said : own, asked === 'location', seller);
  const prices = pricesIn(asked === 'budget' ? said : own, asked === 'budget');
  const homes = prices.filter(({ value }) => value >= leastPrice);
  const budget = (jokes.test(said.plain) ? homes.at(-1) : homes[0]) ?? null;
  const answers = {
    budget,
    location: area,
    timeline: slot === null ? unless(timelineIn(said), wish?.value === 'viewing', aVisit) : null,
    property: home.property,
    financing: unless(financingIn(said, asked === 'financing'), seller && asked !== 'financing', theirBuyer),
    motivation: unless(motivationIn(said, asked === 'motivation'), seller && asked !== 'motivation', anInvestor),
    // "Needs work" is a wish in a buyer's mouth and a condition in a seller's.
    condition: seller || asked === 'condition' ? conditionIn(said, asked === 'condition') : null,
  };
  const criteria = [budget, area, home.bedrooms, home.mustHaves[0] ?? null].filter((one) => one !== null);
  const answered = asked !== undefined && answers[asked] !== null;
  const intent =
    wish ??
    (asked === undefined && criteria.length >= (looks.test(said.plain) ? 1 : 2)
      ? { value: 'buy' as const, quote: criteria[0]!.quote }
      : null) ??
    greetingIn(said) ??
    (answered && !asksBack.test(said.plain) ? null : questionIn(spoken)) ??
    (wantsHuman === null ? null : ({ value: 'question', quote: wantsHuman.quote } as const));
  return understood(intent, {
    answers: Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== null)),
    ...(area === null ? {} : { area }),
    ...(home.bedrooms === null ? {} : { bedrooms: home.bedrooms }),
    ...(home.mustHaves.length === 0 ? {} : { mustHaves: home.mustHaves }),
    ...present('pathway', seller ? pathwayIn(said) : null),
    ...present('slot', slot),
    ...present('wantsHuman', wantsHuman),
  });
}

/** Whoever names less than that speaks of something else than a home. */
const leastPrice = 10_000;

/** Behind a joke stands what is meant. */
const jokes = /\b(?:lol|lmao|a?haha\w*|jk|just kidding|kidding|joking|seriously|for real|jaja\w*|en serio|broma)\b/;
/** Next week is when they want to see it. */
const aVisit = /\b(?:week\w*|days?|semana|dias?)\b/;
/** A seller's cash is the buyer's, and a bank the one that lent. */
const theirBuyer = /\b(?:cash|bank|banco|efectivo|contado)\b/;
/** And the investor is who shall buy. */
const anInvestor = /\binvest|\binvers|\brent|\bflip/;

/** Nothing where these words mean something else. */
function unless<T>(said: Said<T> | null, elsewhere: boolean, words: RegExp): Said<T> | null {
  return said !== null && elsewhere && words.test(plainly(said.quote)) ? null : said;
}

const looks = /\b(?:looking|searching|hunting) for\b|\b(?:busco|buscamos|buscando)\b/;

/** Behind an answer a mark of a question is a doubt ("300 maybe?"), unless it asks for something. */
const asksBack = /\b(?:what|when|where|who|why|how|do you|can you|could you|is there|are there|send me)\b[^.!]*\?/;

function understood(intent: Said<Intent> | null, rest: Omit<Understood, 'intent'>): Understood {
  if (intent === null) return { intent: 'unknown', ...rest };
  return { intent: intent.value, intentQuote: discreet(intent.quote), ...rest };
}

/** Words that tell too much are not quoted: the first of them must do. */
function discreet(quote: string): string {
  const [first = ''] = quote.split(/\s+/);
  return tellsTooMuch(plainly(quote)) && !tellsTooMuch(plainly(first)) ? first : quote;
}

function present<K extends string, V>(key: K, value: V | null): { readonly [key in K]?: V } {
  return (value === null ? {} : { [key]: value }) as { readonly [key in K]?: V };
}

function homeOf(said: Written, asked: Question | undefined, seller: boolean) {
  const bedrooms = bedroomsIn(said, asked === 'property', seller);
  const baths = bathsIn(said, asked === 'property', seller);
  const mustHaves = mustHavesIn(said, seller);
  const parts = [bedrooms, baths, ...mustHaves].filter((part) => part !== null);
  const value = homeInOneLine({
    bedrooms: bedrooms?.value,
    baths: baths?.value,
    mustHaves: mustHaves.map((one) => one.value),
  });
  const property: Said<string> | null = parts[0] === undefined ? null : { value, quote: parts[0].quote };
  return { bedrooms, mustHaves, property };
}
