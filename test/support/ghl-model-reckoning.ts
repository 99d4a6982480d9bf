import type { CrmRule, RuleFact } from '../../domain/crm/rule.ts';
import type { Text } from './ghl-model-story.ts';

/** The parts of the model that reckon: rules, score and stage, each written from its document. */

export type Facts = Partial<Record<RuleFact, string | number>>;

export interface Message {
  readonly from: 'lead' | 'team';
  readonly text: Text | null;
}

/** What of a contact decides. */
export interface Deciding {
  readonly source: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly talk: readonly Message[];
  readonly answers: Facts;
  readonly sells: boolean;
  readonly optedOut: boolean;
}

/** Of one group the first rule that fits; of no group each that fits. */
export function holdingRules(rules: readonly CrmRule[], facts: Facts): CrmRule[] {
  const taken = new Set<string>();
  return rules.filter((rule) => {
    if (rule.group !== null && taken.has(rule.group)) return false;
    const fits = rule.when.every((test) => {
      const fact = facts[test.fact];
      if (fact === undefined) return test.known === false;
      if (test.known === false) return false;
      if (test.equals !== undefined && fact !== test.equals) return false;
      if (test.from !== undefined && !(Number(fact) >= test.from)) return false;
      return test.below === undefined || Number(fact) < test.below;
    });
    if (fits && rule.group !== null) taken.add(rule.group);
    return fits;
  });
}

/** The text with its facts in it; nothing at all while one of them is not known. */
export function filled(template: string, facts: Facts): string[] {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as RuleFact);
  if (names.some((name) => facts[name] === undefined)) return [];
  return [template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => String(facts[name as RuleFact]))];
}

const questions = ['budget', 'location', 'timeline', 'property', 'financing', 'motivation'] as const;

export function answered({ answers, sells }: Deciding): number {
  return [...questions, ...(sells ? (['condition'] as const) : [])].filter((one) => answers[one] !== undefined).length;
}

export function stageOf(contact: Deciding): string {
  if (contact.optedOut) return 'opted-out';
  const count = answered(contact);
  if (count === questions.length + (contact.sells ? 1 : 0)) return 'qualified';
  if (count > 0) return 'qualifying';
  return contact.talk.some(({ from }) => from === 'lead') ? 'engaged' : 'new';
}

/** The table of docs/scoring.md. What nothing in a story tells (e-mails, viewed prices) is missing. */
export function scored({ talk, answers, source: from, fields }: Deciding): {
  score: number;
  tier: 'hot' | 'warm' | 'cold';
} {
  const hurry = { immediate: 1, soon: 0.7, exploring: 0.3 }[String(answers.timeline)];
  const texts = talk.flatMap(({ text }) => (text === null ? [] : [text]));
  const quality = texts.map(({ words, number }) => {
    const questioned = Math.min(1, words.split('?').length - 1 === 0 ? 0 : (words.split('?').length - 1) / 3);
    return 0.3 * Math.min(1, words.length / 200) + 0.4 * questioned + (number ? 0.3 : 0);
  });
  const [views, matches] = ['contact.page_views', 'contact.property_matches'].map((key) => fields[key]);
  const source = { referral: 1, 'organic search': 0.9, 'paid ad': 0.6 }[from];
  // Everything in a story happens within the hour.
  const answersToUs = talk.some((message, at) => message.from === 'lead' && talk[at - 1]?.from === 'team')
    ? 1
    : undefined;
  const features: readonly (readonly [weight: number, value: number | undefined])[] = [
    [0.15, answersToUs],
    [0.15, hurry],
    [0.1, views === undefined ? undefined : Math.min(1, Number(views) / 20)],
    [0.08, matches === undefined ? undefined : Math.min(1, Number(matches) / 10)],
    [0.1, quality.length === 0 ? undefined : quality.reduce((sum, one) => sum + one, 0) / quality.length],
    [0.02, source],
  ];
  const known = features.filter((feature): feature is readonly [number, number] => feature[1] !== undefined);
  // In 32 bits, as models compute: the sums of a story now and then come within a millionth of what is rounded the other way.
  const { fround } = Math;
  const logOdds = known.reduce(
    (sum, [weight, value]) => sum + fround(fround(fround(value) - 0.5) * fround(10 * weight)),
    0,
  );
  const confidence = 0.3 + 0.65 * known.reduce((sum, [weight]) => sum + weight, 0);
  const score = 100 / (1 + Math.exp(-logOdds));
  const bar = confidence < 0.5 ? 10 : 0;
  return { score, tier: score >= 70 + bar ? 'hot' : score >= 50 + bar ? 'warm' : 'cold' };
}
