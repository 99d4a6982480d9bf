import type { Reason } from './verdict.ts';

/** Words of a clause that bind somebody, and what to write instead. */
type Commitment = readonly [code: string, what: string, ...patterns: readonly RegExp[]];

const oneOf = (words: string): string => `(?:${words})`;
const upTo = (count: number): string => String.raw`(?:\w+ ){0,${count}}`;

/** Who could agree to something: none of them has, as far as a draft knows. */
const who = oneOf(
  'owners?|sellers?|buyers?|wed|theyd|landlords?|agents?|realtors?|brokers?|brokerage|team|lenders?|bank|office|managers?|management|boss|they|we|i|he|she|it|everyone|everybody|all|investors?|clients?|ive|weve|theyve|well|ill|theyll|hell|shell',
);
const quien = oneOf(
  'duen[oa]s?|propietari[oa]s?|vendedor(?:a|es)?|agente|equipo|banco|nosotros|prestamista|oficina|gerente|casero|ya|todos',
);
/** What is bargained over. */
const terms = oneOf(
  'price|prices|offer|offers|bid|terms?|amount|number|figure|deal|rent|rate|counter ?offer|proposal|conditions?|contract|lease|closing|closing date|discount|concession|deposit|commission|fees?|application|purchase|request|exception|payment',
);
const terminos = oneOf(
  'precios?|ofertas?|monto|cantidad|trato|renta|condiciones|terminos|contrato|descuento|deposito|comision|tarifa|solicitud|propuesta|pago|fecha de cierre',
);
/** What somebody has to pay. */
const costs = oneOf(
  'fees?|commissions?|deposits?|earnest money|costs?|expenses|down ?payments?|(?:first|last) months? rent|rent|inspections?|appraisals?|valuations?|applications?|dues|charges?|payments?|penalt(?:y|ies)|escrow|title insurance|warranty|repairs?|moving|movers|utilities|mortgage|taxes|closing|bill',
);
const costos = oneOf(
  'comision(?:es)?|tarifas?|cuotas?|costos?|depositos?|gastos|enganche|cargos?|renta|honorarios|avaluo|inspeccion|mensualidad|mudanza|reparaciones|impuestos|pagos?',
);
const away = oneOf(
  'waiv\\w+|free|refund\\w*|cover(?:s|ed|ing)?|reimburs\\w*|forgiv\\w+|includ(?:es|ed|ing)|on (?:us|the house|the owner|the seller)|paid|taken care of|comped|complimentary|gratis|zero|nothing|cancell?ed|dropped|removed|credited|reduced|halved|half|discounted|absorb\\w*|returned|back to you|no longer|off the table',
);
const fuera = oneOf(
  'gratis|gratuit[oa]s?|exent[oa]s?|exoner\\w+|perdon\\w+|cubiert[oa]s?|cubr\\w+|cubiert\\w+|reembols\\w+|devuel\\w+|devolv\\w+|inclu(?:id|ye)\\w*|elimin\\w+|condon\\w+|bonific\\w+|sin costo|a cargo|por (?:nuestra|su) cuenta|corren? por|pagad[oa]s?|cero|no se (?:paga|cobra)\\w*',
);

