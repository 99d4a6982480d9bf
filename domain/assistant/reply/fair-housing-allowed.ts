import { faiths, oneOf, peoples, things } from './fair-housing-words.ts';

/**
 * Words that hold a word of a rule and say nothing about people. They are taken out before the rules look. Facts of a home, of its services and
 * of its access are free, as HUD's memorandum of 9 January 1995 has it: family room, mother-in-law suite, bachelor apartment, quiet street,
 * walking distance, chapel on site, kosher meals, wheelchair ramp.
 */
const objects = oneOf(
  'creek|lake|river|streets?|st|road|rd|lane|ln|avenue|ave|boulevard|blvd|bridge|park|beach|hills?|trail|cent(?:er|re)|club|clubhouse|stores?|shops?|market|museum|hospital|clinic|library|gym|restaurants?|menu|rooms?|bedrooms?|restrooms?|locker|bath|bathrooms?|sinks?|vanity|closets?|suite|wing|quarters|pantry|doors?',
  'floors?|walls?|tile|rugs?|towels?|cotton|pears?|maples?|oaks?|trees?|gardens?|flowers?|plants?|peaches|furniture|piano|swings?|slide|pool|lock|union|campus|degrees?|company|base|pier|swim|tees|course|clause|picture|crest|car|walk|novels?|podcasts?|porch|print|blue|pink|green|elevator|alarm|nature|massage|boy comes|farm|mahogany|cottage on|loans?|officer|vice|manager|director|community center|charities|services (?:office|agency)|day|memorial|affairs|parade|festival|fair|game|league|field|stadium',
);
const named = oneOf(
  'famil(?:y|ies)|kids?|childrens?|child|bab(?:y|ies)|teens?|couples?|singles?|seniors?|elderly|students?|adults?|parents?|mothers?|fathers?|m[ae]ns?|wom[ae]ns?|lad(?:y|ies)|gentlem[ae]ns?|boys and girls|girls?|boys?|bachelors?|widows?|brides?|honeymoon|old maids|university students?|military|army|navy|veterans?|va|marine',
  `${faiths}|${peoples}|moroccan|turkish|egyptian|african|swedish|danish|norwegian|swiss|polish|dutch|black|white|brown`,
);

