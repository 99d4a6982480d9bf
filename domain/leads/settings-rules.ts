import { z } from 'zod';
import { type CrmRule, defaultRules, ruleFacts } from '../crm/rule.ts';

const text = z.string().trim().min(1).max(100);

const test = z
  .strictObject({
    fact: z.enum(ruleFacts),
    known: z.boolean().exactOptional(),
    equals: z.union([text, z.number()]).exactOptional(),
    from: z.number().exactOptional().describe('inclusive'),
    below: z.number().exactOptional().describe('exclusive'),
  })
  .superRefine(({ fact: _, ...conditions }, context) => {
    if (Object.keys(conditions).length === 0) context.addIssue('expected known, equals, from or below');
    const { from, below } = conditions;
    if (from !== undefined && below !== undefined && from >= below) context.addIssue('expected from to be under below');
  });

/** Words with facts in braces, which are taken as they stand: neither patterns nor arithmetic. */
const template = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .superRefine((words, context) => {
    for (const [, name = ''] of words.matchAll(/\{([^{}]*)\}/g)) {
      if (!ruleFacts.some((fact) => fact === name))
        context.addIssue(`expected a fact in braces: ${ruleFacts.join(', ')}`);
    }
    if (/[{}]/.test(words.replaceAll(/\{[^{}]*\}/g, '')))
      context.addIssue('expected braces in pairs, around one fact each');
  });

/** A location's list of tags only grows: an instant in one would be another tag for every event. */
const tagTemplate = template.refine((words) => !words.includes('{lastEventAt}'), 'expected no instant in a tag');

export const fieldKey = z
  .string()
  .max(200)
  .regex(/^contact\.[A-Za-z0-9_]+$/, 'expected the key of a custom field of contacts, such as contact.budget');

export const workflowName = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,59}$/, 'expected a name, such as notifyAgent');

const action = z.union(
  [
    z.strictObject({ tag: tagTemplate }),
    z.strictObject({ field: fieldKey, value: template }),
    z.strictObject({ workflow: workflowName }),
  ],
  {
    error:
      'expected {"tag"}, {"field","value"} or {"workflow"}; facts in braces must be known, and no tag has lastEventAt',
  },
);

export const rulesSchema = z
  .array(
    z.strictObject({
      key: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'expected lower-case letters, digits and hyphens'),
      group: text.nullable().describe('of one group the first rule that fits holds'),
      when: z.array(test).max(20).describe('all of them'),
      then: z.array(action).min(1).max(20),
    }),
  )
  .max(200)
  .superRefine((rules, context) => {
    rules.forEach(({ key }, index) => {
      if (rules.findIndex((other) => other.key === key) !== index) {
        context.addIssue({ code: 'custom', path: [index, 'key'], message: 'expected a key that no rule before has' });
      }
    });
  });

/** Names of GHL workflows that the first rules use: known from the beginning, whether or not a location has such a workflow. */
const firstNames = new Set(defaultRules.flatMap(workflowsOf));

/** Names that rules use and that lead nowhere, each with its place. */
export function unknownWorkflows(
  rules: readonly CrmRule[],
  workflows: Readonly<Record<string, string>>,
): { readonly path: string; readonly name: string }[] {
  return rules.flatMap((rule, index) =>
    workflowsOf(rule)
      .filter((name) => !Object.hasOwn(workflows, name) && !firstNames.has(name))
      .map((name) => ({ path: `rules.${index}.then`, name })),
  );
}

export function workflowsOf({ then }: CrmRule): string[] {
  return then.flatMap((one) => ('workflow' in one ? [one.workflow] : []));
}