const commitments: readonly Commitment[] = [
  [
    'agreement',
    'Agree to nothing: no price, offer, terms or wish. Say that you have passed it on.',
    new RegExp(
      [
        `\\b${who} (?:(?!(?:not|dont|doesnt|didnt|wont|never|nor) )\\w+ ){0,4}(?:accept(?:s|ed|ing)?|agree[sd]?|approve[sd]?|okay(?:ed|s)|oked|authori[sz]e[sd]?|consent(?:s|ed)|signed off|gave (?:the |a |us |their |me )+(?:go ahead|green ?light|ok|okay|yes|blessing|word)|sa(?:id|ys) (?:yes|ok|okay|its fine)|will go for|(?:came|come|went|go) down|(?:is|are|im|was|were) (?:ok|okay|fine|happy|good|cool|comfortable) with|(?:is|are|im|were|am) (?:on board|willing|ready to (?:sell|sign|accept|close)|in agreement|happy to (?:accept|sell|agree|meet that|do that price)))\\b`,
        `\\b${who} (?:will |would |can |could )?(?:${upTo(2)})takes? (?:that|your|this) (?:\\w+ )?${terms}\\b`,
        `\\b(?:can|could|will|would|able to|happy to|gladly|well|ill|lets|going to|we|i|to) ${upTo(2)}(?:do|match|meet|honou?r|beat|accept|agree|approve|grant|make|give|get|take|sell|close|sign|allow|offer|live with|go with|work with|respect|lock in|lower|reduce|drop|cut|negotiate|arrange) (?:you |it |to |at |for |on |with |in |down |up |work )*(?:that|your|this|these|those|such an?|an?|any|whatever|the (?:same|lower|agreed|lowered|reduced|asked|requested)|lower|better) (?:\\w+ )?${terms}\\b(?! (?:range|point|with (?:you|our)))`,
        `\\b(?:can|could|will|would) (?:definitely |absolutely |certainly |surely |gladly |totally )?(?:do (?:that|it|this)|make (?:that|it|this) (?:work|happen)|get (?:that|it|this) done|work (?:that|it) out)\\b|^(?:yes |sure |ok |okay |absolutely |of course )*(?:can do|will do that|yes we can|we can|we will|it shall be done|consider it (?:done|sold|yours|agreed|settled))$`,
        `\\b(?:its|it is|thats|that is|we have|weve got|weve made|made|youve got(?: yourself)?|you have|you got(?: yourself)?|done|call it|closed|sealed|accept|accepted|take) (?:us |me |all |now )?(?:a |the |our |this |that |your |done )?deals?\\b(?! between)|\\bdeal (?:is )?(?:done|closed|accepted|made|sealed|on|agreed|struck)\\b|^(?:yes |sure |ok |okay |great |perfect |alright |then |so |fine |well |it )*(?:deal|agreed|accepted|approved|granted|sold|settled|permission granted|offer accepted|price agreed|done deal|confirmed|fair enough)(?: (?:then|friend|my friend|it|at that price|for that price))?$|\\bshake(?: hands)? on\\b|\\b(?:as|was|been|we) agreed\\b|\\bagreed (?:price|terms?|to|on|upon|amount|sum|rate)\\b|\\blegally bound\\b|\\b(?:no takes? ?backs?ies|binding)\\b`,
        `(?<!\\b(?:if|whether|before|until|once|when|see) (?:an? |the |your |that |any )?)\\b${terms} (?:it )?(?:${upTo(3)})(?:accept(?:ed|able|s)|agreed|approved|confirmed|okayed|granted|honou?red|matched|guaranteed|locked(?: in)?|works?|(?:is|are|was|be|been|being|got|gets|just) (?:now |just |all |totally |perfectly )?(?:ok|okay|fine|good|great|doable|possible|set|settled|final|firm|negotiable|flexible|reduced|lowered|dropped|cut|slashed|fixed|yours|sealed|a go|no (?:problem|issue))|sounds? (?:good|great|fair|fine|right|reasonable|perfect)|went down|came down|dropp?ed|drops|can be done|will do|its? is)\\b`,
        `\\b(?:cant|cannot|wont|couldnt|wouldnt|never|nobody|no one) (?:\\w+ )?(?:refuse|decline|deny|reject|turn (?:that|it|you|this) down|say no|object|argue)\\b`,
        `\\b(?:final|agreed|special|friends?|insider|reduced|lowered|discounted|asking|lower|better) (?:price|rate|rent) (?:for you|is yours|of yours|agreed|accepted|today|its)\\b|\\b(?:yours|have it|get it|take it|own it|buy it|sell it|let it go|let you have it|goes|going|sold|sell|go) (?:to you )?(?:for|at) (?:that|your|this|whatever|the (?:agreed|lower)|almost|practically|basically|just|only|next to)\\b`,
        `\\b(?:price|rent) (?:match|drop|cut|reduction|lock|freeze)\\b|\\bwhatever (?:you (?:want|like|ask|say|offer|wish)|price|terms)\\b|\\bname your price\\b|\\bpay (?:whatever|what you|as little|less)\\b`,
        `\\b(?:below|under|beneath|lower than|less than|cheaper than) (?:the |its |your |our )?(?:asking|list(?:ed|ing)?|market|price|value)\\b|\\b(?:lower|lowest|rock bottom|confirmed|negotiated) (?:price|rent|rate|offer)\\b|\\brock bottom\\b|\\bprice (?:\\w+ )?(?:reduced|lowered|slashed|cut|improved|improvement|adjusted|adjustment)\\b|\\bpriced (?:to|at|for|below|under|right|low)\\b|\\b(?:a|one|few|mere) (?:buck|penny|song|dollar)\\b|\\b(?:pennies|peanuts)\\b`,
        `\\b${who} (?:will |would |can |could |might |may )*(?:take|accept|pay)s? (?:less|lower|that|it|this|half|anything)\\b(?! (?:into|from|as|to|up|with|over|away|back|on|in|slow|easy|for|through|question))|\\b(?:go|come|sell|sells|get it|take it) (?:\\w+ )?lower\\b|\\b(?:happy|glad|pleased|willing|ready|delighted) to (?:agree|accept|approve|honou?r|match|waive|discount|sell (?:to|for|at))\\b|\\b(?:motivated|desperate|eager) (?:sellers?|owners?|to sell)\\b|\\b(?:sellers?|owners?) (?:is|are) (?:\\w+ )?(?:motivated|desperate|eager|flexible|open to)\\b|\\b(?:room to (?:negotiate|move|bargain)|wiggle room|room (?:in|on) (?:the|that) price|open to (?:offers|negotiat\\w+)|negotiable)\\b|\\bworks for (?:us|him|her|them|me|the (?:owner|seller|team|agent|bank))\\b`,
        `\\b(?:at|(?<!\\bthank(?:s| you) (?:\\w+ )?)for) (?:your|whatever|what you) (?:\\w+ )?(?:price|number|figure|offer|asked|ask|offered|named|said|want|terms)\\b(?! (?:range|point))|\\b(?:price|amount|figure|terms) (?:that )?you (?:named|asked|offered|gave|want|said|requested|mentioned|suggested|proposed)\\b|\\byour number works\\b|\\byou (?:can |may |could |get to )?(?:set|pick|choose|name) (?:the|your|a|any) (?:\\w+ )?(?:price|terms|figure)\\b|\\b(?:owner|seller) (?:financing|credit)\\b|\\bsold (?:to you|it to you)\\b|\\b(?:it|home|house|place|property|condo|unit) (?:is|was|has been|got|just) (?:now |already |just )?sold\\b(?! as)`,
      ].join('|'),
    ),
    new RegExp(
      [
        `\\b${quien} ${upTo(4)}(?:acept\\w+|aprob\\w+|aprueb\\w+|autori\\w+|accede\\w*|accedi\\w+|rebaj\\w+|baj(?:o|a|ara|aron) (?:el|la|su|a)|conced\\w+|esta(?:n|mos)? (?:de acuerdo|dispuest\\w+)|dij(?:o|eron) que si|dice que si|dio (?:el|su) (?:visto bueno|si|ok|permiso))\\b`,
        `\\b(?:aceptamos|acepto|hemos aceptado|he aceptado|estamos de acuerdo|estoy de acuerdo|de acuerdo con (?:ese|esa|su|el|la)|trato hecho|es un trato|hay trato|tenemos (?:un )?trato|hacemos (?:el|un) trato|cerramos (?:el )?trato|quedamos en (?:ese|eso|esa|su)|no podemos (?:negarnos|rechazar\\w*))\\b`,
        `\\b(?:podemos|puedo|podriamos|vamos a|le|se lo|se la|con gusto) ${upTo(2)}(?:hacer\\w*|hacemos|dar\\w*|damos|dejar\\w*|dejamos|dejo|bajar\\w*|bajamos|igualar\\w*|aceptar\\w*|ofrecer\\w*|ofrecemos|rebajar\\w*|rebajamos|respetar\\w*|respetamos|vender\\w*|vendemos) ${upTo(3)}${terminos}\\b`,
        `\\b${terminos} ${upTo(2)}(?:acept|aprob)ad[oa]s?\\b|\\b(?:ese|esa|su|el|la|este|esta|estos|esos|sus) ${terminos} ${upTo(3)}(?:acept\\w+|aprobad\\w+|esta bien|nos (?:funciona|parece|sirve|conviene)|funciona|es posible|es negociable|queda|quedo|rebajad\\w+|acordad\\w+|bajo)\\b|^(?:si |claro |bueno |muy bien |perfecto )*(?:hecho|aceptad[oa]|aprobad[oa]|concedid[oa]|autorizad[oa]|vendid[oa]|trato)(?: entonces)?$|\\bprecio (?:acordad|pactad|aceptad|rebajad|especial)\\w*|\\blo que usted (?:pida|diga|quiera|ofrezca)\\b`,
      ].join('|'),
    ),
  ],
  [
    'money',
    'Ask for no payment, and say of fees, costs, discounts and gifts nothing but that the team will answer.',
    new RegExp(
      [
        `\\b(?:refund\\w*|commissions?|(?:our|agent|service|listing|broker|processing|application) fees?|fees? (?:is|are|of)|rebates?|discount\\w*|credit of|cash back|bonus(?:es)?(?! rooms?)|rewards?|prizes?|winner|you (?:\\w+ )?won|giveaway|gifts?(?! (?:funds?|letters?))|kickbacks?|perks?|incentives?|concessions?|coupons?|freebies?|sweepstakes|lottery|cash (?:at closing|reward|gift|prize))\\b`,
        `\\b${costs} (?:it )?(?:${upTo(6)})${away}\\b(?! (?:from|spaces?|parking|patio|porch|to (?:ask|call|text)))`,
        `\\b(?:waiv\\w+|refund\\w*|reimburs\\w*|forgiv\\w+|cover(?:s|ed|ing)?|free(?! (?:to|time))|complimentary|skip(?:ped)?|absorb\\w*|eliminat\\w+|return|give back|pay(?:s|ing)?|paid) (?:${upTo(3)})(?:for )?(?:${upTo(2)})${costs}\\b`,
        `\\b(?:no|zero|without(?: any| an?)?|never (?:any|an?)|free of|not? (?:charge|pay|owe)|dont (?:charge|have to pay|pay|owe|take|need)|doesnt (?:charge|pay|take)|wont (?:charge|be charged|owe|pay|need|have)|never (?:charge|pay)) (?:\\w+ ){0,3}(?:fees?|commissions?|deposits?|costs?|charges?|closing costs|down ?payment|earnest money|penalt(?:y|ies)|dues)\\b`,
        `\\b(?:for free|free of charge|no (?:cost|charge)|(?:is|are|its|all|be) on the house|costs? (?:you |us )?nothing|for nothing|(?:wont|doesnt|not) cost (?:you |a )|pay nothing|owe nothing|nothing (?:down|to pay|upfront|out of pocket)|(?:totally|completely|absolutely|entirely|always) free|(?:its|it is|(?:house|home|condo|place|property|everything|rent|service|all|that|this) (?:is|comes|are)) (?:\\w+ )?free(?! (?:of|to|on|at|in|for|from|that|this|then|standing|after|before|any))|free (?:house|home|stuff|tv|money|upgrade|service|month|rent|lunch|tickets?|trip|vacation|cruise)|months? (?:\\w+ )?free|no rent|no money|it is on us|is on us|its on us|our treat|waiv(?:e[ds]?|ers?|ing)|fire sale|give ?away|low ?ball|haggl\\w+|at cost|(?:costs?|much|way|far|lot|pay) less|huge savings|big savings|a pittance|flat fee|everything (?:is )?included|closing credits?|no interest|interest free|(?:price|costs?|rent|for just|for only) (?:is |of |only |just )*one\\b(?! (?:of|that|thing))|one (?:euro|peso|cent|pound))\\b|^(?:sure |yes |ok |okay |so |then |now |its |it |is |all |just |only |almost |nearly |practically |as good as |the |a )*(?:free|nothing|zero|half|half off|cheap|cheaper|yours|reduced|lower|lowered|less|covered|refunded|returned|reimbursed|included|dropped|discounted|comped|forgiven|unlimited|guaranteed|negotiated)$|\\b(?:get|gets|claim|offer|offering|win|receive|earn) (?:you |your |a |an |one |the )*free\\b|\\b(?:price|rent) break\\b|\\b(?:percent|half|something|some|money|thousands|hundreds|a (?:bit|little|lot)|knock\\w*|take|taking|took) (?:\\w+ ){0,2}off\\b(?! (?:the (?:kitchen|patio|hall|main|road|street|garage|living)|your hands|market))|\\boff (?:the|your|our) (?:\\w+ )?(?:price|rent|fee|commission|list)\\b|\\bsave (?:you )?(?:money|thousands|hundreds|big|a lot|on)\\b|\\bspecial (?:price|rate|deal|pricing)\\b|\\bcheaper for you\\b|\\b(?:we|owner|seller|ill|well|agent|team) (?:will |would |can |could |gladly )*(?:pay|cover|throw in|credit|compensate|gift)\\b(?! (?:that|this|those|all|it) (?:on|in|when|with))`,
      ].join('|'),
    ),
    new RegExp(
      [
        `\\b(?:comision(?:es)?|descuentos?|reembols\\w+|rebajas?|rebajad[oa]s?|regal(?:o|os|amos)|premios?|recompensas?|bonos?|incentivos?|cupon(?:es)?|ganador[a]?|(?:precio|oferta|tarifa) especial|gratis|gratuit[oa]s?|sin (?:ningun )?(?:costo|cargo)|no (?:le )?(?:cuesta|cobramos|cobraremos|costara)(?: nada)?|cortesia de la casa|por cuenta (?:nuestra|de la casa)|invitamos nosotros|ahorrar\\w* (?:dinero|miles)|mas barat[oa] para usted)\\b|^(?:si |claro |es |casi |la |el |por |queda )*(?:nada|mitad|barat[oa]|suy[oa]|libre|rebajad[oa]|cubiert[oa]|incluid[oa]|reducid[oa])$`,
        `\\b${costos} ${upTo(6)}${fuera}\\b`,
        `\\b(?:${fuera}|sin|no hay|no (?:le )?(?:cobr|pag)\\w+|cero|ningun[oa]?|pagamos|asumimos) ${upTo(3)}(?:comision(?:es)?|tarifas?|cuotas?|costos?|deposito|gastos|enganche|cargos?|honorarios)\\b`,
      ].join('|'),
    ),
  ],
  [
    'promise',
    'Promise nothing: neither that a home is free, nor a time, a price or an outcome.',
    /\b(?:you have (?:my|our) word|(?:we|i|let me|can|may) assure you|rest assured|(?:can|you) (?:count|bank|rely) on (?:it|this|that|us|me)|no strings|money back|bound to (?:sell|get|win)|certain to (?:sell|get|win)|wont be disappointed|no matter what|(?:we|i|were|im) (?:\w+ )?commit(?:ted)? to|still (?:on the market|for sale|listed|unsold|up for sale|there for you|yours)|on the market for you|(?:hasnt|has not|isnt|is not|not yet|not been|wasnt) (?:been )?(?:sold|taken|rented|leased|pending|under contract)|no (?:other|competing) (?:offers?|buyers?|bids?)|off the market|up for grabs|available (?:now|immediately|today|for you)|can be yours|(?<!\b(?:choice|decision|call|pick|that) (?:is )?)(?:is|are|be|being|already|home|house|place|condo|unit|all|officially|its) yours|exclusiv\w+ (?:\w+ )?(?:yours|rights|access|look|for you|offered|price|preview)|for your eyes|(?:first|front) (?:in|of the) line|first (?:dibs|refusal|pick)|ahead of (?:everyone|everybody|others|the others|other)|before (?:anyone|anybody|everyone) else|(?:nobody|no one) else (?:can|will|gets|knows|may)|priority (?:access|over|list|buyer)|(?:held|hold|holding|saved|saving|reserving|set aside|setting aside|keeping|on hold|earmarked|reserved) (?:\w+ ){0,4}for (?:you|them|her|him)\b(?<!\bhold on for you)|you (?:are|were|have been|ve been) (?:(?!pre)\w+ )?(?:approved|accepted|selected|chosen|eligible)|(?:youre|youve been) (?:now |all |officially |already |hereby |in fact )*(?:approved|accepted|selected|chosen|eligible))\b/,
    /\b(?:le aseguro|les aseguro|le aseguramos|aseguramos que|tenga la seguridad|cuente con (?:ello|eso)|le doy mi palabra|nos comprometemos|me comprometo|sin compromiso|promet\w+|(?:todavia|aun|ya|sigue) (?:esta |sigue )?(?:en venta|sin vender|disponible|libre)|no se ha (?:vendido|rentado)|(?<!\b(?:decision|eleccion) )(?:es|sera|ya es) suy[oa]|(?:en exclusiva|exclusiv[oa]s?) para usted|solo para usted|nadie mas (?:puede|podra|la|lo)|primer[oa] en la (?:fila|lista)|(?:reservad[oa]|apartad[oa]|guardad[oa]) para usted|(?:fue|ha sido|esta|queda|quedo) (?:ya )?(?:aprobad[oa]|seleccionad[oa]|aceptad[oa]))\b/,
  ],
  [
    'done',
    'Claim nothing that you cannot do: you book, change, cancel, send and sign nothing. Say that the team will look into it.',
    /\b(?:see you (?:then|there|at (?:that|the)|tomorrow)|(?:youre|you are) (?:all set|good to go|booked|confirmed|down for|on the (?:list|schedule|calendar)|in for)|(?:visit|tour|showing|appointment|viewing|meeting|slot|booking|reservation|walk ?through|inspection|closing|that time|the time|this time) (?:it )?(?:\w+ ){0,2}(?:confirmed|booked|set|scheduled|reserved|locked in|arranged|on (?:the|our) (?:calendar|schedule|books)|good to go|works for (?:us|me|him|her|them|our|the))|(?:put|penciled|pencilled|marked|signed|got|have|squeezed?) you (?:down|in)\b(?! (?:touch|contact))|(?:well|we will|ill|i will|agent will|he will|she will|hell|shell) (?:meet you|be (?:there|waiting|expecting)|expect you|see you|wait for you|pick you up|let you in|open the door)|expecting you|(?:were|are|im) expecting|you can (?:come|stop|drop|walk) (?:by|in|over|on)|come (?:by|over) (?:any ?time|then|when)|let yourself in|lockbox|door code|keys? (?:is|are|will be) (?:under|yours|ready|waiting))\b/,
    /\b(?:nos vemos (?:ahi|alli|alla|entonces|luego|pronto|en)|(?:lo|la|los|te) (?:esperamos|espera|estara esperando|vemos)|(?:cita|visita|hora|horario|recorrido) (?:\w+ ){0,2}(?:list[oa]|hech[oa]|agendad[oa]|confirmad[oa]|reservad[oa]|programad[oa]|apartad[oa]|nos funciona)|(?:esta|queda|quedo|quedamos|queda usted) (?:ya )?(?:agendad|confirmad|reservad|apartad|programad)\w+|(?:lo|la|le) (?:anote|agende|aparte|reserve) para|puede (?:pasar|venir|llegar) (?:cuando (?:quiera|guste)|ahora|hoy|a cualquier hora)|todo listo para)\b/,
  ],
  [
    'private',
    "Say nothing of anybody's private life, the lead's own included; speak of the home alone.",
    /\b(?:divorc\w+(?! (?:decree|papers|agreement))|child custody|custody (?:battle|fight|case|of)|alimony|child support|bankrupt\w*|behind on (?:the |his |her |their |your )?(?:mortgage|rent|payments?|bills)|in arrears|pregnan\w+|miscarriage|widow(?:ed|er)?|laid off|lost (?:his|her|their|your) jobs?|arrested|in (?:jail|prison)|on probation|cancer(?! warning)|chemo\w*|surgery|in rehab|diagnos\w+|having an affair|(?:another|other|previous|different) (?:leads?|clients?|customers?|prospects?|callers?) (?:\w+ )?(?:name|named|is|are|was|has|have|wants?|offered|pays?|paid|budgets?|said|phone|number))\b/,
    /\b(?:divorci\w+|custodia|bancarrota|en quiebra|embaraz\w+|viud[oa]|desempleo|perdio (?:su|el) trabajo|arrestad[oa]|en la carcel|cancer|cirugia|(?:otr[oa]s?) (?:clientes?|interesad[oa]s?) (?:\w+ )?(?:se llama|es|tiene|quiere|ofrecio|pago|dijo))\b/,
  ],
];

