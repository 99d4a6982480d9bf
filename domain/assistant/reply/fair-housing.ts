import type { UsState } from '../../consent/us-states.ts';
import { namesOnly, withoutAllowed } from './fair-housing-allowed.ts';
import { englishRules, type FairHousingCode, type FairHousingRule } from './fair-housing-rules.ts';
import { spanishRules } from './fair-housing-spanish.ts';
import { steeringRules } from './fair-housing-steering.ts';
import { traitRules } from './fair-housing-traits.ts';
import { withoutSlips } from './misspelled.ts';
import { plainSentences } from './spelling.ts';

/**
 * What only the law of some states protects, and which; the federal classes hold everywhere. From summaries of state law, to be reviewed by
 * counsel; a location that names no state keeps to all of it.
 */
export const stateClasses: Readonly<Partial<Record<FairHousingCode, readonly UsState[]>>> = {
  income: [
    ...([
      'CA',
      'CO',
      'CT',
      'DE',
      'DC',
      'HI',
      'IL',
      'ME',
      'MD',
      'MA',
      'MI',
      'MN',
      'NJ',
      'NM',
      'NY',
      'ND',
      'OK',
      'OR',
    ] as const),
    ...(['RI', 'UT', 'VT', 'VA', 'WA', 'WI'] as const),
  ],
  military: ['CA', 'CT', 'DE', 'IL', 'MA', 'NJ', 'NY', 'OH', 'OR', 'RI', 'VA', 'WA'],
};

const rules: readonly (readonly [FairHousingCode, RegExp])[] = [
  ...englishRules,
  ...traitRules,
  ...steeringRules,
  ...spanishRules,
].map(([code, pattern]: FairHousingRule) => [code, new RegExp(pattern)]);
const qualified =
  /\b(?:55 (?:\+|plus|and (?:over|older|better))|55\+|(?:55|62) or older|age (?:restricted|qualified)|housing for older persons|older persons act)/;
const butKids = /\b(?:kids?|children|child|bab(?:y|ies)|famil(?:y|ies)|ideal|perfect|great|best)\b/;

/**
 * Classes about whose members a text states a preference, a limit or a judgement, or towards or away from whom it steers: 42 U.S.C. 3604(c) with
 * 24 CFR 100.75. Facts of a home are free. Patterns see words and no meaning: they would rather block than let pass.
 * @param states  where the location is licensed; empty: not known, and what any state protects is protected
 */
export function fairHousingFindings(text: string, states: readonly UsState[] = []): readonly FairHousingCode[] {
  const found = plainSentences(text).flatMap((sentence) =>
    sentence.split(/,? \b(?:but|however|though|although|still|that said|pero|aunque)\b,? /).flatMap(codesOf),
  );
  return [...new Set(found)].filter((code) => {
    const only = stateClasses[code];
    return only === undefined || states.length === 0 || states.some((state) => only.includes(state));
  });
}

function told(words: string): readonly FairHousingCode[] {
  const mended = withoutSlips(words);
  return rules.filter(([, one]) => one.test(words) || (mended !== words && one.test(mended))).map(([code]) => code);
}

function codesOf(clause: string): readonly FairHousingCode[] {
  if (/\baccommodations?\b/.test(clause) && !/\b(?:no|not|dont|wont)\b/.test(clause)) return [];
  // Most clauses hold no word of any rule; what is allowed and what is only named is asked of the others.
  if (told(clause).length === 0 || namesOnly(clause)) return [];
  const left = withoutAllowed(clause);
  const codes = told(left);
  // Housing for older persons may say what it is, 42 U.S.C. 3607(b).
  const loan = /\b(?:va|v a) (?:loans?|financing|mortgages?|benefits?)\b/.test(clause);
  const older = qualified.test(clause) && !butKids.test(left);
  return codes.filter((code) => !(older && code === 'familial') && !(loan && code === 'military'));
}
