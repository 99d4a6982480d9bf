import type { FairHousingRule } from './fair-housing-rules.ts';
import { persons, places, praise, upTo, yours } from './fair-housing-words.ts';

/** What names no class and yet leads people towards or away from others: safety, schools, and who lives there. */
export const steeringRules: readonly FairHousingRule[] = [
  // Safety.
  ['safety', `\\b(?:safe|safer|safest|safety|unsafe|safely)\\b`],
  [
    'safety',
    `\\b(?:secure|protected|peaceful and secure|guarded) (?:and \\w+ )?(?:${places}|streets?|place to live)\\b|\\bcrim(?:e|es|inals?|inality|e free)\\b|\\b(?:violen(?:t|ce)|gangs?|drugs?|dealers|burglar\\w*|break ?ins?|robber\\w*|thefts?|thieves|shootings?|muggings?|carjack\\w*|vandalism|prostitut\\w*|homeless\\w*|vagrants?|loiter\\w*)\\b`,
  ],
  [
    'safety',
    `\\b(?:dangerous|danger|sketchy|shady|ghetto|riff ?raff|undesirables?|thugs?|hoodlums?|seedy|dicey|slums?|war zone|crack|lock your (?:doors?|car)|after dark|at night alone|walk(?:ing)? (?:alone )?at night|police (?:presence|everywhere|patrols?)|the hood|hood (?:starts|begins)|no go)\\b`,
  ],
  [
    'safety',
    `\\b(?:rough|bad|worse|worst|wrong|questionable|iffy|troubled|declining|deteriorating|respectable|classy|wholesome|decent|undesirable|dodgy|scary|better|nicer|cleaner|right|sleazy|low rent) ${places}\\b|\\b(?:right|wrong|other) side of (?:the )?(?:tracks|town)\\b|\\b(?:bit|kind of|kinda|pretty|very|too|really|little|is|are|gets?|getting) rough\\b(?! (?:on|with|start|edges))`,
  ],
  [
    'safety',
    `\\b(?:stay|keep|steer|staying|steering) (?:away|clear|out) (?:from|of)\\b|\\bavoid(?:ing)? (?:the |that |this |those |these )?(?:\\w+ )?(?:${places}|street|east|west|north|south)\\b|\\bsleep (?:well|better|soundly|easy) (?:at night|there|here)\\b|\\bcleaned up (?:a lot|its act|the area|nicely)?(?: |$|,)|\\bused to be (?:\\w+ )?(?:bad|rough|unsafe|scary|worse|sketchy)\\b|\\b(?:better|nicer|higher|lower) class\\b|\\b(?:wouldnt|would not) want (?:my|your|anyone|a)\\b|\\b(?:wouldnt|would not|dont|do not|shouldnt|should not|never) (?:really |ever |want to |wanna |like to )*(?:live|buy|move|walk|go|be caught|settle|look|send|rent) (?:in |out |over |around |on )?(?:there|that|at night|here|those|alone)\\b|\\b(?:doors?|cars?|bikes?) unlocked\\b|\\breputation\\b(?! (?:for (?:service|quality)|of our))|\\b(?:get|gets|got|been) stolen\\b|\\bbe careful (?:at night|there|around|walking)\\b|\\btrouble (?:there|around|in that|over there|makers?)\\b|\\btroublemakers?\\b|\\b(?:nicest|best|better|nicer|worst) (?:part|side|end|area|section|neighbou?rhood)s?\\b|\\bworry about (?:anything|that|it|your (?:car|stuff|things|packages))? ?(?:there|at night|getting)\\b|\\bwatch your back\\b|\\bid skip (?:that|this|it|those)\\b|\\bzip codes? (?:has|have|with|problems?)\\b`,
  ],
  // Schools.
  [
    'schools',
    `\\b${praise}(?: (?!in\\b|on\\b|for\\b|to\\b|bus\\b)[a-z0-9]+){0,2} (?:schools?|school (?:districts?|zones?|systems?)|elementary|elementaries|academ(?:y|ies)|districts? for (?:schools?|kids|education))\\b(?! (?:bus|of fish|street|house|board))`,
  ],
  [
    'schools',
    `\\b(?:schools?|school (?:districts?|zones?|systems?)|elementary|education)(?: [a-z0-9]+){0,4}? (?:are|is|arent|isnt|has|have|gets?|ranks?|rates?|scores?|rated|ranked|was|were)(?: [a-z0-9]+){0,3} (?:${praise}|ratings?|scores?|rankings?|\\d+ (?:out of|\\/)|\\d+ stars?|(?:an?|the) \\d|number one|fine|okay|ok|love\\w*|proud)\\b`,
  ],
  [
    'schools',
    `\\btest scores\\b|\\bsends (?:everyone|everybody|kids|most)\\b|\\bmatch(?:es)? your\\b|\\b(?:because of|for|worth it for|known for|about|thanks to|just for|love) (?:the|its|their|these) (?:\\w+ )?schools?\\b|\\bschools?\\b.*\\b(?:worth|a ?\\+|own kids|plus)|\\b(?:feeds?|feeder) (?:into|to)\\b|\\bschools? (?:alone|themselves|there|here)\\b|\\b(?:schools?|elementary) (?:there |here |nearby )?(?:score|scored|scores|scoring|rate|rank|perform|do) \\w+|\\b(?:\\d+ ?\\/ ?10|\\d+ star|a plus|straight a) schools?\\b|\\bschool (?:quality|ratings?|scores?|rankings?|performance)\\b|\\b(?:proud of|love|trust|known for) (?:the|its|their|our|these|those)? ?(?:\\w+ )?schools?\\b`,
  ],
  // People and belonging.
  [
    'people',
    `\\b(?:people|folks|famil(?:y|ies)|others?|neighbou?rs|residents|those|someone|anyone|somebody|ones|couples|buyers|clients|renters|most|many|lots|plenty|buyers who are) (?:just |much |very |a lot )?(?:like|similar to|resembling) (?:you|yourselves|yourself|yours|us|them|that|ours)\\b|\\b${yours} (?:own )?(?:kinds?|people|peers|sort|type|tribe|background|faith|religion|race|crowd|roots|countrymen|own people)\\b|\\byour own\\b(?= (?:race|kind|people|culture|faith))|\\bour kind\\b`,
  ],
  [
    'people',
    `\\b(?:kinds?|types?|sorts?|class|classes|caliber|calibre|quality|level|breed) of (?:people|persons?|neighbou?rs?|residents?|folks|crowd|buyers?|tenants?|famil(?:y|ies)|clientele|humans|element)\\b`,
  ],
  [
    'people',
    `\\b(?:good|nice|quality|great|decent|respectable|classy|wholesome|upstanding|better|right|wrong|certain|those|these|such|similar|like minded|likeminded|normal|educated|wealthy|rich|poor|wonderful|clean|proper|cultured|refined|select|respectful|interesting|desirable|undesirable|trashy|hardworking|hard working|law abiding|well mannered|outstanding|bad|weird) (?:\\w+ )?(?:people|folks|neighbou?rs|crowd|elements?|sort|clientele|residents)\\b`,
  ],
  [
    'people',
    `\\b(?:you|youd|youll|they|theyd|who|someone|family|folks|well)\\b${upTo(3)} (?:fit|fitting|blend|blending|mix) (?:right |well |nicely |better |perfectly |easily |really )?(?:right )?in\\b|\\b(?:blend|fit|mix) (?:right |well )?in (?:well )?with\\b|\\bbelong(?:s|ed|ing)? (?:there|here|in|with|to that)\\b|\\byou (?:dont |do not )?(?:look|sound|seem) like\\b|\\b(?:look|looks|sound|sounds|talk|think) like you\\b|\\bsuch as (?:yourself|you)\\b|\\b(?:more|really|not) your (?:speed|style|scene|kind)\\b|\\b${places}(?: \\w+){0,3} (?:better suited|better|more suited|best suited) (?:to|for) you\\b|\\bspeaks? your language\\b|\\b(?:they|people|neighbou?rs|everyone|everybody|residents) (?:all |mostly |mainly |only )?speaks?\\b|\\bhear (?:\\w+ ){0,4}(?:spanish|creole|chinese|arabic|russian|languages?)\\b|\\byou(?:d|ll| would| will) be (?:just |totally |perfectly |absolutely )?(?:fine|ok|okay|alright|all right|good) (?:there|here|at night|living|in that)\\b|\\bskews?\\b|\\bjust the (?:two|three|one) of you\\b|\\bmix of (?:people|folks|residents|neighbou?rs)\\b|\\b(?:upscale|posh|ritzy|snooty|bougie|uppity) (?:${persons}|${places})\\b|\\b(?:recommend|suggest) (?:that|this|those|the) (?:\\w+ )?${places}\\b|\\bstand out (?:there|here|a (?:bit|little)|in that)\\b|\\bin common with\\b|\\bcloser to your (?:community|people|own)\\b|\\b(?:american|foreign|ethnic|arabic|english|spanish|normal) sounding\\b|\\b(?:whose|broken|limited|poor|good|better) english\\b|\\bwho needs? (?:a |an )?(?:translator|interpreter)\\b|\\bborn and raised\\b|\\blocals? (?:people|only|preferred)\\b|\\b(?:strong smelling|smelly)\\b|\\b(?:kept|keeps?|lost|losing) (?:its|their) character\\b|\\bkeep (?:it|things|the \\w+) traditional\\b|\\b(?:hasnt|has not) been the same\\b|\\b(?:people|folks|residents|owners) who (?:go to bed|keep to themselves|mind their)\\b|\\bsame (?:church|mosque|temple|synagogue)\\b|\\bstick out\\b`,
  ],
  [
    'people',
    `\\b(?:more comfortable|happier|better off|feel (?:more |very |so )?(?:comfortable|at home|welcome|accepted|included|out of place)|be (?:very |more |so )?(?:welcome|accepted|at home|out of place|among|amongst|around)|not feel \\w+|at ease|right at home)(?: (?:living|looking|being))?(?: (?:in|with|around|elsewhere|there|among|amongst|on|here|near|some|your|people|others|another|by))\\b`,
  ],
  [
    'people',
    `\\bfeel (?:more )?welcome\\b|\\bisnt for everyone\\b|\\bnot for everyone\\b|\\bnot (?:the|a) (?:kind|type|sort|right)? ?(?:of )?(?:place|area|neighborhood|community|one) for (?:you|people|someone|a|every)\\b|\\bnot the (?:kind|type|sort) of (?:place|area|neighborhood|community)\\b|\\bnot (?:a )?good (?:fit|match|area|place) for you\\b`,
  ],
  [
    'people',
    `\\b(?:exclusive|restricted|selective|select|segregated|integrated|homogenous|inner city|elite|high end|private club|country club|traditional|old money|close knit \\w+) (?:and \\w+ |\\w+ )?(?:${places}|clientele|residents?|set|crowd|street)\\b|\\binner city\\b|\\bgentrif\\w+|\\b(?:very|so|quite|is|are|es|remains|stays) exclusive\\b(?! (?:to|with|listing))|\\bexclusivity\\b`,
  ],
  [
    'people',
    `\\b(?:${places}|streets?|it|its|area)(?: is| are| has been| was)? (?:changing|in transition|transitional|transitioning|going downhill|turning|declining|going down|gone downhill|not what it used to be|being taken over)\\b|\\b(?:changing|transitional|transitioning|turning) ${places}\\b`,
  ],
  [
    'people',
    `\\bif you (?:know|catch|get|see) (?:what (?:i|im) (?:mean|mean|saying)|my (?:drift|meaning)|the drift)\\b|\\bbetween (?:us|you and me)\\b|\\boff the record\\b|\\b(?:wink|nudge)\\b|\\bread between the lines\\b|\\bi shouldnt (?:say|tell)\\b|\\bnot supposed to (?:say|tell)\\b|\\bunofficially\\b`,
  ],
  [
    'people',
    `\\b(?:strong|good|traditional|old fashioned|conservative|family|wholesome|american|christian|shared) values\\b|\\b(?:pride of ownership|keep up their (?:homes|yards|lawns))\\b(?=.*\\b(?:those|people|they)\\b)|\\bthose (?:people|folks)\\b|\\bcertain (?:buyers?|standards?|clients?|people|type|look|kind)\\b|\\b(?:know|get) the type\\b|\\b(?:way it is|way it was|as it is|like it was)\\b(?<=\\b(?:keep|kept|stay|leave).{0,40})|\\b(?:they|those|sort|type|kind|who|people|crowd|ones|of them) (?:\\w+ ){0,2}mov(?:e|es|ed|ing) in\\b|\\bmoved in,? (?:and|property|prices)\\b|\\bproperty values (?:dropped|fell|suffer|went down)\\b|\\bneighbou?rs (?:would|wouldnt|wont|are|arent|will|tend|seem|look|may|might|dont|all|mostly)\\b|\\b(?:residents|folks|people) (?:there|around there|around here|in that area|nearby|next door|on that street|over there|here) (?:are|arent|seem|tend|look|mostly|dont|keep|know|mind)\\b|\\b(?:residents|folks) (?:are|tend|mostly|seem|look)\\b|\\bwho (?:lives?|lived|moves?|buys?) (?:there|in (?:that|the|this)|next door|around)\\b|\\b(?:conservative|liberal|republican|democrat) (?:${places}|${persons})\\b`,
  ],
];
