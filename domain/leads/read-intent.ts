import type { Intent, Said } from '../assistant/understood.ts';
import { sentencesIn, spansOf } from './written.ts';
import type { Written } from './written.ts';

const home = String.raw`(?:houses?|homes?|condos?|townhouses?|place|property|properties|duplex(?:es)?|triplex(?:es)?|land|acres?|acreage|apartments?|villas?|ranch|listings?|fixer[- ]?uppers?|new (?:build|construction)s?|single[- ](?:story|family|level)|\d ?\+? ?(?:bed\w*|br|bd|bdrms?)|(?:one|two|three|four|five|six)[- ]bed\w*|(?:\d|dos|tres|cuatro|cinco) (?:recamaras|habitaciones|cuartos|dormitorios)|\d ?\/ ?\d|bedrooms?|casas?|condominios?|terrenos?|propiedad(?:es)?|apartamentos?|departamentos?|piso|vivienda)`;
const own = String.raw`(?:my|our|ours|mine|his|her|their|mi|mis|nuestr[oa]|(?:my|our) (?:\w+ ){0,2}(?:mom|mother|dad|father|parents?|aunt|uncle|brother|sister|grandmother|grandma|estate|tenant)'?s?)`;
/** What they look for is not a home but somebody, or an answer. */
const noHome = String.raw`(?!(?:[\w']+ ){0,3}?(?:lender|agent|realtor|info|information|details|answers?|help (?:with|selling)|update|job|rental|know|hear|learn|someone|anyone|person|cma|valuation|offer on my)\b)`;

const sell = new RegExp(
  [
    String.raw`(?<!\b(?:who|who's|they|he|she|it|you|owners?|owner is|sellers?|homes?|houses?|why|guys|else|did|does|is|are they|was) (?:\w+ )?)\b(?:sell|selling|sel)\b(?! (?:price|agent|point|in (?:this|that) area|ing)\b)`,
    String.raw`\b(?:(?:want|wants|looking|need|hope|hoping|plan|planning|ready|like|decided|going|trying|prefer|time|thinking) to|should (?:i|we)|could (?:i|we)|can (?:i|we)|might|may|interested in|think(?:ing)? (?:about|of)|considering|about) (?:list|listing)\b(?! of| ?#| id\b| number| \d)`,
    String.raw`\b(?:list|listing) (?:${own}|agent for)\b|\b(?:list|listing) it (?:with|for|on|in)\b|\bwhat (?:could|should|would|can) (?:i|we) list\b`,
    String.raw`\b${own} (?:[\w']+ ){0,3}?(?:worth|value|(?:would |could |will |might )?(?:sell|go|list) for|appraise for|bring|fetch)\b|\b(?:worth|value|valuation|estimate|appraisal|cma|market analysis|price) (?:of|on|for) (?:${own})\b|\b(?:home|house|property|free) (?:valuation|evaluation|appraisal)\b|\bcma\b|\bmarket analysis\b`,
    String.raw`\b(?:get|offer|pay|give (?:me|us)) (?:[\w']+ )?for ${own} (?:[\w']+ )?(?:house|home|condo|townhouse|place|property)\b`,
    String.raw`\bput(?:ting)? (?:${own}|the|it|this) ?(?:[\w']+ ){0,3}?on the market\b|\b${own} (?:[\w']+ ){0,2}(?:house|home|condo|townhouse|place|property) (?:is )?(?:going )?on the market\b|\b(?:go|going) on the market\b|\b${own} (?:[\w']+ ){0,2}?up for sale\b|\bfor sale by owner\b|\bfsbo\b|\bunload (?:a|my|our|this|the) (?:\w+ )?(?:house|home|property|place)\b|\bsale of (?:my|our)\b|\b(?:comps|offers?|estimate) (?:for|on|of) (?:my|our)\b`,
    String.raw`\b(?:do|would|can|will|could) (?:you|you guys|you all) (?:guys |all )?(?:still )?(?:buy|purchase)(?:ing)? (?:houses|homes|property|properties|land|any|my|our|it)\b|\b(?:make|give|get|want|need|interested in|looking for|offer)(?: me| us)? (?:an? )?(?:all[- ])?cash offers?\b|\bcash offers? (?:for|on) (?:${own}|homes|houses)\b|\b(?:buy|buying|purchase|purchasing) (?:my|our) (?!next|first|new|own|dream|future|forever|second|retirement)(?:[\w']+ )?(?:house|home|condo|townhouse|place|property|land)\b`,
    String.raw`\b(?:get|need|want|have|getting) (?:this|my|our|the|it) ?(?:house|home|condo|property|place)? sold\b|\b(?:needs?|has|have) to be sold\b|\bget(?:ting)? rid of (?:this|my|our|the|a) (?:\w+ )?(?:house|home|condo|property|place|rental)\b|\blet(?:ting)? (?:it|the house|my \w+) go\b|\b(?:ad|letter|flyer|postcard|sign|mailer|card) (?:about|for|on) (?:buying|selling|cash)\b|\bbuying (?:houses|homes) (?:as[- ]is|for cash)\b`,
    String.raw`\b(?:rent|renting|lease|leasing) (?:out )?(?:my|our) (?:[\w']+ ){0,2}?(?:house|home|condo|townhouse|place|property|unit)(?: out)?\b|\b(?:rent|renting|lease) (?:it|mine|ours) out\b|\b(?:rent|renting|lease|leasing) out\b`,
    String.raw`\b(?:vender(?:la|lo|le)?|vendo|vendiendo|vendemos|vendere?)\b|\b(?:cuanto vale|valor de|cuanto (?:me dan|me darian|puedo (?:sacar|pedir)) por) (?:mi|nuestra)\b|\b(?:compran|comprarian) (?:casas|mi casa|propiedades)\b|\b(?:rentar|alquilar) (?:mi|nuestra) (?:casa|propiedad)\b|\b(?:poner|listar) (?:mi|nuestra) (?:casa|propiedad)\b`,
  ].join('|'),
  'g',
);

