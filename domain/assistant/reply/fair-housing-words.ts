/** Words that rules of several classes are built from, as alternatives of regular expressions over plain sentences. */

/** One of these, as a group that captures nothing. */
export const oneOf = (...words: readonly string[]): string => `(?:${words.join('|')})`;

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