const allowed: readonly RegExp[] = [
  `(?<!\\b(?:for|no|with|by|of|perfect|ideal|great|only) )${named} (?:${objects})`,
  `(?:old|former|previous|once an?|used to be an?|was an?|converted|historic) (?:\\w+ )?(?:school|church|synagogue|convent|temple|chapel|monastery|rectory|parsonage)(?: (?:became|is now|was turned|turned|building|conversion|lofts|condos)[^,]*)?`,
  `cultured (?:marble|stone)|cancer center|protect your family from lead|(?:service|assistance|support) animals? (?:arent|are not|isnt|is not|are never|live|stay)(?: considered| treated as| counted as| charged)?(?: a)? (?:pets?|free)|no (?:pet )?(?:fees?|deposits?|rent|charges?)(?: \\w+)? (?:for|on|applies to|apply to) (?:service|assistance|support|emotional support) animals?|(?<!(?:not|dont|doesnt|wont|cannot|cant|never|no longer) )(?:accepts?|takes?|welcomes?|works? with|participates? in|honou?rs?) (?:\\w+ )?(?:section 8|vouchers?|housing (?:choice )?vouchers?|housing assistance|rental assistance)`,
  `(?:military|army|navy) (?:relocations?|moves?|orders|pcs)|retirement (?:accounts?|funds?|savings|plans?)|down payment assistance|(?:boys|girls) and girls|minors? (?:repairs?|fixes|work|issues|updates|changes|cosmetic)|a minor|marina|married to the|expecting (?:an?|to|the|offers?|rain|more|your|his|her|their|it)`,
  `(?:protects?|protecting|harms?|harming) (?:young )?children|safe (?:time|and secure (?:online|portal|payments?|site|upload))|feel safe knowing|child safety (?:locks?|gates?|covers?)|crime scene|(?:puertas?|sistemas?|camaras?|cajas?|rejas?) de seguridad|(?:habitacion|cuarto|recamara|bano) (?:de|para) (?:los )?ninos|(?:gabinetes|muebles|pisos?|muros|azulejos|electrodomesticos|marcos|techos|closets) (?:\\w+ )?(?:blancos|negros|cafes)|(?:traiga|venga con|traer) (?:a )?sus hijos`,
  `(?:${faiths}|mosque|church|temple|quaker|amish|deaf) (?:style|built|made|inspired|gr[ae]y|blue|furniture|pews?|bells?|friendly)|(?:halls?|hallways?|doors?|doorways?|paths?|ramps?|wide enough|room|access|space|clearance|works?)(?: \\w+){0,3} (?:for|by|with|to) (?:a |the )?wheelchairs?`,
  `famil(?:y|ies) of (?:ducks|deer|birds|owls|geese|foxes|rabbits|cranes|otters|turtles|swans|plants|products)`,
  `(?:ladder|vault|deck|stairs?|stairway|railing|pool|roof|wiring|electrical|water|tap|tree|balcony|structure|fireplace|furnace|generator|deposit|escrow|data|information|info|link|number|money|documents?) (?:is|are|was|were|looks?|stays?) (?:\\w+ )?safe(?:ly)?|(?:the|a|wall|floor) safe (?:is|was|stays|in|behind)|safe (?:from fire|and sound|from floods?)|safe(?:ly)? (?:stored|kept|packed|deposited)`,
  `race (?:to|against|for|week|weekend|tracks?|day|car)|(?:race|horse) track|golf handicap|handicap (?:of|in golf)|crime (?:novels?|shows?|podcasts?|fiction)|light skinned (?:peaches|grapes)|divers(?:e|ity) (?:of )?(?:floor|home|house|plants?|styles?|design|layouts?|price|options|restaurants|shops|wildlife)\\w*`,
  `(?:single|multi|two|three|four|one|2|3|4) family`,
  `(?<!\\b(?:ideal|perfect|great|wonderful|lovely|good|nice|best|true|real) )family homes?`,
  `family (?:emergency|trust|estate|heirloom|matters?|members?)|student loans?|child ?care|baby (?:gate|grand)|(?:mothers|fathers) day|you guys|handyman`,
  `family (?:size|sized|style|rooms?|owned|run|business|den|style kitchen|style dining|dwelling|residences?|properties)`,
  `(?:talk|talking|discuss|think|check|go|sleep|chat|share|look|decide|visit|tour|come|see it|plan)(?: (?:it|this|that|things))?(?: (?:over|through|about it|up))? (?:with|by|together with) (?:your|the) (?:family|wife|husband|spouse|partner|kids|children|parents?|mother|father|mom|dad)`,
  `(?:mother|father|parent) in law|in law (?:suite|apartment|unit|quarters)`,
  `bachelor (?:apartments?|units?|studios?)`,
  `(?:his|her) and (?:hers|his)|man caves?|she sheds?|mens|womens|ladies room|women owned|woman owned|veteran owned`,
  `masters? (?:bedrooms?|baths?|bathrooms?|suites?)|boys and girls club`,
  `(?:a |the (?:first |last )?|first |next )?couple (?:of|more|things|questions|days|weeks|hours|minutes|times|options|homes|months|details|blocks|miles)\\b(?! (?:kids|children|singles|guys|women|men))`,
  `kids? (?:books?|menu|meals?|pool|playground|splash pad|area)|(?:never|not) by who lives there|childrens (?:rooms?|bedrooms?)|childrens (?:museum|hospital|library|books?)|senior (?:center|living community|agent)|veterans (?:day|park|hospital|parkway|highway|memorial)|va (?:loans?|offers?|financing)`,
  `(?:merry |happy )?(?:christmas|easter|hanukkah|thanksgiving|holidays)`,
  `(?:in )?good faith|leap of faith`,
  `(?:platiquelo|hablelo|consultelo|comentelo|conversarlo|hablarlo|piense\\w*|venga|traiga) (?:con )?(?:a )?(?:su|tu) (?:familia|esposo|esposa|pareja|hijos)|su (?:esposo|esposa) tambien`,
  `kosher (?:meals?|kitchens?|food)|church (?:street|st|road|rd|avenue|ave|lane|hill)|temple (?:terrace|university|avenue|ave|street|texas|tx|hills)|baptist (?:hospital|health|medical)|cathedral ceilings?|mission style`,
  `${peoples}(?: (?:and|or) [a-z]+)? ${things}|${peoples} (?:[a-z]+ )?(?:restaurants?|tiles?|style|cuisine)|greek (?:isles|key)|indian (?:rocks|shores|river|creek|lake|hills|springs|trail)|french (?:quarter|drain|windows?)|irish (?:spring|pub)|little (?:italy|havana|tokyo)s`,
  `(?<!\\b(?:must|only|not|dont|doesnt|cant|barely|hardly|all|cannot|fluent) )(?:in|speaks?|speaking|write|text|texts|translate|translated|language is) (?:${peoples}|spanish|english|portuguese|creole|mandarin|polish)(?:(?:,| and| or) (?:${peoples}|spanish|english|portuguese|creole|mandarin|polish))*(?! (?:people|families|area|neighborhood|community|only|tenants|buyers|residents))`,
  `(?:white|black|brown|red|yellow)(?: (?:and|or) [a-z]+)?(?: [a-z]+)? ${things}|(?:are|is|be) (?:white|black|brown|red)(?= and| or|,|$)|white (?:glove|noise|elephant|pages|river|oak|lake|stone)|black (?:friday|hills|mountain|forest|rock|belt|top|lake)|brown ?stones?`,
  `wheelchair (?:accessible|access|ramps?|lift|accessibility)|rampa para sillas? de ruedas|handicap(?:ped)? (?:parking|accessible|access|spots?|spaces?|ramps?|entrances?|bathrooms?|showers?|stalls?)|disabled (?:alarm|parking)`,
  `blind (?:corners?|spots?|curves?|offer)|blind drive(?:way)?`,
  `safe (?:to|room|side|deposit|travels?|trips?|bet|assumption|harbor|drive|and sound)|(?:gun|wall|floor|fire) safe|better safe|(?:play|playing) it safe|safe than|stay safe|travel safe|drive safe(?:ly)?|safely|childproof`,
  `safety (?:inspections?|features?|glass|rails?|railings?|codes?|standards?|equipment|devices?|gates?|latch|cover|fence|first|check|certificates?|reports?|bars?)|(?:for|pool|fire|water|electrical|there for) safety`,
  `schools? (?:is|are) best (?:put|asked|answered|left|looked)|safe for (?:trucks|cars|drinking|swimming)|drug ?stores?|shady (?:yard|porch|lot|trees?|spot|patio|backyard|deck|corner)|police (?:department|station)|theft insurance|rough (?:sawn|opening|edges|around|estimate|idea|number|guess|draft|hewn|cut|in)|roughed`,
  `diverse (?:housing|restaurants?|dining|shops?|architecture|styles?|menu|selection|homes|price|food|amenities|options|range|set|collection)|diversify`,
  `(?:active|mature) (?:listings?|trees?|landscap\\w*|oaks?|garden|market|on)|young (?:trees?|orchard)`,
  `school (?:bus(?:es)?|crossing|board|year|calendar|supplies)`,
  `range hood|vent hood|hood (?:over|above|vent)|(?:robin|mount|fort) hood|the hood is (?:new|vented|stainless)`,
  `service animals? (?:are )?(?:always )?(?:welcome|allowed|fine|ok|okay)|assistance animals? (?:are )?(?:always )?(?:welcome|allowed|fine|ok|okay)`,
  `(?<!\\bno (?:housing )?)(?:section 8|vouchers?|housing vouchers?|section 8 vouchers?)(?: holders)? (?:are |is )?(?:accepted|welcome|taken|fine|ok|okay)`,
  `projects? (?:is|are|was|were|on|at|in the|manager|list|for the house)|the project\\b`,
].map((pattern) => new RegExp(`\\b(?:${pattern})\\b`, 'g'));

