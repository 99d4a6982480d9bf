import type { Metro } from './metros.ts';
import { type Dice, type Skewed, createDice, zipf } from './random.ts';
import type { Channel, Said } from './talks.ts';

/** The words of messages and of listings' remarks. */
export interface Texts {
  /** The same for the same lead and part, whoever asks. */
  message(lead: number, part: number, said: Said, metro: Metro): string;
  remarks(listing: number, city: string): string;
}

/** A template, cut at its slots: text, slot, text, slot … */
type Template = readonly string[];
type Slots = Readonly<Record<string, (dice: Dice, city: string) => string>>;

const list = (text: string): readonly string[] => text.trim().split(/\s+/);
const lines = (text: string): readonly Template[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/[{}]/));

/** What people speak of, the commonest first; with the streets below the vocabulary has a long tail. */
const topics = list(`
  house price kitchen yard school garage offer loan tour agent pool basement condo rent mortgage closing roof inspection appraisal
  deposit lender fence commute bathroom office patio lease duplex townhouse insurance taxes garden deck fireplace view parking
  neighborhood storage bedroom ceiling windows hardwood escrow contingency furnace plumbing driveway balcony elevator laundry porch
  equity refinance downpayment heating cooling attic carpet granite appliances foreclosure probate easement zoning acreage barn
  studio penthouse loft cottage bungalow ranch colonial craftsman victorian waterfront lakefront mountain golf gated historic
  renovation staging survey title deed lien warranty septic well solar insulation sprinkler landscaping skylight pantry mudroom
  workshop greenhouse gazebo pergola sauna chandelier wainscoting cupola veranda turret dumbwaiter`);

const starts = list(`
  Maple Oak Cedar Pine Elm Willow Birch Ash Hickory Walnut Cherry Laurel Magnolia Juniper Sycamore Poplar Aspen Spruce Hazel Alder
  Lake River Creek Brook Spring Meadow Field Forest Grove Ridge Valley Canyon Stone Rock Sand Silver Golden Copper Iron Crystal
  Amber Scarlet Autumn Winter Summer Sunset Sunrise Shadow Misty Windy Quiet Hidden Eagle Falcon Heron Robin Fox Deer Bear Wolf`);
const ends = list(`
  wood field view crest brook dale hurst mere ton ford gate haven hollow land mont point port ridge run shire side stead stone vale
  ville water way well wick worth bend bluff bridge cliff cove crossing glen green heath hill knoll ledge pass path peak rest shore
  springs terrace trail`);

/** Some three thousand streets: a few everybody asks about, most hardly ever named. */
const streets = ends.flatMap((end, i) => starts.map((_start, k) => starts[(k + i) % starts.length]! + end));

const days = list('Saturday Sunday Friday Monday Thursday Tuesday Wednesday');
const kinds = list('Dr St Ave Ln Ct Rd Blvd Way Ter');

const topic = zipf(topics, 1.05);
const street = zipf(streets, 1);
const day = zipf(days, 0.8);
const kind = zipf(kinds, 0.9);

const slots: Slots = {
  topic: (dice) => topic(dice),
  street: (dice) => street(dice),
  address: (dice) => `${dice.between(100, 9999)} ${street(dice)} ${kind(dice)}`,
  city: (_dice, city) => city,
  day: (dice) => day(dice),
  hour: (dice) => `${dice.between(1, 11)} ${dice.chance(0.5) ? 'am' : 'pm'}`,
  beds: (dice) => String(dice.between(2, 5)),
  price: (dice) => `${dice.between(15, 120) * 10}k`,
  weeks: (dice) => String(dice.between(2, 16)),
};

const ask: Skewed<Template> = zipf(
  lines(`
    Is {address} still available?
    Thanks, that works for me.
    Can we see it on {day}?
    We are looking for {beds} bedrooms in {city} around {price}.
    What is the {topic} like?
    My budget is about {price}, is that enough for {city}?
    Yes please
    We need to move in {weeks} weeks.
    Is the {topic} included?
    Not right now, maybe after the summer.
    I am already pre-approved with a lender.
    Could you send me more homes near {street}?
    How much is the {topic} per month?
    Does {street} have a {topic}?
    Sorry for the late answer, we were away.
    We would pay cash if the {topic} is in good condition.
    Call me after {hour} please.
    I want to sell my house at {address}, what is it worth?
    The {topic} worries me a little, and so does the {topic}.
    We are just looking for now.
    Are there any {topic} restrictions in {street}?
    My timeline is {weeks} weeks, the lease ends then.
    Has anybody else made an offer?
    Who is this?`),
  0.7,
);

const follow: Skewed<Template> = zipf(
  lines(`
    Hi there, are you still looking for a home in {city}?
    Thank you for your message. Which area do you have in mind?
    New in {city}: {address}, {beds} bedrooms, {price}.
    Are you buying, selling or both?
    Just checking in about {address}.
    A home near {street} came down to {price} this week.
    What would be a good time for a short call?
    Would you like to see homes with a {topic}?
    Reply STOP to opt out.
    Here is a list of homes around {price} in {city}.`),
  0.8,
);

const answer: Skewed<Template> = zipf(
  lines(`
    I can show you {address} on {day} at {hour}.
    Good question, I will ask the seller about the {topic}.
    It has {beds} bedrooms and a new {topic}.
    The {topic} was replaced two years ago.
    They are asking {price}, I think there is room.
    Great, see you on {day}!
    Let me send you the papers for {street}.
    The inspection found something about the {topic}, shall we talk?
    I spoke with the lender, you are fine up to {price}.
    Sorry, {address} went under contract on {day}.
    Have you had time to look at the {topic} report?
    Homes near {street} go within {weeks} weeks at the moment.`),
  0.6,
);

const praise: Skewed<Template> = zipf(
  lines(`
    Charming {beds} bedroom home in {city} with a {topic} and a {topic}.
    Close to {street} and its shops.
    Recently updated {topic}.
    Do not miss the {topic}!
    Sold as is.
    Enjoy the {topic} all year round.
    Quiet street off {street}.
    Priced to sell, bring your offers.
    Seller offers credit towards the {topic}.`),
  0.5,
);

const sentences: Readonly<Record<Channel, readonly [number, number]>> = {
  sms: [1, 2],
  chat: [1, 2],
  email: [3, 6],
  'internal-comment': [1, 1],
};

export function createTexts(seed: number): Texts {
  const dice = createDice(seed);
  return {
    message(lead, part, { inbound, human, channel }, metro) {
      dice.at('text', lead, part);
      const grammar = inbound ? ask : human ? answer : follow;
      const [least, most] = sentences[channel];
      return written(dice, grammar, dice.between(least, most), dice.pick(metro.cities).name);
    },
    remarks(listing, city) {
      dice.at('remarks', listing);
      return written(dice, praise, dice.between(2, 5), city);
    },
  };
}

function written(dice: Dice, grammar: Skewed<Template>, count: number, city: string): string {
  let text = '';
  for (let i = 0; i < count; i += 1) {
    if (i > 0) text += ' ';
    grammar(dice).forEach((part, at) => {
      text += at % 2 === 0 ? part : slots[part]!(dice, city);
    });
  }
  return text;
}
