import type { Pathway, Said } from '../assistant/understood.ts';
import type { Condition } from './home-words.ts';
import { spansOf } from './written.ts';
import type { Written } from './written.ts';

const needsWork =
  /\bneeds? (?:[\w']+ ){0,4}?(?:work|repairs?|repaired|updat\w+|updates|tlc|fix(?:ing|ed)?|renovat\w+|remodel\w*|roof|love|replac\w+|paint\w*|help|everything|rehab)\b|\bfixer\b|(?<!\b(?:buy|buying) (?:houses|homes) )\bas[- ]is\b(?! sin\b)|\b(?:out)?dated\b|\b(?:bad|poor|rough|terrible|awful|horrible) (?:shape|condition|state)\b|\b(?:not great|not (?:in )?(?:good|great|the best)(?: shape| condition)?|kinda rough|pretty rough|a mess|falling apart|livable|liveable|run[- ]?down|gut job|a dump|tear[- ]?down|beat up|disaster)\b|\b(?:foundation|roof|plumbing|mold|termite|electrical|water) (?:issues?|problems?|damage|leaks?|is (?:bad|shot|leaking|old))\b|\b(?:roof|ac|hvac) is \d{2} years\b|\b(?:ac|a\/c|hvac|heat|heater|furnace|water heater) (?:is|went|just went) (?:out|dead|broken|bad|old)\b|\bbroken\b|\bleak(?:s|ing|y)?\b|\bmold\b|\bneeds? (?:a )?(?:new|complete|total|full)\b|\boriginal (?:kitchen|bath\w*|everything|condition)\b|\bnecesita\w* (?:\w+ ){0,3}?(?:reparaci\w+|arreglo\w*|arreglar\w*|trabajo|remodel\w*|pintura|techo)\b|\bmal estado\b|\bmalas condiciones\b/g;
const updated =
  /\b(?:renovated|remodel(?:l?ed)?|updated|upgraded|refurbished|redone|redid|rebuilt|rehabbed)\b|\b(?:we|just|recently) (?:replaced|upgraded|renovated|updated|remodeled)\b|\b(?:brand )?new(?:er)? (?:roof|kitchen|hvac|ac|a\/c|windows?|floor(?:s|ing)?|appliances|bath(?:room)?s?|paint|carpet|water heater|plumbing|cabinets)\b|\bremodelad[oa]\b|\brenovad[oa]\b|\b(?:techo|cocina|pisos?) nuev[oa]s?\b/g;
const good =
  /\b(?:good|great|excellent|perfect|mint|nice|pristine|immaculate|amazing|solid|decent|fantastic|very good|well[- ]kept|turn[- ]?key|move[- ]in[- ]ready) (?:\w+ )?(?:condition|shape)\b|\b(?:move[- ]in[- ]ready|turn[- ]?key|well[- ](?:maintained|kept|cared for)|immaculate|pristine|like new)\b|\b(?:buen(?:as?)? (?:estado|condicion(?:es)?)|excelente(?:s)? (?:estado|condicion(?:es)?))\b/g;
/** Only behind the question. */
const bareGood =
  /\b(?:good|great|excellent|perfect|mint|nice|fine|ok|okay|decent|solid|clean|amazing|fantastic|average|bien|buen[oa]s?|excelente)\b/g;
const denied = /\b(?:not|no|isn't|never|don't|doesn't|hasn't|nothing|no longer|ain't|without|sin)\s+(?:[\w']+ ){0,2}$/;

/** State of the seller's own home. What needs doing outweighs what was done. */
export function conditionIn(said: Written, asked: boolean): Said<Condition> | null {
  const answer = (value: Condition, pattern: RegExp): Said<Condition> | null => {
    const span = spansOf(said.plain, pattern).find(
      ({ start }) => !denied.test(said.plain.slice(Math.max(0, start - 30), start)),
    );
    return span === undefined ? null : { value, quote: said.quote(span.start, span.end).trim() };
  };
  return (
    answer('needs work', needsWork) ??
    answer('updated', updated) ??
    answer('good', good) ??
    (asked ? answer('good', bareGood) : null)
  );
}

const undecided =
  /\b(?:sell|list|rent|lease|keep|cash|vender|rentar)\w*\b[^.!?]{0,40}\b(?:or|o|vs|versus)\b[^.!]{0,60}\b(?:not sure|unsure|no idea|idk|don't know|undecided|can't decide|haven't decided|no se|no sabemos)\b|\b(?:not sure|unsure|undecided|don't know|torn|debating|can't decide|haven't decided|on the fence|deciding|no idea|no se|no estoy segur[oa]|no sabemos|should (?:i|we))\b[^.!?]{0,60}\b(?:sell|list|rent|lease|keep|cash|vender|rentar)\w*\b[^.!?]{0,40}\b(?:or|o|vs|versus)\b/g;
const routes: readonly (readonly [Pathway, RegExp])[] = [
  [
    'rent-out',
    /\b(?:rent(?:ing)?|leas(?:e|ing)) (?:(?:it|mine|ours|(?:my|our|the|this|that) (?:[\w']+ ){0,2}?(?:house|home|condo|townhouse|place|property|unit|apartment|one)) )?out\b|\b(?:rent(?:ing)?|leas(?:e|ing)) out (?:my|our|the|it)\b|\bturn (?:it|my \w+|our \w+) into a rental\b|\brent(?:ing)? it instead\b|\b(?:rentar|alquilar) (?:mi|la|nuestra) (?:casa|propiedad)\b|\b(?:rentarla|alquilarla|rentarlo)\b|\bproperty management\b/g,
  ],
  [
    'cash-offer',
    /\bcash offers?\b|\boffers? (?:in|of) cash\b|\b(?:for|in) cash\b|\bcash (?:for (?:my|our)|buyers? for (?:my|our|the))\b|\b(?:sell|selling|sale|buy it|offload|get rid of)\b[^.!?]{0,25}\b(?:quick(?:ly)?|fast)\b|\b(?:quick|fast) (?:sale|close)\b|\bto an investor\b|\bas[- ]is (?:offer|sale|cash)\b|\boferta en efectivo\b|\b(?:por|en|de) (?:efectivo|contado)\b|\bvender\w* (?:\w+ ){0,3}rapido\b/g,
  ],
  [
    'list',
    /\blist (?:my|our|it|the|this|with)\b|\b(?:to|should (?:i|we)|ready to|could (?:i|we)|can (?:i|we)|get it|and) list\b(?! of)|\blisting (?:my|our|it|agent|the (?:house|home)|with)\b|\b(?:think|thinking|talk|talking) (?:about|of) listing\b|\b(?:on|to) the (?:open )?market\b|\bon (?:the )?mls\b|\btop dollar\b|\b(?:agent|realtor) to sell\b|\bponer(?:la|lo)? (?:\w+ ){0,3}(?:en|a) (?:el )?(?:mercado|venta)\b/g,
  ],
];

/** What a seller would have done with the home; two ways at once are none, unless it is said that they do not know. */
export function pathwayIn(said: Written): Said<Pathway> | null {
  const unsure = spansOf(said.plain, undecided)[0];
  if (unsure !== undefined) return { value: 'unsure', quote: said.quote(unsure.start, unsure.end).trim() };
  const taken = routes.flatMap(([value, pattern]) =>
    spansOf(said.plain, pattern)
      .filter(({ start }) => !notTaken.test(said.plain.slice(Math.max(0, start - 30), start)))
      .slice(0, 1)
      .map(({ start, end }) => ({ value, quote: said.quote(start, end).trim() })),
  );
  return taken.length === 1 ? taken[0]! : null;
}

const notTaken =
  /\b(?:not|no|don't|never|instead of|rather than|than|without|isn't|aren't|won't|en vez de|saw|see|was|were|been|what's|is|are|it's|came)\s+(?:[\w']+ ){0,2}$/;