const household =
  '(?:(?:your|the|his|her|their|my|our|any|both|same|large) )*(?:famil(?:y|ies)(?: members?)?|wife|husband|kids?|children|baby|mom|dad|mother|father|parents?|son|daughter|spouses?|couple|elderly|gentleman|lady|husbands?|wives|wedding|marriage|engagement|retirement|divorce|deployment|veterans?|girlfriend|boyfriend|grandkids|grandparents?)';
/** What people say to one another about those around them. */
const politeness =
  /\b(?:bring|brings|bringing|join|joins|joining|come|comes|coming|talk\w*|discuss\w*|along|on the call|on a call|hope|hoping|congrat\w*|sorry|condolences|feel free|loop|include|copy|give|say hi|regards|thank\w*|enjoy (?:your|the) (?:time|evening|weekend|holidays?|dinner)|ask|check with|both|sign|signs|decide\w*|comes first|available|number|email|call|contract|everyone else|meet|met|tour|visit|attend|are (?:always )?welcome|is welcome|emergency|matter|signatures?|deeds?|decree|certificates?|title|disclosures?|documents?|raised their|owned (?:it|the)|been in the|built for|is a veteran|are retiring|relocat\w+|downsiz\w+|moving on|first|reach|helping|help|helps|helped|thinks?|feels?|serve|serves|assist)\b/;
