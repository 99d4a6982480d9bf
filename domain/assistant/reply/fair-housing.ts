import type { UsState } from '../../consent/us-states.ts';
import { codesOf, type FairHousingCode, stateClasses } from './fair-housing-codes.ts';
import { unitsOf, weightOf } from './fair-housing-model.ts';
import { breaksRule } from './fair-housing-rules.ts';
import { placesOf } from './fair-housing-signs.ts';

/** Above it a sentence is stopped: a little is rather stopped than sent. A clause that is torn from its sentence must say more. */
const [SENTENCE, CLAUSE] = [-1.3, 0.2];
/** No reply is as long. What is longer could not be read in time, and is not sent. */
const LONGEST = 20_000;

/**
 * Classes about whose members a text states a preference, a limit or a judgement, or towards or away from whom it steers: 42 U.S.C. 3604(c) with
 * 24 CFR 100.75. Facts of a home are free. A rule stops by itself; what breaks none is weighed by the words, by what they speak of, and by what
 * is spoken of together. Nothing that is weighed lets pass what a rule stops.
 * @param states  where the location is licensed; empty: not known, and what any state protects is protected
 */
export function fairHousingFindings(text: string, states: readonly UsState[] = []): readonly FairHousingCode[] {
  if (text.length > LONGEST) return ['people'];
  const found = unitsOf(placesOf(text)).flatMap((units) => {
    const wrong = units
      .filter((unit, at) => breaksRule(unit.places) || weightOf(unit) > (at === 0 ? SENTENCE : CLAUSE))
      .map(({ places }) => places);
    // A clause says more closely than its sentence what is wrong.
    return (wrong.length > 1 ? wrong.slice(1) : wrong).flatMap(codesOf);
  });
  return [...new Set(found)].filter((code) => {
    const only = stateClasses[code];
    return only === undefined || states.length === 0 || states.some((state) => only.has(state));
  });
}
