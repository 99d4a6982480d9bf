import type { Reading } from './reading.ts';
import { plainly } from './reading-values.ts';

type Intent = Reading['intent'];

/**
 * What the lead is after, the most telling sign first: who sells is a seller even while asking about a viewing.
 * A denied sign does not count: "I'm not selling" says nothing about what is wanted.
 */
export function readIntent(text: string): Intent {
  const plain = plainly(text);
  for (const [intent, signs] of signsByIntent) if (saysPlainly(plain, signs)) return intent;
  if (plain.includes('?') || questionWord.test(plain)) return 'question';
  return greetingOnly.test(plain) ? 'greeting' : 'unknown';
}

const signsByIntent: readonly (readonly [Intent, RegExp])[] = [
  [
    'sell',
    /\b(?:(?:want|wanna|looking|need|hope|hoping|plan|planning|ready|like|decided|going|trying)(?:ing)? to (?:sell|list)\b|(?:think|consider|interested in|about|before|are|am|i'm|we're)(?:ing)?(?: (?:of|about))? (?:selling|listing)\b|(?:sell|selling|list|listing) (?:my|our)\b|(?:my|our) (?:home|house|condo|place|property)(?:'s)? (?:worth|value)|what(?:'s| is) (?:my|our) (?:home|house|condo|place|property) worth|worth of (?:my|our)|(?:my|our) (?:home|house|condo|place|property) on the market|home valuation|(?:quiero|queremos|quisiera|pienso|pensamos|busco|necesito|vamos a|voy a) vender\b|vend(?:o|er|iendo) (?:mi|nuestra) (?:casa|propiedad|condominio))/g,
  ],
  [
    'viewing',
    /\b(?:showings?|open house|walk[- ]?through|(?:a|the|virtual|take a|schedule a|book a) (?:viewing|tour)\b|(?:tour|view|visit) (?:it|the|this|that|some|a few|homes|houses|place)|(?:see|check out|look at) (?:it|the (?:house|home|place|condo|townhouse|property|unit)|this (?:one|house|home|place)|that (?:one|house|home|place)|them)\b)/g,
  ],
  [
    'buy',
    /\b(?:(?:buy|buying|purchase|purchasing)\b|(?:house|home|condo)[- ]?(?:hunting|shopping)|(?:looking|searching|in the market) for (?:a|an|our|my|something|homes|houses)|(?:first|new) (?:home|house)\b|make an offer|compr(?:ar|o|ando|amos)\b|(?:busco|buscamos|buscando) (?:una?|mi|nuestra|casas?)\b)/g,
  ],
];

const denial =
  /\b(?:not|no longer|never|don't|dont|doesn't|won't|isn't|aren't|stopped|done|ya no|no (?:quiero|queremos|vamos|voy|estoy|estamos))\b[^.!?]{0,25}$/;
const questionWord =
  /^\s*(?:what|when|where|who|why|how|which|is|are|do|does|did|can|could|would|will|any|que|cual|cuando|donde|quien|como|cuanto)\b/;
const greetingOnly =
  /^\W*(?:hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening|day)|thanks|thank you)\b(?:\W+(?:there|all|team|again|so much))*(?:\W+\w+)?\W*$/;

function saysPlainly(text: string, signs: RegExp): boolean {
  for (const match of text.matchAll(signs)) {
    if (!denial.test(text.slice(Math.max(0, match.index - 45), match.index))) return true;
  }
  return false;
}
