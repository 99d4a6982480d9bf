import type { UsState } from '../../consent/us-states.ts';
import { isProtected, type Place, type ProtectedSign } from './fair-housing-signs.ts';

/** What a finding is about: the classes of 42 U.S.C. 3604, those that some states add, and steering, which names no class. */
export type FairHousingCode =
  | 'race-origin'
  | 'religion'
  | 'sex'
  | 'familial'
  | 'disability'
  | 'orientation'
  | 'income'
  | 'military'
  | 'safety'
  | 'schools'
  | 'people';

const codes: Readonly<Record<ProtectedSign, FairHousingCode>> = {
  family: 'familial',
  age: 'familial',
  marital: 'familial',
  sex: 'sex',
  orientation: 'orientation',
  race: 'race-origin',
  color: 'race-origin',
  origin: 'race-origin',
  immigration: 'race-origin',
  faith: 'religion',
  disability: 'disability',
  animal: 'disability',
  income: 'income',
  military: 'military',
};

/** What a clause that must not be sent is about: the classes that it names, else safety or schools, else people. */
export function codesOf(clause: readonly Place[]): readonly FairHousingCode[] {
  const signs = clause.flatMap((place) => place.signs);
  const named = new Set(signs.filter(isProtected).map((sign) => codes[sign]));
  if (named.size > 0) return [...named];
  const steering = [
    ...(signs.includes('safe') ? (['safety'] as const) : []),
    ...(signs.includes('school') ? (['schools'] as const) : []),
  ];
  return steering.length > 0 ? steering : ['people'];
}

/**
 * What only the law of some states protects, and which; the federal classes hold everywhere. From summaries of state law, to be reviewed by
 * counsel; a location that names no state keeps to all of it.
 */
export const stateClasses: Readonly<Partial<Record<FairHousingCode, ReadonlySet<UsState>>>> = {
  income: new Set<UsState>([
    ...(['CA', 'CO', 'CT', 'DE', 'DC', 'HI', 'IL', 'ME', 'MD', 'MA', 'MI', 'MN', 'NJ', 'NM'] as const),
    ...(['NY', 'ND', 'OK', 'OR', 'RI', 'UT', 'VT', 'VA', 'WA', 'WI'] as const),
  ]),
  military: new Set<UsState>(['CA', 'CT', 'DE', 'IL', 'MA', 'NJ', 'NY', 'OH', 'OR', 'RI', 'VA', 'WA']),
};
