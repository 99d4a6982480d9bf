/**
 * What a score of leads may know, under the US Fair Housing Act read strictly: `allowed`; `watched`: may stand in for a protected class, so
 * the proxy test asks about it; `barred`: never read, never learned from, never a reason.
 */
export type FairHousing = 'allowed' | 'watched' | 'barred';

/**
 * Words that name a protected class or stand in for one, by what they tell. Where somebody lives or wants to live is one of them: whom to
 * call first must not depend on a neighbourhood. Financing programmes tell of service, of income or of a voucher; that there is a plan for
 * the money may be known, which one may not.
 */
const barred: Readonly<Record<string, readonly string[]>> = {
  'a place': [
    ...['zip', 'zipcode', 'postal', 'postcode', 'postalcode', 'tract', 'census', 'fips', 'geohash', 'neighborhood'],
    ...['neighbourhood', 'lat', 'latitude', 'lon', 'lng', 'long', 'longitude', 'latlong', 'latlng', 'coordinates'],
    ...['address', 'street', 'city', 'county', 'areacode', 'ip'],
  ],
  'a school': ['school', 'schools', 'college', 'university'],
  'a name': ['name', 'names', 'firstname', 'lastname', 'surname', 'fullname', 'initials'],
  'a language or an origin': [
    ...['language', 'languages', 'locale', 'accent', 'country', 'nation', 'nationality', 'citizenship', 'citizen'],
    ...['immigration', 'immigrant', 'visa', 'birthplace', 'ancestry', 'ethnicity', 'ethnic', 'race', 'racial'],
  ],
  'a colour': ['color', 'colour', 'skin', 'photo', 'picture', 'face', 'avatar'],
  'a religion': ['religion', 'religious', 'church', 'mosque', 'temple', 'synagogue', 'parish'],
  'a sex': ['sex', 'gender', 'pronoun', 'pronouns', 'orientation', 'salutation'],
  'an age': ['age', 'ages', 'birth', 'birthday', 'birthdate', 'dob', 'born', 'senior', 'elderly', 'retired', 'retiree'],
  'a family': [
    ...['family', 'familial', 'families', 'household', 'marital', 'married', 'spouse', 'divorced', 'widowed'],
    ...['child', 'children', 'kid', 'kids', 'dependents', 'pregnant', 'bedrooms', 'beds'],
  ],
  'a disability': ['disability', 'disabled', 'handicap', 'handicapped', 'wheelchair', 'medical', 'health'],
  'a source of income or a programme': ['fha', 'va', 'usda', 'voucher', 'vouchers', 'welfare', 'veteran', 'military'],
};

const pairs: Readonly<Record<string, string>> = {
  'area code': 'a place',
  'block group': 'a place',
  'section 8': 'a source of income or a programme',
  'public assistance': 'a source of income or a programme',
};

const byWord: ReadonlyMap<string, string> = new Map(
  Object.entries(barred).flatMap(([tells, words]) => words.map((word) => [word, tells])),
);

/**
 * What a feature of this name would tell that a score of leads must not know; undefined when it tells nothing of the kind. `zip_code`,
 * `zipCode` and `ZIP Code` are the same; `pages` is no age.
 */
export function tellsBarred(name: string): string | undefined {
  const words = name
    .replace(/(\p{Ll})(?=[\p{Lu}\p{N}])|(\p{Lu})(?=\p{N})|(\p{N})(?=\p{L})/gu, '$& ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  const alone = words.map((word) => byWord.get(word)).find((tells) => tells !== undefined);
  if (alone !== undefined) return alone;
  const spelled = ` ${words.join(' ')} `;
  return Object.entries(pairs).find(([pair]) => spelled.includes(` ${pair} `))?.[1];
}
