/** Words that rules of several classes are built from, as alternatives of regular expressions over plain sentences. */

/** One of these, as a group that captures nothing. */
export const oneOf = (...words: readonly string[]): string => `(?:${words.join('|')})`;
/** Up to so many words in between. */
export const upTo = (words: number): string => `(?: [a-z0-9]+){0,${words}}?`;

export const yours = '(?:your|his|her|their)';

/** Whoever may live somewhere, without saying who that is. */
export const persons = oneOf(
  'people|persons?|folks?|famil(?:y|ies)|couples?|neighbou?rs?|residents?|buyers?|tenants?|renters?|homeowners|households?',
  'clients?|clientele|applicants?|occupants?|professionals?|kids?|children|child|m[ae]n|wom[ae]n|guys?|lad(?:y|ies)|gentlem[ae]n',
  'singles|seniors|retirees|students|crowd|population|generation|demographic|individuals?|roommates?|inhabitants|dwellers',
);
/** Where people live. */
export const places = oneOf(
  'neighbou?rhoods?|communit(?:y|ies)|areas?|enclaves?|parts? of (?:the )?(?:town|city|county)|sides?(?: of (?:the )?(?:town|city))?',
  'sections?|districts?|blocks?|buildings?|complex(?:es)?|subdivisions?|suburbs?|zip(?: codes?)?|towns?|quarters?|developments?|zones?',
);

/** Groups by family, age, sex and calling that a home may not be offered to or kept from. */
export const groups = oneOf(
  'famil(?:y|ies)|kids?|kiddos?|children|child|toddlers?|bab(?:y|ies)|infants?|newborns?|teens?|teenagers?|youngsters?|youths?|little ones?|tots|offspring',
  'couples?|newlyweds?|singles|bachelors?|bachelorettes?|retirees?|retired|pensioners?|empty nesters?|nesters|seniors?|(?:the )?elderly|grandparents?',
  'grandm(?:a|as|others?)|grandkids|grandchildren|(?:young|working|busy|single|other|urban) professionals?|(?<!tax |estate |licensed |mortgage |lending |insurance |title )professionals|snowbirds|students?|millennials?|boomers?|gen (?:z|x|y)',
  'zoomers|dinks?|adults?|parents?|moms?|mums?|mothers?|dads?|daddies|fathers?|m[ae]n|wom[ae]n|guys?|gals?|girls?|boys?|lad(?:y|ies)|gentlem[ae]n|males?|females?',
  'husbands?|wi(?:fe|ves)|widows?|widowers?|divorcees?|roommates?|veterans?|vets|military|soldiers?|service members?|civilians?|yuppies|hipsters|old folks|young folks',
  '(?:young|younger|older|old|mature|middle aged|elderly|active) (?:people|persons?|folks|adults?|buyers?|residents?|crowd|tenants?|couples?|generation|neighbou?rs|ones|population|demographic|bunch|set|renters)',
);
/** Of these, those whom only the laws of some states name. */
export const faiths = oneOf(
  'christians?|catholics?|jews?|jewish|muslims?|moslems?|islam(?:ic)?|mormons?|latter day saints|hindus?|buddhists?|protestants?|baptists?|evangelicals?|orthodox',
  'sikhs?|amish|methodists?|lutherans?|pentecostals?|jehovahs?|atheists?|agnostics?|believers|non believers|churchgo(?:ing|ers?)|god fearing|spiritual',
);
/** Peoples whose names are no common words. Colours stand apart: walls have them too. */
export const peoples = oneOf(
  'african americans?|afro ?(?:americans?|caribbeans?)|caucasians?|hispanics?|latin[oaxe]s?|latinx|chican[oa]s?|asians?|orientals?|arabs?|arabic|middle eastern(?:ers?)?',
  'mexicans?|cubans?|puerto ricans?|boricuas?|haitians?|dominicans?|colombians?|venezuelans?|brazilians?|jamaicans?|salvadorans?|guatemalans?|hondurans?|nigerians?',
  'somalis?|ethiopians?|africans?|indians?|desis?|south asians?|pakistanis?|bangladeshis?|afghans?|chinese|japanese|koreans?|vietnamese|filipin[oa]s?|thais?|hmong|russians?',
  'ukrainians?|italians?|irish|greeks?|germans?|french|europeans?|turks?|turkish|iranians?|persians?|iraqis?|syrians?|lebanese|israelis?|palestinians?|native americans?',
  'american indians?|pacific islanders?|gyps(?:y|ies)|anglos?|gringos?|wasps?',
);
/** Things that have a people's name or a colour and are no people. */
export const things = oneOf(
  'restaurants?|food|cuisine|baker(?:y|ies)|markets?|grocer(?:y|ies)|kitchens?|cabinets?|cabinetry|tiles?|style|styled|architecture|colonial|revival|inspired|gardens?|maples?|elms?|pines|cedars?|vases?|screens?|lanterns?|doors?|marble',
  'counters?|countertops?|appliances?|oak|walnut|laurel|rugs?|bath|tub|soaking|pine|provincial|country|limestone|plaster|museums?|festival|embassy|themed|wood|floors?|walls?|trim|paint(?:ed)?',
  'craftsman|bungalows?|villas?|cafes?|deli|coffee|tea|quartz|granite|picket|fence|shutters?|stainless|siding|brick|roof|backsplash|vanity|sand|sandy|box|carpet|bathrooms?|interior|exterior',
  'subway|shaker|washed|washing|columns?|balcony|furniture|mosaic|influence|bistro|taqueria|grill|architects?|landscape|landscaping|curtains?|blinds|and (?:white|black|gray|grey|blue|gold)',
);
/** Judgements on how good something is. */
export const praise = oneOf(
  'good|great|excellent|top|best|better|high(?! school)|highly|well|award|awarded|strong|desirable|sought|blue ribbon|quality|fantastic|amazing|outstanding|solid|nice|wonderful|superb|stellar|exceptional',
  'terrific|superior|renowned|acclaimed|premier|coveted|phenomenal|first rate|greatest|finest|nicest|world class|decent|fine|a rated|bad|poor|failing|weak|terrible|awful|worse|worst|low|struggling|underperforming|mediocre',
);
