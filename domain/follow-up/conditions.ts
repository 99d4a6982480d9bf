import { fits } from '../crm/rules.ts';
import type { SequenceFacts, SequenceTest } from './sequence.ts';

/**
 * Do all of these hold? A fact that is not known fits no test but one that asks for just that.
 * @returns null, or which one does not, in words that tell what was asked and nothing of the lead
 */
export function unmet(tests: readonly SequenceTest[], facts: SequenceFacts): string | null {
  const failing = tests.find((test) => !fits(test, facts[test.fact]));
  return failing === undefined ? null : unmetWords(failing, facts[failing.fact] !== undefined);
}

function unmetWords(test: SequenceTest, isKnown: boolean): string {
  const { fact, known } = test;
  if (known === false) return `${fact} is known`;
  return isKnown ? `${fact} is not ${testWords(test)}` : `${fact} is not known`;
}

/** What a test asks of its fact, e.g. `from 3 and below 5`. */
export function testWords({ known, equals, from, below }: SequenceTest): string {
  const parts = [
    ...(known === undefined ? [] : [known ? 'known' : 'unknown']),
    ...(equals === undefined ? [] : [String(equals)]),
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ];
  return parts.join(' and ') || 'known';
}
