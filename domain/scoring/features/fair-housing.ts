/**
 * What a score of leads may know, under the US Fair Housing Act read strictly: `allowed`; `watched`: may stand in for a protected class, so
 * the proxy test asks about it; `barred`: never read, never learned from, never a reason.
 */
export type FairHousing = 'allowed' | 'watched' | 'barred';

/**
 * Words that name a protected class or stand in for one, by what they tell; their plurals tell the same. Where somebody lives or wants to live
 * is one of them: whom to call first must not depend on a neighbourhood. Financing programmes tell of service, of income or of a voucher; that
 * there is a plan for the money may be known, which one may not.
 */
const barred: Readonly<Record<string, string>> = {
  'a place': `zip zipcode postal postcode postalcode tract census fips geohash geo gps neighborhood neighbourhood lat latitude lon lng long
    longitude latlong latlng coordinate address street city town hometown village suburb borough district subdivision county state province
    region territory area areacode location locality ip`,
  'a school': 'school college university',
  'a name': 'name firstname lastname surname fullname initial initials',
  'a language or an origin': `language lang locale accent english spanish mandarin bilingual country nation nationality citizenship citizen
    immigration immigrant passport visa foreigner birthplace ancestry ethnicity ethnic race racial hispanic latino latina asian african black
    white arab jewish`,
  'a colour': 'color colour skin photo picture face avatar',
  'a religion': 'religion religious faith church mosque temple synagogue parish christian catholic muslim hindu',
  'a sex': 'sex gender pronoun orientation salutation male female man men woman women mr mrs transgender',
  'an age': 'age birth birthday birthdate birthyear dob born senior elderly retired retiree millennial',
  'a family': `family familial household occupant marital married single spouse wife wives husband divorced widowed mother father parent parental
    child children kid baby toddler dependent pregnant pregnancy maternity nursery bedroom bed`,
  'a disability': 'disability disabled handicap handicapped wheelchair medical health',
  'a source of income or a programme': `income salary wage alimony fha va usda hud ssi ssdi snap tanf voucher welfare subsidy subsidized
    veteran military`,
};

const pairs: Readonly<Record<string, string>> = {
  'block group': 'a place',
  'years old': 'an age',
  'section 8': 'a source of income or a programme',
  'public assistance': 'a source of income or a programme',
};

/** What the words of a house, of our own work or of shops happen to share with those. */
const harmless =
  / (?:(?:lot|living|liv|floor|garage|pool|deck|porch|vnr) area|area (?:sq ?ft|sqft|sf)|(?:lead|deal|call|task|message|session|workflow) state|state since|parent (?:lead|record|account|company|page|id)|single (?:story|page|click|sign)|black friday|white (?:label|paper)|long (?:visit|session|call|message)|(?:page|file|campaign|event|field|model) name)s?(?= )/g;

const byWord: ReadonlyMap<string, string> = new Map(
  Object.entries(barred).flatMap(([tells, words]) => words.split(/\s+/).map((word) => [word, tells])),
);

/**
 * What a feature of this name would tell that a score of leads must not know; undefined when it tells nothing of the kind. `zip_code`,
 * `zipCodes` and `ZIP Code` are the same, and `VALoan` is of VA; `pages` is no age.
 */
export function tellsBarred(name: string): string | undefined {
  const words = name
    .replace(/(\p{Ll})(?=[\p{Lu}\p{N}])|(\p{Lu})(?=\p{N}|\p{Lu}(?!s\b)\p{Ll})|(\p{N})(?=\p{L})/gu, '$& ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .join(' ');
  const spelled = ` ${words} `.replace(harmless, ' ');
  for (const word of spelled.trim().split(/\s+/)) {
    const tells = singulars(word)
      .map((one) => byWord.get(one))
      .find((one) => one !== undefined);
    if (tells !== undefined) return tells;
  }
  return Object.entries(pairs).find(([pair]) => spelled.includes(` ${pair} `))?.[1];
}

/** The word and what it may be the plural of. */
function singulars(word: string): readonly string[] {
  return [word, word.replace(/s$/, ''), word.replace(/es$/, ''), word.replace(/ies$/, 'y')];
}
