import { faiths, oneOf, peoples } from './fair-housing-words.ts';

/** What refuses to speak of people and areas, points to public sources for it, or tells what the law forbids. */
const refusing = new RegExp(
  `\\b(?:(?:i|we|our \\w+|agents?) (?:really |simply |just |honestly )?(?:${oneOf('cant|cannot|can not|dont|do not|wont|will not|may not|am not able to|are not able to|arent able to|am unable to|are unable to|am not allowed to|are not allowed to|never|shouldnt|must not')})|im not able to|im unable to|were not able to|im not allowed to|not something (?:i|we|our \\w+) can|keeps? (?:me|us) from|(?:doesnt|does not|dont|do not|wont) (?:allow|let|permit) (?:me|us)|rather not|not the right (?:one|person)|wouldnt be right for|no comment|not (?:my|our) (?:place|role|call)|policy is not|not opinions|no opinions?|(?:nobody|no one) can|agents? (?:arent|are not|may not|cant)|stay out of|leave (?:questions|that)|im not (?:one|qualified|licensed|permitted|in a position)|(?:isnt|arent) (?:something|a thing|a topic|topics|a subject|things|my)|cant answer|no puedo|no podemos|no se me permite|no nos permiten|no me permiten|no describo|no describimos|no califico|no calificamos|no opino|no recomiendo|no recomendamos|no me toca|no nos toca|no me corresponde|no me es posible|no opinamos|no damos)\\b`,
);
const speaking =
  /\b(?:promise|guarantee|stay out|leave|comment|opinions|speak|comment|say|advise|rate|judge|discuss|discussing|describe|answer|characterize|share|give|offer|talk|talking|evaluate|weigh|discuss|tell|steer|rank|steer|opinions?|opine|opinar|decir|hablar|comentar|calificar|recomendar|describir|describo|describimos|califico|calificamos|opino|opinamos|recomiendo|recomendamos|toca|corresponde|elegir|escoger|call|choose|pick|vouch|predict|gauge)\b/;
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
