import type { FairHousingRule } from './fair-housing-rules.ts';
import { oneOf, persons, places, upTo, yours } from './fair-housing-words.ts';

/** Where people come from. */
const countries = oneOf(
  'mexico|cuba|haiti|puerto rico|guatemala|honduras|el salvador|venezuela|colombia|brazil|ecuador|peru|argentina|nicaragua|dominican republic|jamaica|india|pakistan|bangladesh|china|korea|vietnam|philippines|thailand|russia|ukraine|syria|iraq|iran|afghanistan|israel|egypt|nigeria|ghana|kenya|somalia|ethiopia|morocco|turkey|lebanon|saudi arabia|poland|romania|albania|bosnia|africa|asia|europe|latin america|south america|central america|the caribbean|the middle east|overseas|abroad|another country|other countries|back home|the islands',
);
const health = oneOf(
  'autism|autistic|dementia|alzheimers|ptsd|depression|depressed|anxiety|bipolar|schizophren\\w+|epilep\\w+|seizures?|cancer|diabet\\w+|illness(?:es)?|disease|diagnos\\w+|asthma|stroke|amputee|paraplegic|quadriplegic|prosthe\\w+|hearing impaired|visually impaired|hard of hearing|hearing loss|low vision|sick|frail|feeble|ailments?|medical (?:condition|equipment|issues?|needs|history)|health (?:condition|issues?|problems?|history|concerns?)|mobility (?:scooters?|aids?|devices?|needs)|scooters?|oxygen tanks?|caregivers?|caretakers?|live in aides?|home health aides?|assisted living|nursing home|sobriety|recovering|in recovery|addiction|substance abuse|therapy animals?|guide dogs?|hearing dogs?|slow learners?|learning difficult\\w+|limp|(?:crazy|insane|unstable) (?:people|tenants?|neighbou?rs?|person)|physical(?:ly)? (?:limitations?|limits?|ability|abilities|strong|capable)|mental (?:health|illness|issues?|problems?|condition|patients?|state|capacity|disability)|mentally|good health|poor health|healthy enough|fit enough|strong enough|spry|sprightly|nimble|mobile enough|able to walk|hobbl\\w+',
);
const aid = oneOf(
  'section (?:8|eight)|sec 8|(?:housing )?(?:choice )?vouchers?|hcv|vash|rapid rehousing|housing (?:assistance|aid|authority|subsidy|benefits?)|rental assistance|rent assistance|welfare|food stamps|snap|tanf|ebt|ssi|ssdi|disability (?:checks?|income|benefits?|payments?)|social security|unemployment|public (?:assistance|aid|benefits?|housing)|government (?:assistance|aid|help|money|checks?|benefits?|programs?)|subsid\\w+|low income|child support|alimony|pensions?|retirement income|handouts?|benefit checks?|the dole',
);
const refusingAid = oneOf(
  'no|not|dont|doesnt|do not|does not|wont|will not|cannot|cant|never|refuses?|isnt|arent|without|rather|avoid\\w*|only|free|luckily|too many|unfortunately|instead|hassle|trouble|headaches?|problems?|stop(?:ped)?|against|skip|pass on|screen\\w*|turn(?:ed|s)? (?:down|away)|den(?:y|ied|ies)|reject\\w*|exclude\\w*|prefer\\w*|kind|type|people on|those on|folks on|anyone on|tenants on|crowd|recipients?|holders?|opted? out|nobody|low',
);