const ofHomes = new RegExp(
  `\\b(?:love|loves|perfect|ideal|great (?:for|home|place|yard)|good for|yard|neighbou?rhood|area|street|schools?|play\\w*|room for|space|raise|raising|safe\\w*|enough|(?<!feels? |feel |get )better|best(?! to\\b)|suits?|fit|fits|community|building|live|lives|living|no|not|only|prefer\\w*|seller|owner|landlord|without|pool|rather|many|how old|do you have|happy(?! to (?:help|talk))|limits?|maximum|older|young\\w*|growing|small|little)\\b`,
);

/**
 * A family is named in talk, not as whom a home is for: "talk it over with your wife", "bring the kids", "congratulations on the baby".
 * The words are taken out where nothing in the clause is about a home, an area or who may live there.
 */
function householdTalk(clause: string): string {
  const about = politeness.test(clause) && !ofHomes.test(clause);
  const sellers = owning.test(clause) && !preferring.test(clause);
  return about || sellers ? clause.replace(new RegExp(`\\b${household}\\b`, 'g'), '_') : clause;
}

/** The sentence without what is allowed; a mark in its place keeps the words around it apart. */
export function withoutAllowed(sentence: string): string {
  return allowed.reduce((rest, pattern) => rest.replace(pattern, '_'), householdTalk(sentence));
}

const refusing = new RegExp(
  `\\b(?:(?:i|we|our \\w+|agents?) (?:${oneOf('cant|cannot|can not|dont|do not|wont|will not|may not|am not able to|are not able to|arent able to|am unable to|are unable to|am not allowed to|are not allowed to|never|shouldnt|must not')})|im not able to|im unable to|were not able to|im not allowed to|not something (?:i|we|our \\w+) can|keeps? (?:me|us) from|(?:doesnt|does not|dont|do not|wont) (?:allow|let|permit) (?:me|us)|rather not|not the right (?:one|person)|wouldnt be right for|no comment|not (?:my|our) (?:place|role|call)|policy is not|not opinions|no opinions?|(?:nobody|no one) can|agents? (?:arent|are not|may not|cant)|stay out of|leave (?:questions|that)|im not (?:one|qualified|licensed|permitted|in a position)|isnt (?:something|a thing|my)|cant answer|no puedo|no podemos|no me es posible|no opinamos|no damos)\\b`,
);
const speaking =
  /\b(?:promise|guarantee|stay out|leave|comment|opinions|speak|comment|say|advise|rate|judge|discuss|discussing|describe|answer|characterize|share|give|offer|talk|talking|evaluate|weigh|discuss|tell|steer|rank|steer|opinions?|opine|opinar|decir|hablar|comentar|calificar|recomendar|describir)\b/;
const nonetheless =
  /\b(?:enough|how (?:safe (?:it|you|this|that)|great|good|wonderful|lovely|nice|amazing|excellent|quiet)|lightly|wait|officially|sell|rent|lease|accept|allow|take|want|que tan (?:buen|segur)\w*)\b/;
