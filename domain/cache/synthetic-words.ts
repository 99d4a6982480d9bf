/** Words of invented people and homes. The two sets share no name, no place and no sentence: what is learned of one knows nothing of the other. */
export type VocabularyName = 'training' | 'test' | 'odd' | 'even';

/** In sentences `{home}`, `{city}`, `{feature}`, `{thing}`, `{first}` and `{number}` stand for a word that is drawn. */
export interface Vocabulary {
  /** First letters of the ids. */
  readonly idLetters: string;
  readonly firstNames: readonly string[];
  readonly lastNames: readonly string[];
  readonly cities: readonly string[];
  readonly streets: readonly string[];
  readonly areaCodes: readonly number[];
  readonly features: readonly string[];
  readonly things: readonly string[];
  readonly asked: readonly string[];
  readonly answered: readonly string[];
  readonly remarks: readonly string[];
}

const words = (text: string): string[] => text.split(', ');

const training: Vocabulary = {
  idLetters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  firstNames: words(
    'Alma, Bruno, Celia, Dario, Edith, Felix, Greta, Hugo, Irene, Jasper, Karina, Lionel, Mabel, Nestor, Opal, Pablo, Rosalind, Silas, Thea, Ulises, Vera, Walden, Ximena, Yusuf',
  ),
  lastNames: words(
    'Abernathy, Bellweather, Castellano, Drummond, Eastlake, Fairbanks, Galindo, Hathaway, Ibarra, Jessop, Kilgore, Lindqvist, Montrose, Nakagawa, Ottley, Pemberton, Quintana, Ravenel, Stallworth, Tamayo, Underhill, Vasquez, Whitlock, Zabriskie',
  ),
  cities: words('Austin, Round Rock, Cedar Park, Georgetown, Pflugerville, Leander, Kyle, Buda'),
  streets: words(
    'Maple Hollow Lane, Old Quarry Road, Bluebonnet Trail, Live Oak Court, Limestone Bend, Pecan Grove Drive, Barton Ridge, Cypress Bend Way',
  ),
  areaCodes: [512, 737, 254, 830],
  features: words(
    'a covered patio, a three-car garage, quartz counters, a walk-in pantry, hardwood floors, a fenced yard, a game room, a bonus loft, solar panels, a gas range',
  ),
  things: words(
    'the inspection report, the survey, our pre-approval letter, the seller disclosure, the floor plan, the tax history, the utility bills, the option fee',
  ),
  asked: [
    'Hi, is {home} still available?',
    'We would love to see it this week if that works for you.',
    'Could you send me {thing} when you have a minute?',
    'My husband gets off work around {number}.',
    'How are the schools around {city}?',
    'Does it come with {feature}?',
    'Our budget tops out near {number} thousand.',
    'That is more than we hoped to spend.',
    'What would the monthly payment look like?',
    'Sorry, I missed your call earlier.',
    'We are also looking in {city}.',
    'The kids need to start school in August.',
    'Is there an HOA, and how much are the dues?',
    'I like it a lot but {feature} is a must for us.',
    'Let me talk it over with my wife tonight.',
    'Thanks so much for getting back to me, {first}!',
    'Are the owners flexible on the price?',
    'We have to sell our place first.',
  ],
  answered: [
    'Hi {first}, thanks for reaching out about {home}!',
    'Yes, it is still on the market and shows beautifully.',
    'I can meet you there at {number} if you like.',
    'It has {feature} and {feature}.',
    'I just e-mailed you {thing}.',
    'Have you spoken with a lender yet?',
    'There is another one in {city} that you may like even better.',
    'The sellers have two offers already, so we should move quickly.',
    'No pressure at all, take your time.',
    'Comparable homes sold for about {number} thousand last month.',
    'I will ask the listing agent and let you know.',
    'Would Saturday morning suit you?',
    'Great question, {first}.',
    'Let me know what you think once you have read {thing}.',
    'I have put together a short list for you in {city}.',
    'Looking forward to showing you around!',
  ],
  remarks: [
    'Welcome to this stunning home in the heart of {city}.',
    'The kitchen opens to the family room and boasts {feature}.',
    'Upstairs you will find {feature} and two guest bedrooms.',
    'The primary suite overlooks a quiet greenbelt.',
    'Recent updates include {feature}, fresh paint and a new roof.',
    'Minutes from shopping, dining and the toll road.',
    'Low tax rate and no city taxes.',
    'Schedule your private tour before it is gone.',
    'Enjoy evenings by the pool or under the pergola.',
    'Refrigerator, washer and dryer convey.',
  ],
};