const thing = String.raw`(?:it|them|this|that|these|those|the (?!market|price|area|agent|pictures|photos|details|list|app)|one|another|a few|some(?! (?:pictures|photos|pics|comps|numbers|info))|any|homes|houses|condos|properties|places|listings in person|your|inside|\d+ ?\w)`;
const viewing = new RegExp(
  [
    String.raw`(?<!\b(?:after|during|from) (?:the|our) )\b(?:showings?(?! (?:up|as|that|me|us)\b)|open house|open houses|walk[- ]?throughs?|viewings?)\b`,
    String.raw`(?<!\b(?:after|during|from) (?:the|that|our|a) )\b(?:tour|tours|touring|tourin)\b`,
    String.raw`\b(?:see|seeing|view|visit|visiting|tour|preview|walk through|look at|check out|checking out|check) ${thing}|\blooking at (?:it|this (?:one|house|home|place)|the (?:house|home|place|condo) (?:on|at|in person|this|today|tomorrow))`,
    String.raw`\b(?:take a (?:quick )?(?:look|peek)|have a look|get a look|come (?:by|over|see|look)|go see|(?:go|come|get|look) inside|swing by|stop by|drop by|come and see|get in(?:side)? (?:to see|there|and see)|get inside|check it out|see it|see inside|see in person|walk it)\b(?! at (?:the|your|my) (?:website|site|email|listings?|list|pictures|photos))`,
    String.raw`\b(?:can|could|to|will) show (?:it|this|the|that)\b|\b(?:show|showing) (?:me|us|my \w+)(?: around)? (?:it|this|that|the|one|some (?:homes|houses)|a few|\d)`,
    String.raw`\b(?:schedule|book|set up|make|arrange|request|reschedule|need|get) (?:a |an |my |our |the |in )?(?:appointment|time|visit|private|showing|tour|viewing)s? ?(?:to (?:see|view|tour|visit|look)|for|at|on)?\b(?! (?:call|phone))`,
    String.raw`\b(?:meet|meet you|meet us|meet up) (?:\w+ )?(?:at|in front of) (?:the|that|this) (?:house|home|condo|property|place|townhouse|unit)\b`,
    String.raw`\b(?:house|home|it|condo|property) (?:available|open) (?:to|for) (?:see|view|show|tour)\w*\b`,
    String.raw`\b(?:ver(?:la|lo|las|los)|(?:la|lo) (?:puedo|podemos|podria|podriamos) (?:ver|visitar)|visitar(?:la|lo)?|conocer(?:la|lo)|recorrido|recorrer(?:la|lo)?)\b|\b(?:ver|visitar|conocer) (?:la|esta|esa|el|una?|unas|algunas?|otra) (?:casa|propiedad|condo|condominio|apartamento|departamento|townhouse|terreno)s?\b|\b(?:ensenar|mostrar)(?:me|nos|mela|nosla)? (?:la|esta|esa|unas|el)?\b|\b(?:una |hacer |agendar |programar )cita\b|\bcasa abierta\b`,
  ].join('|'),
  'g',
);

