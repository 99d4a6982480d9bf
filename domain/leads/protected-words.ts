/**
 * Words that tell, or may tell, of race, origin, faith, family, age, health, sex, service or the source of an income, and of schools and houses of worship, which
 * stand in for them. What they say is not recorded, nor are they quoted: fair housing keeps it out of what we know.
 * @see 42 U.S.C. § 3604(c)
 */
const protectedWords = new RegExp(
  [
    // Faith and its houses.
    String.raw`christian\w*|catholic\w*|protestant\w*|baptist\w*|methodist\w*|evangelical\w*|mormon\w*|lds|jew(?:s|ish)?|orthodox|muslims?|islam\w*|hindus?|buddhis\w*|sikhs?|atheis\w*|religio\w*|faith|church(?:es)?|mosques?|synagogues?|temple(?! terrace)|parish|cathedral|shul|eruv|kosher|halal|ministry|pastor|priest|rabbi|imam|congregation|iglesia|cristian[oa]s?|catolic[oa]s?|musulman\w*|judi[oa]s?`,
    // Origin, race and language.
    String.raw`hispanic\w*|latin[oax]s?|african[- ]americans?|asians?|caucasians?|(?:black|white|brown) (?:people|famil\w+|neighbou?rhoods?|areas?|communit\w+|folks|man|woman|couple)|mexicans?|cubans?|puerto ricans?|colombian\w*|venezuelan\w*|haitians?|chinese|mandarin|cantonese|koreans?|japanese|vietnamese|filipin[oa]s?|indian(?! (?:rocks|river|shores|wells|land|trail|harbou?r|creek))|pakistani|arab\w*|african|nigerian\w*|ethiopian|russians?|ukrainians?|polish|portuguese|brazilian\w*|immigra\w+|refugees?|visa|green card|undocumented|citizen\w*|ethnic\w*|race|racial|diverse|diversity|mexican[oa]s?|cuban[oa]s?`,
    // Family, age and sex.
    String.raw`kids?|child(?:ren)?|baby|babies|toddlers?|newborn|infants?|pregnan\w*|expecting|daughters?|sons?|grandkids|grandchild\w*|grandmothers?|grandma|grandparents?|mom|mother(?!-in-law suite)|dad|father|parents?|sisters?|brothers?|aunts?|uncles?|nieces?|nephews?|husband|wife|spouse|fianc\w+|boyfriend|girlfriend|marr(?:y|ied|iage)|engaged|divorc\w*|separat(?:ed|ion)|widow\w*|single (?:mom|mother|dad|father|parent|woman|man|lady|guy)|famil(?:y|ies)(?! ?rooms?)(?<!single[- ]family)(?<!multi[- ]?family)|retire\w*|retiring|seniors?|elderly|aging|55 ?(?:\+|plus|and over)|year old|lgbtq?\w*|gay|lesbian|transgender|hij[oa]s?|nin[oa]s?|bebe|embarazada|familia\w*|espos[oa]|mama|papa|madre|padre|abuel[oa]s?|divorci\w*|jubilad[oa]s?`,
    // Health.
    String.raw`disab\w+|handicap\w*|wheelchairs?|walkers?|accessib\w+|ada|blind|deaf|autis\w+|cancer|surgery|illness|ill|sick (?!of)\w+|hospital|dialysis|dementia|alzheimer\w*|service (?:dog|animal)s?|emotional support|therapy|medical|passed away|died|death|deceased|late (?:father|mother|husband|wife|dad|mom|aunt|uncle)|inherit\w*|silla de ruedas|discapacit\w*|fallecio|murio|hered\w+`,
    // Service and the source of an income.
    String.raw`veterans?|military|army|navy|air force|marines?|va(?= (?:loan|approved|buyer|financing|eligib\w+|mortgage))|section 8|vouchers?|housing choice|welfare|social security|ssi|ssdi|disability|unemploy\w*|child support|alimony|food stamps`,
    // Schools.
    String.raw`schools?|elementary|academy|universit\w+|college|daycare|preschool|kindergarten|escuelas?`,
  ]
    .map((words) => String.raw`\b(?:${words})\b`)
    .join('|'),
);

/** @param plain  in small letters, without accents */
export function tellsTooMuch(plain: string): boolean {
  return protectedWords.test(plain);
}
