import { fits } from '../crm/rules.ts';
import type { SequenceFact, SequenceFacts, SequenceTest } from './sequence.ts';

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

const yesNo = ['yes', 'no'];
/** What facts can be; one that is not named here is short words of any kind. */
const values: Readonly<
  Partial<Record<SequenceFact, readonly string[] | { readonly least: number; readonly most: number }>>
> = {
  budget: { least: 0, most: Number.POSITIVE_INFINITY },
  score: { least: 0, most: 100 },
  answered: { least: 0, most: 7 },
  silentHours: { least: 0, most: Number.POSITIVE_INFINITY },
  tier: ['hot', 'warm', 'cold'],
  stage: ['new', 'engaged', 'qualifying', 'qualified', 'opted-out', 'gone'],
  timeline: ['immediate', 'soon', 'exploring'],
  side: ['buy', 'sell'],
  appointment: ['upcoming', 'past', 'none'],
  opportunity: ['open', 'won', 'lost', 'abandoned'],
  consentSms: yesNo,
  consentEmail: yesNo,
  emailOpened: yesNo,
  emailClicked: yesNo,
  everReplied: yesNo,
};

/**
 * Why no lead can ever fit all of these; null where one might.
 * @param tests  well-formed ones; what another shape holds is no contradiction
 */
export function neverHolds(tests: readonly SequenceTest[]): string | null {
  for (const fact of new Set(tests.map((test) => test.fact))) {
    const why = contradiction(
      fact,
      tests.filter((test) => test.fact === fact),
    );
    if (why !== null) return why;
  }
  return null;
}

function contradiction(fact: SequenceFact, tests: readonly SequenceTest[]): string | null {
  const asksValue = tests.some(
    ({ known, equals, from, below }) => known === true || [equals, from, below].some(isGiven),
  );
  if (tests.some(({ known }) => known === false) && asksValue) return `${fact} cannot be unknown and have a value`;
  const equals = [...new Set(tests.flatMap((test) => (isGiven(test.equals) ? [bare(test.equals)] : [])))];
  if (equals.length > 1) return `${fact} cannot be ${equals.join(' and ')} at a time`;
  const from = Math.max(...tests.map((test) => test.from ?? Number.NEGATIVE_INFINITY));
  const below = Math.min(...tests.map((test) => test.below ?? Number.POSITIVE_INFINITY));
  const ranged = from !== Number.NEGATIVE_INFINITY || below !== Number.POSITIVE_INFINITY;
  const possible = values[fact] ?? 'words';
  const [only] = equals;
  if (typeof possible === 'string' || Array.isArray(possible)) {
    if (ranged) return `${fact} is no number`;
    const known = Array.isArray(possible) ? (possible as readonly string[]) : null;
    return only === undefined || known === null || known.includes(only) ? null : `${fact} is never ${only}`;
  }
  const { least, most } = possible as { least: number; most: number };
  if (from >= below) return `${fact} cannot be from ${from} and below ${below}`;
  if (from > most || below <= least) return `${fact} is never ${from > most ? `from ${from}` : `below ${below}`}`;
  if (only === undefined) return null;
  const number = Number(only);
  const fits = number >= least && number <= most && number >= from && number < below;
  return fits ? null : `${fact} is never ${only}${ranged ? ' in that range' : ''}`;
}

function isGiven<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function bare(value: string | number): string {
  return String(value).trim().toLowerCase();
}