/** Refusals by their look that praise. */
const idioms = /\b(?:enough|how (?:great|good|wonderful|lovely|low|high|much)|lightly|wait|officially)\b/;
const acknowledging =
  /\b(?:understand|know|hear|get|appreciate|realize|entiendo|comprendo)\b.*\b(?:important|matters?|priority|concern|question|care|importante|preocupa)\b|\b(?:whether|what|how) (?:\w+ ){0,3}feels? safe\b.*\b(?:personal|differs?|varies|depends|different)\b|\b(?:lo mejor es|puede|sugiero|recomiendo) (?:preguntar|consultar|ver|revisar)\b/;
/** A limit that is told while it is denied: "I can't say no kids". */
const limiting =
  /\b(?:no|only) (?:kids|children|families|singles|couples|pets for|men|women|vouchers|section)\b|\blegally\b/;
const pointing =
  /\b(?:looked up|look up|publish(?:es|ed)?|statistics|data|maps?|website|sites?|online|public (?:sources?|data|records)|(?:police|education|sheriffs?) (?:department|office|station)|(?:local|the|your|city|county|area) police|police non emergency|law enforcement|census|registry|dashboards?|reports? cards?|hotline|questions? (?:about|on|regarding|of)|only you can|(?:decide|judge|see) for yourself|do your own|you (?:can|could|may|might|should|would|will) (?:want to )?(?:check|look|research|contact|visit|ask|compare|review|find|call|judge|decide|verify)|please (?:check|look|contact|ask|see|visit)|(?:recommend|suggest|encourage) (?:you |that you )?(?:check\w*|look\w*|contact\w*|visit\w*|research\w*|ask\w*)|source for|resources?|publica|publican|datos|fuentes publicas)\b/;
const preferring =
  /\b(?:wants?|prefer\w*|rather|hop(?:e|es|ing)|looking for|would like|likes?|sell(?:s|ing)? to|rents? to|leas\w+ to|wont|doesnt|dont|not|no|never|accept\w*|hates?|only|picky|tired of|fed up|issues|problems?|good|nice|perfect|ideal|there|area|neighbou?rhood|street|block|building)\b/;
const owning =
  /\b(?:sellers?|owners?|previous owners?|couple selling)(?: \w+)? (?:is|are|was|were|has|have|had|raised|lived|built|owned|bought|retired|relocat\w+|inherited|grew|needs?|moved|sign)\b/;
const whether = /\b(?:whether|if|how|what) (?:\w+ ){0,4}?(?:safe|safer|good|better|right|fine|best)(?: \w+){0,3}\b/g;
const judging = new RegExp(
  `\\b(?:low|little|hardly|less|great|good(?! (?:places?|resources?|sources?|start|starting|question|way))|best(?! (?:looked|found|checked|answered|asked|handled|directed|source|place|person|resource|left))|top|excellent|safe|safer|safest|bad|rough|fine|dangerous|better|rare|few|mostly|mainly|perfect|ideal|love|poca|poco|buen\\w*|mejor\\w*|segur[oa]|peligros[oa]|excelente)\\b`,
);
const lawSays =
  /\b(?:fair housing (?:law|laws|act|rules?)|equal housing|(?:law|laws) protects?|regardless of (?:race|color|religion|sex|who)|discriminat\w*|(?:serve|help|treat|work with) (?:all|everyone|everybody))\b/;

/** Does this clause say that we do not speak of something? "I can't say enough" does not. */
export function refuses(clause: string): boolean {
  return refusing.test(clause) && speaking.test(clause) && !idioms.test(clause);
}

/**
 * Does this clause refuse to speak of people, safety or schools, point to public sources for it, or tell what the law forbids? Then its words
 * are named, not used. What follows a "but" is a clause of its own.
 */
export function namesOnly(clause: string): boolean {
  if (lawSays.test(clause)) return !/\b(?:only|prefer\w*|perfect|ideal|live there|lives? here|but)\b/.test(clause);
  if (refusing.test(clause) && speaking.test(clause)) return !nonetheless.test(clause) && !limiting.test(clause);
  return (
    (pointing.test(clause) || acknowledging.test(clause)) &&
    !judging.test(clause.replace(whether, '_')) &&
    !new RegExp(`\\b(?:no|${faiths}|${peoples})\\b`).test(clause)
  );
}
