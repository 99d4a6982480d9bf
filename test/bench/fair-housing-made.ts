let seed = 11;
const rnd = (n: number) => {
  seed = (seed * 1103515245 + 12345) & 0x7fffffff;
  return (seed >> 8) % n;
};
const one = (s: string) => {
  const a = s.split('|');
  return a[rnd(a.length)]!;
};
const fill = (t: string): string => {
  let s = t;
  for (let k = 0; k < 4; k += 1) s = s.replace(/\{(\w+)\}/g, (_m, n: string) => one(W[n]!));
  return s.charAt(0).toUpperCase() + s.slice(1);
};
const W: Record<string, string> = {
  party:
    'the owner|the landlord|the landlady|the seller|the sellers|the board|the HOA|the manager|the co-op|he|she|they|the association|our landlord',
  likes:
    'wants|prefers|would rather have|is looking for|hopes for|only takes|would like|only rents to|asks for|is after|favors',
  hates:
    "won't take|doesn't accept|turns down|doesn't want|won't rent to|refuses|doesn't like|isn't keen on|would never rent to|has had enough of|isn't taking|rejects|stays away from|doesn't deal with",
  who: 'families|a family|kids|couples|a married couple|singles|a single person|single moms|pregnant women|retirees|seniors|older people|someone under 40|young people|students|professionals with a salary|Christians|Catholics|Jewish people|Muslims|Hindus|atheists|churchgoers|white people|Black tenants|Black people|Asians|Latinos|Mexicans|Indians|Chinese buyers|Russians|Africans|foreigners|immigrants|refugees|citizens|people with papers|visa holders|people with a green card|English speakers|people from here|women|men|ladies|a man|a woman|girls|gay people|a gay couple|lesbians|trans people|straight couples|disabled people|wheelchair users|deaf people|blind people|healthy people|people with depression|recovering addicts|people with service dogs|voucher holders|Section 8|people on welfare|anyone on disability|tenants with a job|veterans|soldiers|military people|divorced people|unmarried couples|widows|dark-skinned people|light-skinned tenants|people with an accent|people of the same faith|teenagers|toddlers|babies|empty nesters',
  adj: 'Christian|Jewish|Muslim|Catholic|Hindu|Black|white|Asian|Latino|Mexican|Indian|Chinese|Russian|African|Arab|Korean|Haitian|gay|lesbian|trans|disabled|deaf|blind|a veteran|in the Army|married|single|divorced|pregnant|a single mom|retired|over sixty|a citizen|an immigrant|from abroad|on a visa|on disability|on Section 8|a student|a Mormon|bipolar|a refugee',
  plural:
    'Christians|Jews|Muslims|Catholics|Hindus|Black people|whites|Asians|Latinos|Mexicans|Indians|Chinese|Russians|Africans|Arabs|Koreans|Haitians|gays|lesbians|retirees|seniors|families with kids|young couples|students|singles|immigrants|foreigners|professionals|Cubans|Filipinos|Somalis|Mormons|Sikhs|Poles|Italians|soldiers|people on assistance|renters on vouchers|old people|young families|divorced men|disabled people',
  place: 'area|neighborhood|street|building|block|part of town|complex|community|subdivision|zip code|tower',
  drop: "I left out|I skipped|I took off|I removed|I wouldn't show you|I'd cross off|I only kept|I'd pick|I'd suggest|I'd look at",
  homes:
    'the two condos|the ones by the lake|the homes with stairs|the one on Oak|those listings|the north side|the downtown lofts|the homes out east',
  thing:
    'kitchen|cabinets|tile|gate|door|window|roof|garage|sign|lamp|tree|shed|hall|fence|sofa|rug|counter|elevator|alarm|meter|boiler|deck|wall|closet|garden|museum|bakery|hospital|hotel|bank|station',
  cls: "family|kids|baby|senior|single|married|bachelor|Christian|Jewish|Catholic|Amish|church|temple|mosque|white|black|brown|dark|light|African|Indian|Chinese|Mexican|Italian|Russian|Persian|Spanish|French|disabled|handicapped|blind|deaf|healthy|mental|medical|special|service|veterans|army|marine|military|gay|straight|women's|men's|ladies'|boys'|welfare|benefit|assistance|voucher|salary|pension|native|foreign|immigrant|citizen|accent|safe|shady|rough|dangerous|crime|school|exclusive|traditional|diverse|mature|young|old|elderly|student",
  did: 'was replaced|is new|is next to the pool|was painted in May|is in the photos|stays with the home|is two blocks away|is on the plan|has to be repaired|closed last year|is on the first floor|belongs to the HOA|is listed in the report|can be removed',
  terms:
    'a quick closing|cash offers|a reply by Friday|the deposit first|a longer lease|an answer in writing|a pre-approval letter|full price|an inspection|a lease of a year|references|proof of funds|to keep the washer|to close in May|a walk-through|no smoking|to show it on weekends|offers by noon',
  notterms:
    'personal checks|offers without a letter|large dogs|trailers in the drive|late payments|short-term rentals|smoking|a shed in the yard|the first offer|repairs|a long escrow|lockboxes|subletting|contingent offers|grills on the balcony',
  want: 'want a garage|like to cook|need a yard|work downtown|asked for a pool|need to move in June|have a dog|want no HOA|named Ballard|plan to pay cash|asked for step-free homes|want a first-floor bedroom|need two offices|like old houses',
  topic:
    'safety|crime|schools|the neighbors|who lives there|the kind of people there|religion in an area|whether it is a good area|how safe it is|what the families there are like|which area is best for kids|the racial mix|where Christians live|the demographics',
  source:
    "The police publish a map|The district can tell you|The city's site has data|You can visit at different times|The state's report cards are public|The census has figures|Please check with the sheriff's office|You may drive by and see for yourself",
  trait:
    'race|religion|family|age|disability|national origin|sex|color|marital status|source of income|faith|background|health|citizenship|orientation',
};
const V = [
  '{party} {likes} {who}.',
  '{party} {hates} {who}.',
  '{party} said no {plural}.',
  'are you {adj}?',
  'Is your partner {adj}? {party} wants to know.',
  'mostly {plural} live in that {place}.',
  "it's a {place} full of {plural}.",
  "since you're {adj}, {drop} {homes}.",
  'because you are {adj}, {drop} {homes}.',
  'as you are {adj}, you would be happier in another {place}.',
  'the {place} is great for {plural}.',
  "that {place} isn't for {plural}.",
  '{plural} usually buy in the other {place}.',
  "you'd fit in, the {place} is mostly {plural}.",
  "I can't say much about the {place}, but {plural} don't like it.",
  'it has a pool and a gym. {party} {likes} {who}. Shall I book it?',
  'I have nothing against {plural}, but {party} does.',
  'no {plural} in this {place}, please.',
  'only {plural} get approved there.',
  'if you are {adj}, {party} will say no.',
];
const H = [
  '{party} {likes} {terms}.',
  '{party} {hates} {notterms}.',
  'the {cls} {thing} {did}.',
  'the {cls} {thing} {did}.',
  'there is a {cls} {thing} on the plan.',
  'since you {want}, {drop} {homes}.',
  'because you {want}, {drop} {homes}.',
  'do you {want}?',
  "I can't speak about {topic}. {source}.",
  "we don't comment on {topic}; {source}.",
  'you asked about {topic}. I have to leave that to you. {source}.',
  '{trait} and {trait} play no part in the search.',
  'a landlord may not refuse anyone because of {trait}.',
  "we don't ask about {trait}, and you needn't tell us.",
  'sellers must treat every buyer alike, whatever their {trait}.',
  'the {thing} and the {thing} are {cls} Street finds.',
  'it has a {thing} and a {thing}, and {party} {likes} {terms}.',
  'the address is on {cls} Street, next to the {thing}.',
];
export const made = (which: 'wrong' | 'harmless', n: number): readonly string[] =>
  Array.from({ length: n }, (_x, i) => {
    const t = which === 'wrong' ? V : H;
    return fill(t[i % t.length]!);
  });