/** What the clause leaves to somebody else, or says that we do not know or may not: its words are named, not given. */
const leaves = new RegExp(
  [
    String.raw`\b(?:i|we|the team|this assistant) (?:\w+ )?(?:cant|cannot|can not|couldnt|wont be able to|may not)\b(?! (?:only|just|wait|believe|help but|say no|refuse|deny)\b) (?:\w+ ){0,3}(?:promise|say|tell|confirm|know|speak|talk|agree|offer|accept|approve|waive|discuss|answer|guarantee|commit|decide|change|quote|give|set|book|hold|reserve|negotiate|comment|advise|weigh in|handle|grant|make)\b`,
    String.raw`\b(?:i|we) (?:dont|do not) (?:know|discuss|quote|negotiate|decide|handle|promise|guarantee)\b`,
    String.raw`\b(?:im|were|am|are) not (?:\w+ )?(?:able|allowed|sure|certain|the (?:one|right))\b`,
    String.raw`\b(?:whether|depends|up to (?:the|our)|(?:know|ask|asked|check|checked|checking|confirm|see|say|tell|sure|wonder|find out|look into|out) if|no idea)\b`,
    String.raw`\bonly (?:\w+ ){1,3}(?:can|may|could) \w+`,
    String.raw`\b(?:ask|asked|asking|check|checking|checked|find out|look into|looking into) (?:\w+ ){0,5}about\b`,
    String.raw`\b(?:pass|passed|passing|forward|forwarded|note|noted|share|shared|relay|relayed|sent|send|flag|flagged) (?:on )?(?:\w+ ){0,3}(?:question|questions|request|wish|offer|note|message|point|number|budget|price|terms|that|this|it)\b(?!.*\b(?:is|are|was|accepted|agreed|approved|waived|free)\b)`,
    String.raw`\b(?:question|questions|ask|talk|speak|answers?|details|more|go over|walk you through|information) (?:\w+ ){0,3}(?:about|on|through|of)\b(?!.*\b(?:is|are|was|were|be|been|will|gets?|agreed|approved|accepted)\b)`,
    String.raw`\b(?:agent|team|someone|person|they|it|office) (?:can|will|could|would) (?:\w+ )?(?:confirm|check|answer|explain|discuss|clarify|handle|go over|cover|look at|review)\b(?!.*\b(?:is|are|was|were|be|been|will|gets?|works?|agreed|approved|accepted|free)\b)`,
    String.raw`\bno (?:puedo|podemos|podria|se|sabemos|me corresponde|estoy segur[oa])\b(?! (?:negar|rechazar|decir que no))|\b(?:si es posible|si (?:hay|existe|se puede|podemos|aplica)|depende|le (?:paso|pregunto|pregunte|consulto|consulte)|voy a (?:preguntar|consultar)|(?:preguntar|preguntare|consultar|consultare|pregunto|consulto) (?:\w+ ){0,5}(?:sobre|por|si)|solo (?:el|la|nuestr[oa]) \w+ puede)\b`,
  ].join('|'),
);
/** A question to the lead about the lead's own: nothing is granted by it. */
const asks =
  /^(?:(?:and|so|then|ok|okay|great|thanks|got it|sure|it|y|gracias|bueno) )*(?:what|which|how|when|where|who|why|do you|does|are you|have you|has|would you|could you|will you|can you|did you(?! know)|is your|are your|is there|are there|shall i (?:ask|pass)|should i (?:ask|pass)|may i|que|cual|cuales|como|cuando|donde|cuanto|tiene|quiere|quisiera|le gustaria|prefiere|busca|piensa|pagaria)\b/;
