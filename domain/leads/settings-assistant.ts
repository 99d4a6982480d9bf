import { z } from 'zod';
import type { ReplyFacts } from '../assistant/reply/facts.ts';
import { judged } from '../assistant/reply/judge.ts';
import { languageOf } from '../assistant/reply/language.ts';
import { unstableIn } from '../assistant/stable.ts';
import { usStates } from '../consent/us-states.ts';
import type { AssistantChoices } from './settings.ts';

const sentence = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^{}\p{Cc}\p{Cs}]*$/u, 'expected one line without braces and without characters that nobody sees')
  .regex(
    /^(?!.*(?:@|https?:|www\.|\d{3}[ .-]?\d{4}|\d{3}-\d{2}-\d{4}))/,
    'expected no number, link or address by which somebody is reached',
  );

/** What every call of the location shares, and what is said in its name: stable, nobody's data, and able to pass the gates of replies. */
export const assistantSchema: z.ZodType<AssistantChoices> = z
  .strictObject({
    facts: z.array(sentence).max(40).describe('sentences that may be said as they stand'),
    areas: z
      .array(
        z
          .string()
          .trim()
          .min(1)
          .max(60)
          .regex(/^\p{L}[\p{L}\p{M}'’. -]*$/u, 'expected the name of a place'),
      )
      .max(60),
    states: z.array(z.enum(usStates as [AssistantChoices['states'][number]])).max(usStates.length),
    debounceSeconds: z.number().int().min(0).max(600),
    longestWaitSeconds: z.number().int().min(0).max(1_800).describe('an answer counts as one for an hour'),
    holdingText: sentence.nullable().describe('said while a person is asked; null: our own words'),
    leadDollarsPer30Days: z.number().min(0).max(1_000),
  })
  .superRefine((choices, context) => {
    const problem = (path: readonly (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path: [...path], message });
    if (choices.debounceSeconds > choices.longestWaitSeconds)
      problem(['longestWaitSeconds'], 'expected no less than debounceSeconds');
    choices.facts.forEach((fact, at) => {
      const [what] = unstableIn(fact);
      if (what !== undefined)
        problem(['facts', at], `expected nothing that changes by itself, got what looks like: ${what}`);
      const gate = blockedBy(fact, choices);
      if (gate !== null) problem(['facts', at], `expected a sentence that replies may hold; it is stopped by ${gate}`);
    });
    const gate = choices.holdingText === null ? null : blockedBy(choices.holdingText, choices);
    if (gate !== null) problem(['holdingText'], `expected words that replies may hold; they are stopped by ${gate}`);
  });

/** The gate that would not let the words out, with what it found; null: none. */
function blockedBy(
  text: string,
  { facts, areas, states }: Pick<AssistantChoices, 'facts' | 'areas' | 'states'>,
): string | null {
  const language = languageOf(text);
  const draft = { text, question: 'none', language: language === 'unclear' ? 'en' : language, human: false } as const;
  const verdict = judged(draft, { ...nobody, location: { ...nobody.location, facts, areas, states } });
  return verdict.ok ? null : `the gate ${verdict.gate}: ${verdict.reasons.map(({ code }) => code).join(', ')}`;
}

/** Whoever may be answered, of whom nothing is known. */
const nobody: ReplyFacts = {
  location: {
    ...{ name: 'The team', timezone: null, teamHours: {}, phone: null, address: null, tone: 'plain' },
    ...{ facts: [], areas: [], states: [], holdingText: null },
  },
  ...{ channel: 'sms', state: 'active', optedOut: false, agentName: null, message: '', listings: [], slots: [] },
  lead: { firstName: null, timezone: null },
  ...{ question: null, firstReply: true, firstText: false, now: '2000-01-01T00:00:00.000Z' },
};