const buys = new RegExp(
  [
    String.raw`(?<!\b(?:you|you guys|they|do you) )\b(?:buy|buying|purchase|purchasing|byuing|bying)\b(?! (?:me|you|it back|houses for|my|our (?:house|home)|a home now|homes for)\b)`,
    String.raw`\b(?:first[- ]time|1st time) (?:home ?|house ?)?buyers?\b|\b(?:i'm|i am|we're|we are|as) (?:a |an )?(?:serious |cash |new |potential )?(?:home ?)?buyers?\b|\binvestor here\b|\b(?:house|home|condo|property|place)[- ]?(?:hunting|shopping|search(?:ing)?)\b`,
    String.raw`\b(?:make|making|made|put|putting|submit|write|place|writing) (?:in )?(?:an? |our |my )?(?:strong |cash |full price )?offer\b(?! (?:on|for) (?:my|our))`,
    String.raw`\b(?:help (?:me|us) (?:find|buy|get|with finding)|find (?:me|us)) (?:a|an|my|our|something|new)\b|\b(?:send|email|text) (?:me |us )?(?:some |your |new |any |more |the )?(?:listings|homes|houses|properties|options)\b|\bhomes? (?:search|alerts?)\b|\bpay(?:ing)? cash for\b|\biso\b`,
    String.raw`\b(?:comprar(?:la|lo|me|nos)?|compro|comprando|(?<!\bya )compramos|compraria)\b|\b(?:busco|buscamos|buscando|necesito|necesitamos|quiero|queremos|quisiera|interesad[oa]s? en|me interesa(?:n)?|nos interesa)\b(?: \w+){0,3}? ${home}\b|\bcasas? (?:en venta|de venta|nuevas?)\b|\bprimera casa\b`,
  ].join('|'),
  'g',
);
/** Behind a question of ours these words answer it; without one they tell what is wanted. */
const looksForHome = new RegExp(
  [
    String.raw`\b(?:look(?:ing|n)?|search(?:ing)?|hunting|shopping|seeking|in the market|on the hunt|in search|after|interested|want|wants|wanting|need|needs|would love|would like|i'd like|i'd love|we'd like|we'd love|hoping|trying|find|must have|hope to find|get|getting|wish|dream(?:ing)?)(?: (?:for|4|of|in|to (?:buy|find|get|own|have|move into)|at))? ${noHome}(?:[\w'+$/-]+,? ){0,6}?${home}\b(?! (?:value|worth|valuation|inspection|loan|warranty|insurance|owner))`,
    String.raw`\b(?:looking|searching|in the market) (?:for|4) (?:something|our next|our first|my next|my first|anything)\b|\bbuyers? (?:looking|searching) for\b|\b(?:looking|hoping|planning|want|wanting|need|trying) to (?:move|relocate) to\b|\b(?:go up to|spend|afford)\b[^.!?]{0,20}\bon (?:a|our|the next) (?:house|home|condo|place)\b|\b(?:looking|thinking|trying|hoping|wanting|ready|want) (?:to (?:own|get into a home|become (?:a )?homeowners?)|about (?:getting|owning) a (?:home|house|place))\b`,
    String.raw`\binterested in (?:the |this |that |your )?(?:\d+ \w+|(?:[\w']+ ){0,2}(?:house|home|condo|townhouse|property|listing|unit|place|one|lot)\b)`,
    String.raw`\b(?:do you have|you have|have you got|got|have|any|are there|is there|show me|send me|tienen?|hay)(?: any(?:thing)?| got any| some| me)? (?:new |good |other |more |nice |available )?(?:[\w+'-]+ ){0,3}?(?:houses|homes|condos|townhouses|duplexes|listings|properties|anything (?:cheap\w*|nice|under|in|available|else)|casas|lots|acreage|land|bedrooms|(?:\d|one|two|three|four|five)[ -]?(?:bed\w*|br|bd)s?)\b`,
    String.raw`\bwhat(?:'s| is| do you have| have you got| you got| have you) (?:available|for sale|out there|on the market)? ?(?:in|near|around|under|for)\b(?! (?:it|this|that|the (?:area|house|home))\b)`,
  ].join('|'),
  'g',
);

