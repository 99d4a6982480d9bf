import { questions } from '../../leads/lead.ts';
import { readFinancing } from '../../leads/read-financing.ts';
import type { SeenLead } from './lead-history.ts';
import type { Feature } from './registry.ts';
import { amount, percent } from './say.ts';
import { viewedPriceOf } from './site-features.ts';

/** What the lead has answered; of budget and timeline also what the team's own fields say where the lead has not. */
const ofAnswers = {
  version: 1,
  type: 'number',
  unit: 'count',
  source: 'leads.qualification',
  freshHours: null,
  knownAt: 'contact',
  fairHousing: 'allowed',
  owner: 'scoring',
} as const;

export const answerFeatures: readonly Feature<SeenLead>[] = [
  {
    ...ofAnswers,
    name: 'questionsAnswered',
    fairHousing: 'watched',
    words: { topic: 'our questions answered', say: (value) => `answered ${Number(value)} of our seven questions` },
    read: ({ answers }) => questions.filter((question) => answers[question] !== undefined).length,
  },
  {
    ...ofAnswers,
    name: 'budget',
    version: 2,
    source: 'leads.qualification, leads.snapshot',
    unit: 'dollars',
    fairHousing: 'watched',
    words: {
      topic: 'budget',
      say: (value) => `has a budget of ${amount(Number(value))}`,
      ask: 'What price range do you have in mind?',
    },
    read: budgetOf,
  },
  {
    ...ofAnswers,
    name: 'moveTimeline',
    version: 2,
    source: 'leads.qualification, leads.snapshot',
    type: 'category',
    levels: ['immediate', 'soon', 'exploring'],
    unit: 'word',
    words: {
      topic: 'timeline',
      say: (value) => timelineWords[value] ?? String(value),
      ask: 'How soon would you like to move?',
    },
    read: ({ answers, fields }) => wordOf(answers.timeline?.value ?? fields.timeline),
  },
  {
    ...ofAnswers,
    name: 'financingPlan',
    version: 2,
    type: 'category',
    levels: ['yes', 'no'],
    unit: 'word',
    words: {
      topic: 'a plan for the money',
      say: (value) => (value === 'yes' ? 'has a plan for the money' : 'has no plan for the money yet'),
      // Whether, never which: a loan programme may tell what we must not know.
      ask: 'Is the financing arranged already?',
    },
    read: ({ answers }) => yesNo(answers.financing?.value),
  },
  {
    ...ofAnswers,
    name: 'side',
    type: 'category',
    levels: ['buy', 'sell'],
    unit: 'word',
    words: {
      topic: 'buying or selling',
      say: (value) => `wants to ${value}`,
      ask: 'Are you looking to buy or to sell?',
    },
    read: ({ answers }) => wordOf(answers.side?.value),
  },
  {
    ...ofAnswers,
    name: 'budgetFit',
    version: 2,
    unit: 'share',
    source: 'leads.qualification, leads.snapshot, analytics_events',
    fairHousing: 'watched',
    words: {
      topic: 'budget against prices viewed',
      say: (value) => `budget and prices viewed fit to ${percent(Number(value))}`,
    },
    read: (seen) => {
      const budget = budgetOf(seen);
      const viewed = viewedPriceOf(seen);
      return budget === null || viewed === null ? null : Math.min(budget, viewed) / Math.max(budget, viewed);
    },
  },
];

const timelineWords: Readonly<Record<string, string>> = {
  immediate: 'wants to move within a month',
  soon: 'wants to move within half a year',
  exploring: 'is in no hurry',
};

function positive(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}

/** Stored as one of the levels; anything else is not known. */
function wordOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function budgetOf({ answers, fields }: SeenLead): number | null {
  return positive(answers.budget?.value) ?? positive(fields.budget);
}

/** Also where a text tells which plan it is: all that is kept of it is that there is one. What the reader of answers does not understand is not known. */
function yesNo(value: unknown): 'yes' | 'no' | null {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (/^none$/i.test(text)) return 'no';
  const read = readFinancing(text, true);
  return read === null ? null : read ? 'yes' : 'no';
}