const test: Vocabulary = {
  idLetters: 'abcdefghijklmnopqrstuvwxyz',
  firstNames: words(
    'Anselm, Beatrix, Corwin, Delphine, Emmett, Fiona, Gideon, Henrietta, Ivo, Juno, Kendrick, Leocadia, Marguerite, Nolan, Octavia, Percival, Quincy, Rafaela, Soren, Tabitha, Umberto, Viola, Wendell, Zora',
  ),
  lastNames: words(
    'Ashworth, Brandvold, Covington, Delacroix, Engstrom, Fontaine, Grimaldi, Holloway, Isaksen, Jurado, Kowalczyk, Leclerc, Mcallister, Norwood, Okonkwo, Prescott, Redfern, Sandoval, Thackeray, Urquhart, Vandermeer, Winslow, Yamashita, Zeller',
  ),
  cities: words('Tampa, Clearwater, Brandon, Dunedin, Largo, Riverview, Lutz, Palm Harbor'),
  streets: words(
    'Heron Point Boulevard, Seagrape Avenue, Mangrove Circle, Coral Key Place, Pelican Landing, Sandpiper Terrace, Bayshore Loop, Osprey Street',
  ),
  areaCodes: [813, 727, 941, 656],
  features: words(
    'hurricane shutters, a boat lift, a screened lanai, impact windows, a heated spa, vaulted ceilings, a mother-in-law suite, tile throughout, a whole-house generator, granite islands',
  ),
  things: words(
    'that wind mitigation form, last year’s appraisal, those condo documents, an elevation certificate, some recent photos, the insurance quote, a copy of the lease, his counteroffer',
  ),
  asked: [
    'Good morning, I saw {home} online and have questions.',
    'When could somebody walk us through?',
    'Please forward {thing} to my accountant too.',
    'I am only free after {number} on weekdays.',
    'Has {city} ever flooded in recent storms?',
    'Really hoping to find {feature} this time.',
    'Anything above {number}k is out of reach.',
    'Wow, prices went up again.',
    'My lender quoted seven percent yesterday.',
    'Texting is easier than phone, fyi.',
    'A coworker recommended {city} because of short commutes.',
    'Lease ends in October so timing matters.',
    'Do they allow large dogs in that community?',
    'Without {feature} I honestly would pass.',
    'Give me until Monday to decide.',
    'Appreciate all your patience {first}.',
    'Would they cover closing costs?',
    'Cash purchase, no financing needed.',
  ],
  answered: [
    'Hello {first}! Glad you noticed {home}.',
    'Nobody has gone under contract there so far.',
    'Let us plan on {number} at the front gate.',
    'Buyers keep mentioning {feature}, plus {feature}.',
    'You should have received {thing} by now.',
    'Which bank are you working with?',
    'Something comparable near {city} listed this morning.',
    'Expect competition, several showings are booked today.',
    'Whenever you feel ready is fine.',
    'Neighbors closed at roughly {number}k in spring.',
    'Checking with their broker, more soon.',
    'How does Thursday afternoon sound?',
    'Fair point {first}, many people wonder.',
    'Tell me your thoughts after reviewing {thing}.',
    'Attached are six properties around {city}.',
    'See you then and drive safely!',
  ],
  remarks: [
    'Waterfront living at its finest awaits near {city}.',
    'A chef inspired layout flows toward {feature}.',
    'Guests will adore {feature} beside the split bedroom plan.',
    'Owner retreat features dual vanities and garden tub.',
    'Seller installed {feature} plus plumbing in 2021.',
    'Close to beaches, airport and major hospitals.',
    'Not located in any flood zone.',
    'Bring all reasonable offers today.',
    'Sip coffee while dolphins pass your dock.',
    'Furnishings negotiable under separate agreement.',
  ],
};

/** Every other word of each list: what a dictionary of one half makes of the other half is how it fares with words that it does not know. */
function halfOf(parity: 0 | 1): Vocabulary {
  const half = <T>(list: readonly T[]): T[] => list.filter((_, at) => at % 2 === parity);
  return {
    idLetters: training.idLetters,
    firstNames: half(training.firstNames),
    lastNames: half(training.lastNames),
    cities: half(training.cities),
    streets: half(training.streets),
    areaCodes: half(training.areaCodes),
    features: half(training.features),
    things: half(training.things),
    asked: half(training.asked),
    answered: half(training.answered),
    remarks: half(training.remarks),
  };
}

export const vocabularies: Readonly<Record<VocabularyName, Vocabulary>> = {
  ...{ training, test },
  odd: halfOf(1),
  even: halfOf(0),
};
