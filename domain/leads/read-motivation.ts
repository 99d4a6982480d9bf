import type { Said } from '../assistant/understood.ts';
import type { Motive } from './home-words.ts';
import { spansOf } from './written.ts';
import type { Written } from './written.ts';

const reasons: readonly (readonly [Motive, RegExp])[] = [
  [
    'relocating',
    /\brelocat\w+|\b(?:a|my|our|new|his|her|husband's|wife's) (?:new )?job (?:in|transfer|offer|change)\b|\bnew job\b|\bjob (?:transfer|offer|relocation)\b|\btransferr?(?:ed|ing) (?:me|us|to|for)?\b|\bbeing transferred\b|\bmov(?:e|ing) (?:\w+ ){0,3}?for (?:work|a job|my job)\b|\bnuevo trabajo\b|\bme transfieren\b|\bpor (?:el )?trabajo\b/g,
  ],
  [
    'downsizing',
    /\bdownsiz\w+|\b(?:house|home|place|it)(?:'s| is| has become| got| was)? (?:\w+ )?too big\b|\bsomething smaller\b|\btoo much (?:house|home|space|yard)\b|\bsmaller (?:house|home|place)\b|\balgo mas (?:pequeno|chico)\b/g,
  ],
  [
    'more space',
    /\b(?:more|extra|bigger|additional) (?:space|room)\b(?!s)|\bup ?siz\w+|\boutgr[eo]w\w*|\b(?:something|a|get) (?:bigger|larger)(?: one| home| house| place)?\b|(?<!\bit was |\bthat was |\bit's |\bwas )\btoo small\b|\b(?:too )?(?:cramped|crowded)\b|\brunning out of (?:space|room)\b|\bmas (?:espacio|grande)\b/g,
  ],
  [
    'investing',
    /\b(?:an|as an|i'm an|real estate|fellow) investor\b|\binvestor here\b|\binvest(?:ment|ing)?\b|\b(?:as a |for a |a )?rental propert(?:y|ies)\b|\bto (?:rent (?:it )?out|flip)\b|\bflip(?:per|ping)\b|\ba flip\b|\bfix and flip\b|\binversion(?:ista)?\b|\binvertir\b|\bpara rentar\b/g,
  ],
  [
    'leaving a rental',
    /\b(?:tired|sick|done|fed up) (?:of|with) (?:rent|renting|paying rent|throwing\w*|my landlord|our landlord)\b|\blandlord (?:is )?(?:sell\w*|rais\w*|kick\w*)|\bstop (?:renting|paying rent)\b|\b(?:lease|rent) (?:is )?(?:up|ends?|ending|expir\w+|is over)\b|\brent (?:keeps? )?(?:going up|went up|increas\w+|rais\w+|is (?:crazy|too high|insane))\b|\bcansad[oa]s? de rentar\b|\bdejar de rentar\b/g,
  ],
  [
    'first home',
    /\bfirst[- ]?(?:home|house|place|property)\b(?! (?:on|at|in|we|you|i|that|listed)\b)|\b(?:first|1st)[- ]?time (?:home ?|house ?)?(?:buy\w*|owner|homeowner)s?\b|\bfirst (?:home)?buyers?\b|\bnever (?:owned|bought) (?:a (?:home|house) )?(?:before)?\b|\bprimera (?:casa|vivienda|vez comprando)\b/g,
  ],
  [
    'commute',
    /\bcommut\w+|\b(?:closer|close|near) to (?:work|my job|the office|my work)\b|\bcerca (?:de mi|del) trabajo\b/g,
  ],
];
const denied = /\b(?:not?|never|isn't|aren't|don't|won't|ain't|are you(?: guys)?|did you)\s+(?:[\w']+ ){0,3}$/;
const noReason =
  /\b(?:none of your|not sure|rather not|don't (?:know|want to say|care)|no reason|no particular|private|why do you|idk|no comment|just because|nothing|no se)\b|^\W*(?:ok|okay|yes|no|yeah|sure|hi|hello|hey|thanks|thank you|sounds good|call|stop|not|maybe|let me)\b/;

/** Why they move, as one of a few words; asked for and answered otherwise: `stated`, without what was said. */
export function motivationIn(said: Written, asked: boolean): Said<Motive> | null {
  const found = reasons.flatMap(([value, pattern]) =>
    spansOf(said.plain, pattern)
      .filter(({ start }) => !denied.test(said.plain.slice(Math.max(0, start - 40), start)))
      .map(({ start, end }) => ({ value, quote: said.quote(start, end).trim() })),
  )[0];
  if (found !== undefined) return found;
  const words = said.plain.split(/\s+/).filter((word) => /[a-z]/.test(word)).length;
  if (!asked || words < 3 || said.plain.includes('?') || noReason.test(said.plain)) return null;
  // What was said is not quoted either: it may tell of family, faith or health.
  const [first] = /\S+/.exec(said.text) ?? [];
  return first === undefined ? null : { value: 'stated', quote: first };
}
