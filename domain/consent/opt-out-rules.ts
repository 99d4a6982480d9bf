import { clauses, firstWishes, hints } from './opt-out-clauses.ts';
import { bareStop, doubtful } from './opt-out-doubtful.ts';
import { english } from './opt-out-english.ts';
import { legal } from './opt-out-legal.ts';
import { negated } from './opt-out-negated.ts';
import { ordinary } from './opt-out-ordinary.ts';
import { wrongPerson } from './opt-out-person.ts';
import type { OptOutRule } from './opt-out-rule.ts';
import { spanish } from './opt-out-spanish.ts';
import { wishes } from './opt-out-wishes.ts';

/**
 * What people write to opt out, what only sounds like it, and what may mean it; in the order in which the rules are tried: first what
 * negates or quotes, then everyday uses, then plain wishes, at last what only a person can judge.
 */
export const rules: readonly OptOutRule[] = [
  ...negated,
  ...firstWishes,
  ...ordinary,
  ...english,
  ...legal,
  ...wishes,
  ...spanish,
  ...wrongPerson,
  ...clauses,
  ...doubtful,
  ...hints,
  ...bareStop,
];
