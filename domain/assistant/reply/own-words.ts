import type { UsState } from '../../consent/us-states.ts';
import { fairHousingFindings } from './fair-housing.ts';
import { fairHousingReason } from './judge.ts';
import type { Reason } from './verdict.ts';

/**
 * May a person's own words go out in the place of a draft? What they say of homes and prices is theirs to know. A placeholder would be read by
 * the lead as it stands, and what fair housing forbids it forbids to people as well.
 * @returns why not; empty: they may, and the sending gate decides on the rest
 */
export function ownWordsFindings(words: string, states: readonly UsState[]): readonly Reason[] {
  const placeholder = /[{}]/.test(words)
    ? [{ code: 'placeholder', what: 'Write out what is meant; placeholders are filled in drafts alone.' }]
    : [];
  return [...placeholder, ...fairHousingFindings(words, states).map(fairHousingReason)];
}
