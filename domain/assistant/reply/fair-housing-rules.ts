import { faiths, groups, oneOf, peoples, persons, places, things, upTo, yours } from './fair-housing-words.ts';

/** What a finding is about: the classes of 42 U.S.C. 3604, those that some states add, and steering, which names no class. */
export type FairHousingCode =
  | 'race-origin'
  | 'religion'
  | 'sex'
  | 'familial'
  | 'disability'
  | 'orientation'
  | 'income'
  | 'military'
  | 'safety'
  | 'schools'
  | 'people';

export type FairHousingRule = readonly [code: FairHousingCode, pattern: string];

const fit = oneOf(
  'perfect|ideal(?:ly)?|great|good|best|wonderful|excellent|fantastic|amazing|awesome|lovely|nice|suited|suitable|suits?|right|designed|made|meant|geared|fits?|tailored|better|intended|works?',
  'cater(?:s|ing|ed)?|appeals?|popular|favou?rites?|magnet|haven|heaven|paradise|dream|attractive|attracts?|draws?|welcoming|appropriate|recommended|beloved|loved|favou?red|comfortable|hard|tough|difficult|tight|small|big|enough|safe|fun',
);
const no = oneOf(
  'no|not|without|zero|never|hardly any|free of|minus|nor|cannot have|cant have|dont (?:allow|accept|take|want|rent to|sell to|like)|doesnt (?:allow|accept|take|want|rent to|sell to|like)|wont (?:allow|accept|take|rent to|sell to)|do not (?:allow|accept|take|want|rent to|sell to)|does not (?:allow|accept|take|want|rent to|sell to)|frowns? on|away from',
);
const many = oneOf(
  'lots? of|many|mostly|mainly|full of|tons of|plenty of|primarily|predominantly|other|several|majority|filled with|mix of|few|fewer|dominated by|loads of|bunch of|more and more|too many|surrounded by|popular (?:with|among)|home to|packed with|teeming with|largely|heavily|typically|usually|most|a number of',
);
const wants = oneOf(
  'prefers?|preferred|preferring|would rather|would like|hopes? for|hoping for|looking for|seeks?|seeking|(?:they|owners?|sellers?|landlords?|hoa|he|she|association) wants?|doesnt want|dont want|(?:sell|rent|lease|show|market)(?:s|ed|ing)? (?:it |them )?to|owner only rents|aimed at|targets?|targeting',
);