/** What is granted in the middle of a question. */
const taken =
  /\b(?:know (?:that|the|we|your)|we (?:\w+ )?agreed|(?:your|our|the|a) (?:\w+ )?(?:free|waived|discount\w*|refund\w*|gift|bonus|reward|deal)|(?:su|el|un) (?:descuento|regalo|reembolso|bono))\b/;
const joints =
  /,|\b(?:but|however|though|although|because|since|pero|aunque|porque)\b|\b(?:and|so|y|asi que)\b(?= (?:the|we|i|you|your|its|it is|our|theyre|all|there is|el|la|su|ya|le|los|usted)\b)/;

/**
 * Whatever binds somebody: agreement, waived costs, gifts, promises, visits that would stand; no figure is needed for it. And what tells of
 * somebody's private life, which no fact of ours ever does. A clause that leaves the matter to somebody, refuses it or asks the lead does neither.
 * @param sayable  sentences of the brokerage's own, which may be said as they stand
 */
export function commitmentsIn(sentences: readonly Sentence[], sayable: ReadonlySet<string>): readonly Reason[] {
  const clauses = sentences.filter(({ words }) => !sayable.has(words)).flatMap(clausesOf);
  return commitments
    .filter(([, , ...patterns]) => clauses.some((clause) => patterns.some((one) => one.test(clause))))
    .map(([code, what]) => ({ code, what }));
}

/** @see plainSentences */
export interface Sentence {
  readonly words: string;
  readonly asks: boolean;
}

function clausesOf({ words, asks: isAsked }: Sentence): readonly string[] {
  const clauses = words
    .split(joints)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '' && !leaves.test(clause));
  return clauses.filter((clause) => !isAsked || !asks.test(clause) || taken.test(clause));
}