/** "Not sure whether to sell" denies nothing. */
const denial =
  /\b(?:not(?! (?:sure|certain|only|long|ready)\b)|no longer|never|don't|doesn't|won't|isn't|aren't|wasn't|haven't|didn't|can't|ain't|stopped|done|finished|quit|without|already|ya no|no (?:quiero|queremos|vamos|voy|estoy|estamos|me interesa)|no interest in|no plans to|thanks for|thank you for|too (?:busy|late) to)\b(?![^.!?]{0,25}\b(?:but|until|and (?:now|then)|pero|before)\b)[^.!?,]{0,25}$/;

/**
 * What the lead is after, the most telling sign first: who sells is a seller even while asking about a viewing.
 * A denied sign does not count: "I'm not selling" says nothing about what is wanted.
 * @param answering  the message answers a question of ours: then "a bigger place" is an answer, and no wish that came up by itself
 */
export function wishIn(said: Written, answering: boolean): Said<Intent> | null {
  const signs: readonly (readonly [Intent, RegExp])[] = [
    ['sell', sell],
    ['viewing', viewing],
    ['buy', buys],
    ...(answering ? [] : [['buy', looksForHome] as const]),
  ];
  for (const [value, pattern] of signs) {
    const sign = spansOf(said.plain, pattern).find(
      ({ start, end }) =>
        !denial.test(said.plain.slice(Math.max(0, start - 45), start)) && !/^ ?anymore\b/.test(said.plain.slice(end)),
    );
    if (sign !== undefined) return { value, quote: said.quote(sign.start, sign.end).trim() };
  }
  return null;
}