/** Rules in English, over plain sentences without what is allowed. */
export const englishRules: readonly FairHousingRule[] = [
  // Race, colour, national origin.
  ['race-origin', `\\b${peoples}\\b(?! ${things})`],
  [
    'race-origin',
    `\\b(?:white|black|brown|colou?red|yellow|dark skinned|light skinned|fair skinned)s?(?: [a-z]+)? ${persons}\\b`,
  ],
  [
    'race-origin',
    `\\b(?:white|black|brown|anglo)s?(?: [a-z]+)? (?:neighbou?rhoods?|communit(?:y|ies)|areas?|enclave|parts? of|sections? of|suburbs?|towns?)\\b`,
  ],
  [
    'race-origin',
    `\\b(?:mostly|predominantly|majority|mainly|largely|primarily|all|historically|traditionally|heavily|entirely|nearly|almost|percent|%|too|more|very|becoming|turning|still) (?:white|black|brown)\\b(?! (?:and )?${things})`,
  ],
  [
    'race-origin',
    `\\b(?:whites|blacks)\\b|\\bwhite flight\\b|\\b(?:white|black) only\\b|\\bgetting (?:darker|browner|whiter)\\b|\\bno (?:blacks?|whites?|browns?)\\b(?! ${things})`,
  ],
  [
    'race-origin',
    `\\b(?:immigrants?|migrants?|refugees?|foreigners?|foreign (?:born|buyers?|families|neighbou?rs|people|nationals?|owners)|minorit(?:y|ies)|illegals|undocumented|native born|newly arrived)\\b`,
  ],
  [
    'race-origin',
    `\\b${persons} of colou?r\\b|\\bcolou?reds?\\b(?= ${persons})|\\bethnic(?:ity|ities|ally|s)?\\b|\\bracial(?:ly)?\\b|\\b(?:skin colou?r|colou?r of (?:your|their|his|her) skin)\\b`,
  ],
  [
    'race-origin',
    `\\b(?:what|your|own|same|their|his|her|other|mixed|certain) races?\\b|\\bnationalit(?:y|ies)\\b|\\bnational origin\\b|\\bmulticultural\\b|\\bmelting pot\\b`,
  ],
  [
    'race-origin',
    `\\bwhere are you (?:all )?(?:originally )?from(?: originally)?$|\\bwhat country\\b|\\bwhich country are you\\b|\\b(?:a|u ?s) citizen\\b|\\b(?:u ?s |american |legal )?citizens? (?:only|preferred|may|can)\\b|\\bonly (?:us |u s |american |legal )?(?:citizens?|americans?)\\b|\\bgreen card\\b|\\bimmigration status\\b|\\blegal residents? only\\b`,
  ],
  [
    'race-origin',
    `\\b(?:american|real|true|native) americans?\\b|\\bamericans? (?:only|${persons})\\b|\\breal americans?\\b|\\bamericans only\\b`,
  ],
  [
    'race-origin',
    `\\bfluent in english\\b|\\b(?:spanish|english|creole|foreign) speakers?\\b|\\benglish (?:only|speaking|speakers?)\\b|\\b(?:must|only|need to|dont|do not|doesnt|does not|cant|barely|hardly|all|everyone|people) speaks? (?:good |fluent |proper |any |much )?english\\b|\\bspanish (?:speaking|speakers?) (?:${persons}|${places}|only)\\b|\\baccents?\\b(?! (?:wall|colou?r|lighting|tile|trim|piece|pillow))|\\blast name like\\b`,
  ],
  [
    'race-origin',
    `\\b(?:china|korea|india|mexico|chocolate|barrio|chinatown|koreatown)(?:town|s)?\\b(?= (?:${persons}|${places}|crowd))|\\bbarrio\\b|\\b(?:polish|portuguese|spanish|american|jamaican|creole) (?:${persons}|${places})\\b`,
  ],
  [
    'race-origin',
    `\\b${yours} (?:own )?(?:culture|heritage|ancestry|descent|homeland|ethnic\\w*|countrymen|compatriots)\\b|\\b(?:same|similar|shared) (?:culture|heritage|background|ancestry|origin)s?\\b|\\bdivers(?:e|ity)\\b|\\bdemographics?\\b|\\bhomogen\\w+\\b|\\bintegrated (?:${places}|schools?|${persons})\\b|\\bsegregated\\b`,
  ],
  // Religion.
  ['religion', `\\b${faiths}\\b`],
  [
    'religion',
    `\\breligio(?:n|us)s?\\b|\\b(?:synagogues?|mosques?|shuls?|eruv|gurdwaras?|kingdom hall|minyan|mikvah)\\b|\\b(?:people|persons?|families|family|community|neighborhood|folks) of (?:\\w+ )?faiths?\\b|\\b(?:faith based|sabbath|shabbat|(?:walk|go|get) to (?:services|mass))\\b|\\bfaiths?\\b|\\bchurches\\b|\\b(?:bible|biblical|scripture|godly|prayer|pray(?:s|ing)?|worship\\w*|congregations?|secular)\\b`,
  ],
  [
    'religion',
    `\\b(?:near|nearby|close|closer|walk\\w*|steps?|blocks?|minutes?|mins?|next|across|around|by|convenient\\w*|access|proximity|distance|down the (?:street|road)|miles?)\\b${upTo(6)} (?:church(?:es)?|temples?|parish|cathedral|chapels?|sunday (?:service|mass|school))\\b(?! (?:street|st|road|rd|avenue|ave|lane|hill|terrace|university|conversion))`,
  ],
  [
    'religion',
    `\\b(?:your|what|which|good|great|strong|many|several|local) (?:church(?:es)?|parish|temple|congregation)\\b|\\b(?:go|goes|going|attend\\w*) (?:to )?(?:\\w+ )?(?:church|mass|temple|services at)\\b|\\bchurch (?:attend|attend\\w+|do you|is next|nearby|around)\\b|\\bservices at the\\b|\\bat the parish\\b|\\b(?:church(?:es)?|temples?|parish) (?:\\w+ )?(?:nearby|close by|within walking|around the corner|down the)\\b`,
  ],
  // Sex.
  [
    'sex',
    `\\b(?:male|female|wom[ae]n|m[ae]n|lad(?:y|ies)|gentlem[ae]n|girls?|guys?|boys?|gals?)s? (?:only|preferred|wanted|please|tenants?|roommates?|residents?|renters?|applicants?|buyers?|occupants?|buildings?|floors?|household|professionals?)\\b`,
  ],
  [
    'sex',
    `\\bonly (?:\\w+ )?(?:m[ae]n|wom[ae]n|males?|females?|girls?|guys?|lad(?:y|ies)|gentlem[ae]n)\\b|\\bbachelor(?:ette)? pads?\\b|\\b(?:man|woman|lady|gentleman) of the house\\b|\\bsingle (?:moms?|mothers?|mums?|dads?|fathers?|parents?|wom[ae]n|m[ae]n|guys?|lad(?:y|ies)|females?|males?|girls?|${persons})\\b|\\bdelicate\\b(?= ${persons})`,
  ],
  [
    'sex',
    `\\b(?:wom[ae]n|lad(?:y|ies)|girls?|m[ae]n|guys?|females?|males?) (?:alone|living alone|on (?:her|his|their) own)\\b`,
  ],
  // Sexual orientation, gender identity.
  [
    'orientation',
    `\\b(?:gays?|lesbians?|lgbt\\w*|queers?|transgender\\w*|trans|homosexuals?|bisexuals?|same sex|non ?binary|gayborhood)\\b|\\bstraight (?:${persons}|only)\\b|\\b(?:are you|youre) straight\\b|\\btraditional (?:couples?|famil(?:y|ies)|marriages?|values|lifestyle)\\b`,
  ],
  // Familial status, marital status, age.
  [
    'familial',
    `\\b(?:for|with|to|by|among|suits?|of|attracts?|draws?|recommend\\w*|like|fits?|accommodates?) (?:(?:a|an|the|any|all|some|those|these|most|many|${yours}|two|three|small|young|younger|older|large|larger|big|growing|busy|active|single|married|unmarried|retired|working|new|expectant|first time|bigger|other|such|other|older|noisy|little|school age|school aged) ){0,3}${groups}\\b(?! (?:room|club|s club))`,
  ],
  ['familial', `\\b${fit}${upTo(4)} (?:for|to|with|by|among|as) (?:[a-z0-9]+ ){0,4}${groups}\\b`],
  [
    'familial',
    `\\b(?:ideal|perfect|great|wonderful|lovely|true|real|good|quintessential|nice|best) (?:family|couples?|kids?|retirement|bachelor|adult|senior)s? (?:home|house|place|spot|condo|apartment|property|neighbou?rhood|area|yard|setting|street)\\b`,
  ],
  [
    'familial',
    `\\b${groups} (?:(?:will|would|can|could|may|might|should|really|always|often|usually|tend to|all|just|typically|also|absolutely|simply) ){0,2}(?:loves?|enjoys?|adores?|likes?|appreciates?|thrives?|fits?|feels?|prefers?|benefits?|lives?|moves?|grow|be (?:very |so )?(?:happy|happier|safe|comfortable|delighted|thrilled)|choose|chooses|pick|go for|settle|play(?:s|ing)?|ride|run(?:ning)?|dream|gravitate|flock)\\b`,
  ],
  [
    'familial',
    `\\b${no}${upTo(3)} (?:kids?|children|child|bab(?:y|ies)|infants?|toddlers?|teens?|teenagers?|couples?|singles|famil(?:y|ies)|students?|m[ae]n|wom[ae]n|seniors?|retirees|elderly|adults|males?|females?|minors|youngsters|(?:young|old|older|elderly) (?:people|folks|buyers|renters|residents|tenants|couples?)|veterans?|vets|newborns?|parents|mothers?|bachelors|roommates|little ones|girls|guys)\\b`,
  ],
  [
    'familial',
    `\\b(?<!\\b(?:your|and|welcome) )${groups}${upTo(2)} (?:only|preferred|wanted|need not|not (?:allowed|welcome|accepted|permitted)|prohibited|allowed|free|discouraged|must be|are welcome|is welcome|welcome|over \\d+|under \\d+|exclusively|please)\\b`,
  ],
  [
    'familial',
    `\\b(?:only|just|exclusively|strictly|max(?:imum)?(?: of)?|at most|no more than|limit of) (?:[a-z0-9]+ )?(?:kids?|children|child|couples?|adults?|singles|famil(?:y|ies)|seniors?|students?|retirees|professionals?|one person|a single person)\\b|\\b(?:adults|couples|singles|seniors) only\\b|\\bone person only\\b`,
  ],
  ['familial', `\\b${many}(?: of)?${upTo(3)} ${groups}\\b`],
  [
    'familial',
    `\\b${wants}${upTo(4)} ${groups}\\b|\\b${wants}${upTo(3)} (?:married|unmarried|childless|mature|responsible|wholesome|stable|quiet|nice|good) ${persons}\\b`,
  ],
  [
    'familial',
    `\\b(?:family|families|kid|kids|child|children|toddler|baby|teen|adult|senior|couple|retiree|student|single)s? (?:friendly|oriented|focused|centered|centric|safe|proof|only|ready|sized)\\b|\\badults? (?:building|communit(?:y|ies)|living|lifestyle|oriented|complex|atmosphere)\\b`,
  ],
  [
    'familial',
    `\\bfamil(?:y|ies) (?:neighbou?rhoods?|communit(?:y|ies)|areas?|streets?|atmosphere|values?|feel|vibe|environment|settings?|towns?|suburbs?|living|complex(?:es)?|building|lifestyle|haven|paradise|magnet|place|destination|crowd|market)\\b`,
  ],
  [
    'familial',
    `\\brais(?:e|ing) (?:\\w+ ){0,2}(?:kids|children|famil(?:y|ies)|them|teens|a child|boys|girls)\\b|\\bstart(?:ing)? (?:a|your|the) famil(?:y|ies)\\b|\\bgrowing famil(?:y|ies)\\b|\\bgrow(?:ing)? (?:your|a|into|with your) famil\\w+|\\b(?:child|children|kid|kids|baby|teenager)(?: free|less)\\b|\\bchildless\\b|\\bsettle down\\b|\\bnest(?:ing)? (?:empty|phase)\\b`,
  ],
  [
    'familial',
    `\\b(?:since|because|as|given|considering|knowing|now that|if) (?:you|youre|your|you are|you have|a|an|it is|its)${upTo(4)} (?:kids?|children|baby|toddlers?|age|family (?:is|status)|single (?:mom|dad|parent|mother)|married|divorced|pregnant|retired|elderly|young|older|widow\\w*|newlyweds?|expecting)\\b|\\bat your age\\b|\\byou (?:sound|look|seem) (?:young|old|older|mature)\\b|\\bage group\\b`,
  ],
  [
    'familial',
    `\\b(?:with|having) (?:${yours} |the |small |young |little |two |three |four |several |noisy |a |school age ){1,3}(?:kids?|children|baby|toddlers?|babies|little ones?|teens|teenagers|newborn)\\b`,
  ],
  [
    'familial',
    `\\b(?:do|did|will|are) you (?:guys |all )?(?:have|having|expect|expecting|planning on|planning|plan)${upTo(4)} (?:kids?|children|baby|babies|wife|husband|spouse|family)\\b|\\bhow many (?:kids|children|people are in your family)\\b|\\bare you (?:\\w+ )?(?:married|pregnant|single|divorced|widowed|expecting|retired|a student|an? (?:single|older|young) \\w+)\\b|\\bhow old (?:are|is) (?:you|your|the kids|they)\\b|\\bwhat is your age\\b|\\byour (?:marital|family|familial) status\\b|\\bis it (?:just|only|for) you\\b(?: and| or)`,
  ],
  [
    'familial',
    `\\b(?:must be|nobody|no one|anyone|anybody|people|those|tenants|residents|buyers|children) (?:is )?(?:over|under|above|below|older than|younger than) (?:the age of )?\\d{1,2}\\b(?!,)|\\bages? \\d{1,2} (?:to|and|through) \\d{1,2}\\b|\\b\\d{1,2} and (?:over|under|older|younger) only\\b|\\bover \\d{1,2} only\\b`,
  ],
  [
    'familial',
    `\\b(?:older|younger|elderly|old|young|mature|hip|college|student|retired|senior|middle aged) (?:people|persons?|residents?|crowd|couples?|buyers?|tenants?|neighbou?rs?|folks|population|demographic|generation|community|vibe|professionals?|clientele|bunch)\\b`,
  ],
  [
    'familial',
    `\\bactive adults?\\b|\\b(?:young|hip) and (?:hip|young)\\b|\\byoung,? hip\\b|\\bempty nest\\w*\\b|\\bretirement (?:dream|haven|spot|lifestyle)\\b|\\b(?:mature|quiet) (?:couple|individual|person|tenant|lady|gentleman)s?\\b|\\bmature only\\b`,
  ],
  [
    'familial',
    `\\b(?:unmarried|married|cohabiting|divorced|widowed) (?:${persons}|couples?|only|preferred)\\b|\\bfull of (?:\\w+ )?(?:kids|children|families)\\b|\\bkids? (?:around|running|nearby|next door|everywhere)\\b|\\b(?:children|kids) (?:around|running|everywhere|under|over|above|below)\\b|\\bfamily of (?:\\d+|two|three|four|five|six|seven|eight)\\b`,
  ],
  // Whoever speaks of a home needs none of these words; see `householdTalk` for those that a talk needs.
  [
    'familial',
    `\\b(?<!you )(?:famil(?:y|ies)|kids?|kiddos?|children|toddlers?|bab(?:y|ies)|infants?|newborns?|teens?|teenagers?|little ones?|tots|offspring|couples?|newlyweds?|singles|bachelors?|retirees?|empty nesters?|seniors|senior citizens?|elderly|grandparents?|grandm\\w+|grandkids|grandchildren|students?|millennials?|boomers?|zoomers|adults?|parents?|moms?|mums?|mothers?|dads?|fathers?|widow(?:s|ers?)?|roommates?|minors)\\b(?! loan)`,
  ],
  [
    'familial',
    `\\b(?:child|children)\\b(?! care)|\\b(?:strollers?|tricycles?|minivans?|soccer moms?|play ?dates?|carpools?|diapers?)\\b|\\b(?:twenty|thirty|forty|fifty|sixty|20|30|40|50|60)[ -]?somethings?\\b|\\bin (?:their|your|his|her) (?:\\d0s|twenties|thirties|forties|fifties|sixties|seventies)\\b|\\baverage age\\b|\\b(?:your|certain|their|what|right|same) age\\b|\\byears? olds?\\b(?= (?:people|buyers?|tenants?|residents?|couples?))|\\b(?:anyone|anybody|everyone|nobody|no one|people|folks|residents) (?:is |are |who are |thats )?(?:under|over|past|above|below) (?:\\d\\d|thirty|forty|fifty|sixty|seventy)\\b`,
  ],
  [
    'sex',
    `\\b(?:m[ae]n|wom[ae]n|lad(?:y|ies)|gentlem[ae]n|gals?|girls?|boys?|males?|females?|husbands?|wi(?:fe|ves)|boyfriends?|girlfriends?)\\b`,
  ],
  // Disability.
  [
    'disability',
    `\\b(?:handicap(?:ped|s)?|disabled|disabilit(?:y|ies)|crippled?s?|invalids?|wheelchair (?:users?|bound|person|people)|in (?:a )?wheelchairs?|use a wheelchair|mentally|mental (?:illness|health|problems?|issues?)|able bodied|able body|physically (?:fit|able|challenged|impaired)|autis\\w+|down syndrome|special needs|impaired|impairments?|deaf|psychiatric)\\b`,
  ],
  [
    'disability',
    `\\b(?:no|not|without|any) (?:\\w+ ){0,2}(?:wheelchairs?|walkers|canes|crutches|oxygen)\\b(?! (?:access|ramp|lift))`,
  ],
  [
    'disability',
    `\\bthe blind\\b|\\bblind (?:${persons}|users?)\\b|\\b(?:healthy|normal|sane|fit|sick|frail|infirm|able) (?:${persons}|adults?|seniors?|only)\\b|\\bhealthy,? (?:active|fit)\\b|\\bactive,? healthy\\b|\\b(?:hiv|aids|alcoholics?|addicts?|rehab|sober (?:home|house|living)|halfway (?:house|home)|group homes?|recovery (?:home|house)|medications?|wheelchair dependent)\\b`,
  ],
  [
    'disability',
    `\\b(?:no|not|dont|doesnt|do not|does not|wont|cant|cannot|without|refuses?|except|including|fee|deposit|charges?|turned down|denied|rejected|rather) (?:\\w+ ){0,7}(?:(?:therapy|guide|companion|hearing) (?:animals?|dogs?)|service (?:animals?|dogs?)|(?:emotional )?support (?:animals?|dogs?)|assistance (?:animals?|dogs?)|esas?|emotional support)\\b|\\b(?:service|support|assistance) (?:animals?|dogs?) (?:are|is|arent|isnt|cannot|cant) (?:not |never )?(?:allowed|welcome|accepted|permitted|be)\\b(?<=(?:arent|isnt|not|cannot|cant|never).{0,30})`,
  ],
  [
    'disability',
    `\\b(?:must|able|need|have|required|can|cant|cannot) (?:to )?(?:be able to )?(?:climb|walk up|handle|manage|do) (?:the )?stairs\\b|\\b(?:limited mobility|mobility (?:issues?|problems?|limitations?|challenges?|impair\\w+)|health (?:issues?|problems?|conditions?)|(?:cant|cannot|can barely|trouble|difficulty) walk(?:ing)?(?: well)?|in (?:good|great) shape for|live independently|independent living skills|trouble walking|bad knees?|your health|your condition)\\b`,
  ],
  [
    'disability',
    `\\bfor (?:the )?(?:sick|frail|infirm|mobility)\\b|\\bdo you (?:have|take|use) (?:any )?(?:health|medical|medications?|a walker|a cane|an illness)\\b`,
  ],
  // Source of income.
  [
    'income',
    `\\b(?:no|not|dont|doesnt|do not|does not|wont|will not|cannot|cant|without|refuses?|never|isnt|arent|luckily|away from|stop|hates?) (?:\\w+ ){0,5}(?:section 8|section eight|sec 8|(?:housing )?vouchers?|hcv|housing (?:assistance|choice|benefits?)|welfare|food stamps|(?:government|public|rental|rent) assistance|subsid\\w+|low income|disability income|ssi|ssdi|social security|hud tenants?|alimony|child support)\\b`,
  ],
  [
    'income',
    `\\b(?:section 8|section eight|(?:housing )?vouchers?|welfare)(?: \\w+)? (?:tenants?|people|holders?|recipients?|applicants?|families|need not|not|is not|are not|isnt|arent)\\b|\\bwelfare\\b|\\bon (?:government |public )?(?:assistance|benefits|disability|public aid)\\b|\\bw ?2 (?:income|employees?|jobs?)\\b`,
  ],
  [
    'income',
    `\\b(?:employed|working|professional|salaried|gainfully employed) (?:${persons}|professionals?) (?:only|preferred)\\b|\\b(?:professionals?|employed|executives?) (?:only|preferred)\\b|\\bmust (?:have|hold|be) (?:a |full time |gainfully )?(?:job|employed|employment|w2|working)\\b`,
  ],
  [
    'income',
    `\\b(?:low income|subsidi[sz]ed|public|affordable|government|income restricted) (?:housing|${places}|${persons}|apartments?)\\b(?<=\\b(?:no|luckily|unfortunately|away|far|near|close|thankfully|next)\\b.{0,60})|\\bthe projects\\b|\\b(?:poor|rich|wealthy|affluent|working class|blue collar|white collar|low class|high class|upper class|lower class|middle class|well to do|trashy) (?:${persons}|${places})\\b`,
  ],
  [
    'military',
    `\\b(?:no|not for|without) (?:\\w+ )?(?:veterans?|vets|military|soldiers|service members?)\\b|\\b(?:since|because|as) (?:you |youre |you are )*(?:a |an )?(?:veteran|soldier|marine)\\b|\\b(?:veterans?|vets|civilians?|military)(?: \\w+)? (?:only|need not|preferred)\\b|\\bmilitary (?:famil\\w+|couples?|crowd|types?|community|people)\\b|\\b(?:perfect|ideal|great|good|best) for (?:\\w+ )?(?:veterans?|military|soldiers)\\b`,
  ],
];
