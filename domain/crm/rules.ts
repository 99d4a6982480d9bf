import type { Iso, Tier } from '../glossary.ts';
import type { ContactSnapshot } from '../leads/contact.ts';
import type { Qualification, Stage } from '../leads/lead.ts';
import { progress } from '../leads/qualify.ts';
import { type CrmRule, type RuleFact, type RuleTest, ruleFacts } from './rule.ts';

/** What rules look at; a fact that is absent is not known. */
export type RuleFacts = Readonly<Partial<Record<RuleFact, string | number>>>;

/** What the rules that hold ask for. */
export interface RuleOutcome {
  readonly tags: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
  /** Each with the rule that asks for it. */
  readonly workflows: readonly { readonly rule: string; readonly workflow: string }[];
}

/** The lead, as far as rules look at it. */
export interface RuledLead {
  readonly qualification: Qualification;
  readonly snapshot: ContactSnapshot | null;
  readonly tier: Tier | null;
  readonly score: number | null;
  readonly stage: Stage;
  readonly lastEventAt: Iso | null;
}

export function ruleFactsOf(lead: RuledLead): RuleFacts {
  const { qualification, snapshot, tier, score, stage, lastEventAt } = lead;
  const answers = ruleFacts.flatMap((fact) => {
    const value = qualification[fact as keyof Qualification]?.value;
    if (value === undefined || value === '') return [];
    return [[fact, typeof value === 'boolean' ? (value ? 'yes' : 'no') : value] as const];
  });
  return {
    ...Object.fromEntries(answers),
    ...(tier === null ? {} : { tier }),
    // Whole numbers, so that a change behind the decimal point changes nothing in the CRM.
    ...(score === null ? {} : { score: Math.round(score) }),
    stage,
    answered: progress(qualification, snapshot).answered,
    ...(lastEventAt === null ? {} : { lastEventAt }),
  };
}

/**
 * What the rules ask for. Of the rules of one group the first that fits holds, and the others of the group ask for nothing. Where two
 * rules that hold set the same field, the first one's value counts.
 */
export function evaluateRules(rules: readonly CrmRule[], facts: RuleFacts): RuleOutcome {
  const tags = new Map<string, string>();
  const fields: Record<string, string> = {};
  const workflows: { rule: string; workflow: string }[] = [];
  for (const { key, then } of holding(rules, facts)) {
    for (const action of then) {
      if ('workflow' in action) workflows.push({ rule: key, workflow: action.workflow });
      else if ('tag' in action) {
        const tag = filled(action.tag, facts, tagWords);
        if (tag !== null && !tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag);
      } else if (!Object.hasOwn(fields, action.field)) {
        const value = filled(action.value, facts, (text) => text);
        if (value !== null) fields[action.field] = value;
      }
    }
  }
  return { tags: [...tags.values()], fields, workflows };
}

export function holding(rules: readonly CrmRule[], facts: RuleFacts): readonly CrmRule[] {
  const taken = new Set<string>();
  return rules.filter(({ group, when }) => {
    if (group !== null && taken.has(group)) return false;
    if (!when.every((test) => fits(test, facts[test.fact]))) return false;
    if (group !== null) taken.add(group);
    return true;
  });
}

/** Every condition that is named must hold of a fact's value; undefined is a fact that is not known. */
export function fits(
  { known, equals, from, below }: Omit<RuleTest, 'fact'>,
  value: string | number | undefined,
): boolean {
  if (value === undefined) return known === false && equals === undefined && from === undefined && below === undefined;
  if (known === false) return false;
  if (equals !== undefined && String(value).trim().toLowerCase() !== String(equals).trim().toLowerCase()) return false;
  if (from === undefined && below === undefined) return true;
  // What is no number is in no range.
  const number = typeof value === 'number' ? value : Number.NaN;
  if (Number.isNaN(number)) return false;
  return (from === undefined || number >= from) && (below === undefined || number < below);
}

/** The text with its placeholders filled; null where a fact is not known, or nothing is left. */
function filled(text: string, facts: RuleFacts, words: (value: string) => string): string | null {
  const said = (name: string): string => {
    const value = Object.hasOwn(facts, name) ? facts[name as RuleFact] : undefined;
    return value === undefined ? '' : words(String(value));
  };
  const names = [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  if (names.some((name) => said(name) === '')) return null;
  const result = text.replaceAll(/\{(\w+)\}/g, (_placeholder, name: string) => said(name)).trim();
  return result === '' ? null : result;
}

/** A tag is one line without the comma by which the CRM tells tags apart. */
function tagWords(text: string): string {
  return text
    .replaceAll(/[\s,]+/g, ' ')
    .trim()
    .slice(0, 60);
}