const opener = String.raw`(?:^|[.!?\n,;:]|\b(?:hi|hello|hey|thanks|and|but|so|ok|okay|also|hola|there|just|alright|aight|yo|um|uh))\s*`;
/** A word that asks by its place at the beginning. "When my lease is up" and "will do" ask nothing. */
const questionWord = new RegExp(
  [
    String.raw`${opener}(?:what|what's|where's|who|who's|why|how's|which|how (?:much|many|old|big|long|far|soon|do|does|did|is|are|can|would|about|come))\b(?! a (?:great|nice|beautiful|lovely))`,
    String.raw`${opener}(?:when|where|how)\b(?! (?:i|we|my|our|the right|it's|you (?:get|can|have)|he|she|they|things|ever)\b)`,
    String.raw`${opener}(?:is|are|am|do|does|did|can|could|would|will|was|were|has|have you)\b(?!')(?! (?:do|be|been|let|love|like|fine|good|ok|okay|great|perfect|thinking|have|keep|try|call|text|take|get|check|not|pass|see|send|wait|work|works|update|prefer|need|want|also|definitely|probably|just|still)\b)`,
    String.raw`${opener}(?:any (?:idea|update|news|chance|way|word)|anyone know|que|cual|cuando|donde|quien|como|cuant[oa]s?|tiene|tienen|hay|aceptan|puede|pueden|podria)\b`,
    String.raw`\bwhat's (?:the|your|up with)\b`,
    String.raw`^\W*any\b(?! ?time| day| of| is| would| will)`,
  ].join('|'),
);
const askingFor =
  /\b(?:send|email|text|give|get|forward|share)(?: it| them| that)? (?:to )?(?:me|us|over)\b|\b(?:re)?send (?:over|the|your|pics|pictures|photos|details|info\w*)\b|\b(?:more |additional |further |some )?(?:info|information|details|pics|pictures|photos|disclosures)\b(?= (?:on|about|regarding|for|of|please)|\W*$)|\b(?:(?<!you )tell me|let me know (?:if|what|when|how|whether|about)|i have (?:a |some |a few |another )?questions?|quick question|wondering|curious (?:about|if|how|whether)|(?:want|need|like) to know|interested to know|looking for (?:more )?(?:info\w*|details)|need (?:the|more|some|your|an?) (?:address|details|info\w*|link|number|e-?mail|pictures|photos|pics|floor ?plan)|please (?:advise|explain|confirm|send))\b|\b(?:me (?:manda|envia|puede)n?|mandeme|envieme|quisiera saber|quiero saber|mas informacion|informes)\b|^\W*(?:price|address|hoa|sq ?ft|square footage|taxes|cost|info|details|pics|photos|availability|still available|available|precio|direccion|informacion)(?: please| pls| por favor)?\W*$|^\W*(?:how much|how many|what's|status|any update)\b/;

/** Asks something, or for something. */
export function questionIn(said: Written): Said<Intent> | null {
  const asked = askingFor.exec(said.plain) ?? questionWord.exec(said.plain);
  if (asked !== null)
    return {
      value: 'question',
      quote: said
        .quote(asked.index, asked.index + asked[0].length)
        .replace(/^[\s.,;:!?]+/, '')
        .trim(),
    };
  const sentence = sentencesIn(said.plain).find(({ start, end }) => /[a-z].*\?$/s.test(said.plain.slice(start, end)));
  return sentence === undefined ? null : { value: 'question', quote: said.quote(sentence.start, sentence.end).trim() };
}

const greetingHead =
  /^(?:(?:ok|okay|great|perfect|awesome|cool|alright|got it|wonderful|excellent)\W+(?=thank|gracias|appreciate|have a|muchas))?(?:h+i+|he+l+o+|he+y+|hiya|howdy|yo|sup|wassup|greetings|good ?(?:morning|afternoon|evening|night|day)|g'?morning|morning|thanks|thank you|many thanks|much appreciated|appreciate|i appreciate|bye|goodbye|have a|take care|cheers|see you|talk (?:soon|later|to you)|happy|merry|hope (?:you|all)|how are you|how's it going|how you doing|what's up|welcome|you're welcome|no problem thanks|hola|buen(?:os|as)?|gracias|muchas gracias|mil gracias|saludos|adios|hasta (?:luego|pronto|manana|la vista)|que tal|feliz|que tenga)\b/;
const greetingWords =
  /^(?:h+i+|he+l+o+|he+y+|hiya|howdy|yo|sup|wassup|greetings|there|all|everyone|everybody|team|guys|folks|again|good|morning|afternoon|evening|night|day|thanks|thank|you|so|very|much|many|a|lot|lots|tons|bunch|million|appreciate|appreciated|i|really|it|that|this|for|the|your|ur|all|of|help|info|information|reply|response|update|time|message|quick|fast|getting|back|to|me|us|reaching|out|everything|today|tonight|tomorrow|have|great|nice|wonderful|blessed|lovely|awesome|one|weekend|week|rest|happy|new|year|holidays|merry|christmas|thanksgiving|easter|bye|goodbye|see|soon|then|later|talk|take|care|cheers|saturday|sunday|monday|tuesday|wednesday|thursday|friday|what's|up|how|are|how's|going|doing|is|been|hope|well|fine|you're|ok|okay|great|perfect|cool|alright|got|welcome|too|same|and|we|were|with|tour|showing|be|in|on|at|my|dear|sir|madam|ma'am|mr|mrs|ms|hola|buen|buenos|buenas|dia|dias|tarde|tardes|noche|noches|gracias|muchas|mil|saludos|adios|hasta|luego|pronto|manana|que|tal|tenga|un|una|bonito|lindo|feliz|navidad|ano|nuevo|por|su|tu|ayuda|todo|usted|como|esta|estas|senor|senora|listing|listings|sending|showing|no|problem)$/;

/** A hello, a thank-you or a goodbye and nothing else, but for a name of a word or two. */
export function greetingIn(said: Written): Said<Intent> | null {
  const trimmed = said.plain.replace(/^[^\p{L}]+/u, '');
  if (!greetingHead.test(trimmed)) return null;
  const words = [...said.plain.matchAll(/[\p{L}\p{N}']+/gu)];
  const strange = words.filter(({ 0: word }) => !greetingWords.test(word));
  const names = strange.every(
    ({ index, 0: word }) => /^\p{Lu}/u.test(said.quote(index, index + word.length)) || words.length === 2,
  );
  if (strange.length > 2 || !names || words.length > 18) return null;
  const [first] = words;
  return first === undefined
    ? null
    : { value: 'greeting', quote: said.quote(first.index, first.index + first[0].length) };
}