/** Traits of people that no home has, by the words that tell of them. */
export const traitRules: readonly FairHousingRule[] = [
  [
    'race-origin',
    `\\b(?:complexion(?:ed|s)?|skin(?:ned| tones?| colou?rs?)|(?:light|dark|fair|pale|brown|olive|tan)(?:er)? skin(?:ned)?|melanin|pigment\\w*|(?:light|dark|fair|pale)(?:er)? (?:complexion\\w*|folks|people|ones|faces|toned))\\b`,
  ],
  [
    'race-origin',
    `\\b${persons}\\b${upTo(3)} (?:from|born in|out of|originally from) (?:\\w+ )?${countries}\\b|\\b(?:from|born in|raised in) ${countries}\\b`,
  ],
  [
    'race-origin',
    `\\b(?:visas|visa (?:holders?|status)|h ?1b|daca|dreamers?|asylum|asylees?|naturali[sz]ed|permanent residents?|residency status|legal status|immigrat\\w+|deport\\w*|born (?:here|abroad|overseas|in the (?:us|u s|states|usa))|(?:have|your|their|without|show|no) papers|work permits?|foreign passports?|here legally|illegal(?:ly|s)?|green ?cards?|citizens?(?:hip)?|itin|newcomers?|expats?|foreign\\w*|homeland|(?:your|their|family|cultural|proud|rich|same) heritage|ancest\\w+|ethnic\\w*|nationalit\\w+|mother tongue|native (?:speakers?|tongue|language)|(?:heavy|thick|foreign|your|their|strong|spanish|neighbou?rs with|people with|with an) accents?|curry|cooking smells?|smell of (?:their )?(?:food|cooking)|culturally|cultural (?:fit|background|similarit\\w+|mix)|(?:your|their|same|different|similar|own|other|our) (?:culture|cultures|customs|traditions)|assimilat\\w+|sam(?:e|ilar) roots|blended? in|bilingual (?:neighbou?rs|${places}))\\b(?! (?:home inspection|pendants?|wall|colou?rs?|lighting|trim|tile|piece|contractor))`,
  ],
  [
    'race-origin',
    `\\b(?:race|races|racially|biracial|interracial|mixed race|mixed couples?|people of colou?r|bipoc|poc|negro(?:es)?|whitey|redneck|minorit\\w+|majority (?:white|black|minority)|white folks|black folks)\\b(?! (?:is on|track|car|day|for the))`,
  ],
  [
    'religion',
    `\\b(?:ramadan|sabbath|shabbat|passover|diwali|hijab|burka|turban\\w*|kosher home|bible study|prayer (?:group|meeting|room)|pastor\\w*|priests?|rabbi\\w*|imams?|ministry|ministers?|missionar\\w+|congregat\\w+|sermon|spiritual\\w*|believ(?:e|es|ing) in (?:god|jesus|the lord)|jesus|christ|god|lord|blessed|heathens?|pagans?|secular|scientolog\\w+|quakers?|mennonites?|presbyterian\\w*|episcopal\\w*|adventists?|zion\\w*|torah|quran|koran|baptiz\\w+|worship\\w*|faiths?|religio\\w+)\\b`,
  ],
  ['disability', `\\b${health}\\b`],
  [
    'disability',
    `\\b(?:wheelchairs?|walkers?|crutches|canes?)\\b(?! (?:score|able))|\\b(?:cant|cannot|couldnt|unable to|trouble|hard time|difficulty|struggle\\w*|manage|manages|handle|handles) (?:\\w+ ){0,2}(?:stairs|steps|climb\\w*)\\b|\\bstairs (?:would|will|might|could|may|are going to) (?:be|prove) (?:too|hard|tough|difficult|a problem|an issue|tricky)\\b|\\b(?:no|not|wont|dont|cannot|refuse\\w*|against) (?:\\w+ ){0,4}(?:modifications?|grab bars|accommodations?|ramps? (?:allowed|permitted|may|can))\\b|\\b(?:service|support|comfort|assistance) (?:animals?|dogs?|pets?)\\b(?<!welcome.{0,30})(?! (?:are|is) (?:always )?(?:welcome|allowed|fine|ok|okay))`,
  ],
  [
    'income',
    `\\b${refusingAid}\\b(?: [a-z0-9]+){0,7} ${aid}\\b|\\b${aid}\\b(?: [a-z0-9]+){0,7} ${refusingAid}\\b|\\b(?:earned income|income from (?:a |an )?(?:job|employment|work)|real jobs?|steady jobs?|people who work|gainful\\w*|job holders|where do you work|what do you do for (?:work|a living)|working people|regular paychecks?|paychecks?|earns? their (?:income|money|keep)|income (?:has to|must|should|needs to) (?:come|be) from|no assistance|market rate only|unemployed|jobless|w ?2 (?:income|only|jobs?|employees?|workers?))\\b`,
  ],
  [
    'familial',
    `\\b(?:married|unmarried|marriage|unwed|wedlock|divorc\\w+|widow\\w*|engaged couples?|fianc\\w+|cohabit\\w*|living together|live together|live in (?:boyfriend|girlfriend|partner)|boyfriends?|girlfriends?|spouses?|husbands?|wives|wife|newly ?weds?|honeymoon\\w*|mr and mrs|marital|wedding|bachelors?|spinsters?|single or married|singles?|unattached|domestic partners?|head of household)\\b(?<!\\b(?:the|a|one|every|each|is|in) single)(?! (?:family|story|storey|level|car|garage|sink|vanity|offer|floor|pane|owner|room|bath|most|best|point|page|line|unit|home|house|detached|digit|malt|step|entry|agent|showing|day|hung|tax|price|parcel))`,
  ],
  [
    'familial',
    `\\b(?:pregnan\\w+|expecting|maternity|nursing mother|baby on the way|custody|adopt(?:ed|ing|ion)|foster (?:kids?|children|parents?|care)|stepkids|school age\\w*|playmates?|babysit\\w*|daycare kids|daddy|mommy|momm\\w+|stay at home (?:moms?|dads?|parents?)|soccer (?:mom|families)|pta (?:moms?|parents)|boy scouts|trick or treat\\w*|sleepovers?|big wheels|tykes?|tots?|rugrats?|tweens?|juveniles?|youngsters?|young ones|younger ones|older ones|little ones|minors|offspring|descendants|brood|under ?age|grown ups?|grown kids|preschoolers?|schoolchildren|schoolkids|multigenerational famil\\w+)\\b`,
  ],
  [
    'familial',
    `\\b(?:senior citizens?|retired|retirement|golden years|elder\\w*|aging|aged|ageing|old(?:er)? (?:folks|people|couples?|ladies|gentlem[ae]n|residents|buyers|crowd|set|neighbors)|geriatric|pensioners?|baby ?boomers?|gen ?(?:x|y|z)|gen ?zers?|millenni\\w+|middle aged?|youthful|young at heart|youngish|college (?:kids?|age|crowd)|frat|fraternit\\w+|sororit\\w+|your (?:twenties|thirties|forties|fifties|sixties|seventies)|(?:over|under|above|below|past) (?:\\d0|thirty|forty|fifty|sixty|seventy|eighty)|years? (?:of age|young)|age (?:limit|range|bracket|cap|appropriate)|too (?:old|young)|old enough|young enough|ageless|your birthday)\\b(?! (?:pounds|lbs|minutes|miles|feet|dollars|thousand|percent|homes|listings|offers|days|years old roof))(?! (?:home|house|homes|houses|account|plan|roof|oak|trees?|wood|brick|copper))`,
  ],
  [
    'military',
    `\\b(?:veterans?|vets|soldiers?|marines|army|navy|air force|enlisted|discharged?|deploy\\w+|guardsmen|reservists?|active duty|military|gis?|service ?m[ae]n|service ?wom[ae]n|service ?members?|troops|servicemembers?)\\b(?! (?:day|park|hospital|memorial|parkway|highway|center|clinic|blue|road|street|boulevard|affairs|surplus|base exchange))`,
  ],
  [
    'orientation',
    `\\b(?:gays?|lesbians?|lgbt\\w*|queers?|trans(?:gender\\w*|sexuals?| people| folks| persons?| wom[ae]n| m[ae]n)?|homosexual\\w*|bisexual\\w*|same sex|non ?binary|gayborhood|alternative lifestyles?|your lifestyle|their lifestyle|pride (?:flags?|parade)|sexual(?:ity| orientation)?|gender(?: identity)?|pronouns|rainbow flags?|two (?:m[ae]n|wom[ae]n|guys|ladies|moms|dads|mothers|fathers)|straight (?:people|folks|couples?|only|crowd)|heterosexuals?|cross ?dress\\w*|drag (?:queens?|shows?)|biological (?:m[ae]n|wom[ae]n|males?|females?))\\b`,
  ],
  [
    'familial',
    `\\bwho (?:will|would|else|all|is|are)(?: \\w+){0,2} (?:living|live|moving in|move in|stay|staying|occupy\\w*)\\b|\\b(?:first|native|primary|home) language\\b|\\blanguage (?:do you|is spoken|spoken)\\b|\\b(?:your|their) (?:age|ages|marital|family|household|religion|race|health|medical|immigration|citizenship|employment)(?: status| situation| composition| size| makeup)?\\b(?<!with your family)(?<!to your family)(?<!your household(?: \\w+)?)`,
  ],
  [
    'people',
    `\\b(?:dont quote me|(?:you )?didnt hear (?:it|this|that)|shouldnt (?:really |probably |even )?(?:say|mention|tell|be saying)|not supposed to|no offense|not to (?:be|sound) \\w+|lets just say|some (?:people|folks|would|might) say|word (?:is|on the street)|rumou?r\\w*|reading between|draw your own|use your imagination|just (?:so you know|saying|being honest)|you didnt (?:get|hear)|on the (?:down low|quiet)|strictly between|confidentially|hint hint|legally i cant|i cant legally|not allowed to say)\\b(?! (?:the|that) (?:offer|listing|seller))`,
  ],
  [
    'people',
    `\\b(?:urban (?:people|crowd|elements?|youths?|vibe|feel|types)|articulate|colou?rful (?:${places}|${persons})|eclectic (?:${persons}|${places}|mix)|bible belt|salt of the earth|all american|apple pie|mayberry|norman rockwell|leave it to beaver|old school values|stable ${places}|solid ${places}|solid citizens|community standards|our standards|blue ?collar|white ?collar|working class|middle class|upper class|well heeled|moneyed|prestigious|our sort|undesirable|unsavory|questionable|loud (?:people|families|neighbou?rs|kids|music)|noisy (?:people|families|neighbou?rs|kids)|gang\\w*|loitering|hang(?:ing)? out on|sense of community|close knit|tight knit|like minded)\\b`,
  ],
  [
    'people',
    `\\b(?:people|folks|someone|somebody|anyone|anybody|residents|neighbou?rs|owners|buyers|renters|tenants|applicants) (?:who|that|with|of|from|on|without) (?!(?:our|the|your) (?:team|office|agent)|the \\w+ (?:team|office)|us\\b|our\\b|will\\b|can\\b|handles?\\b|knows?\\b|helps?\\b|speaks?\\b|wants? to (?:buy|sell|see)\\b|(?:buy|sell|own|rent) (?:a|their)\\b)(?=.*\\b(?:live|fit|belong|match|share|look|act|think|value|respect|appreciate|care|work|pray|behave|dress|understand|same|similar|different|certain|right|good|means|taste|class)\\b)`,
  ],
  [
    'people',
    `\\b(?:${yours} (?:kind|sort|type|tribe|peers)|fits? (?:the|their|our|a certain) (?:profile|mold|mould|image|look|culture)|(?:right|certain|ideal|typical) (?:profile|image|look|type|fit|match)|cultural fit|same wavelength|birds of a feather|one of us|our own kind|not your crowd|out of place|stick(?:ing)? (?:to|with) your own|where you(?:d| would)? (?:blend|fit|belong)|someone like (?:you|yourself|that)|ones like (?:you|that)|in good company|rub elbows|keep up with the|pedigree|breeding|(?:refined|cultured|sophisticated|discerning|elite) ${persons}|well bred|high society|upper crust|country club (?:set|crowd|types?)|keep(?:s|ing)? (?:the )?(?:area|building|community|neighborhood|it|things) (?:nice|select|quiet|pure|clean|exclusive|the same))\\b(?! (?:for your (?:needs|budget|list|search)|home|house|with (?:your|the)))`,
  ],
];
