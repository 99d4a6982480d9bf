import type { z } from 'zod';

/** What is wrong with one lead of a request, by its field. Says what was expected, what came and what to do, and repeats no value. */
export interface LeadProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

interface Forms {
  readonly knownLead: z.ZodObject;
  readonly scoreFacts: z.ZodObject;
}

const ids = ['locationId', 'contactId'];

export function problemsOfLead(given: unknown, { knownLead, scoreFacts }: Forms): readonly LeadProblem[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return [
      { path: [], message: `expected an object with locationId and contactId, or with facts, got ${kindOf(given)}` },
    ];
  }
  const keys = Object.keys(given);
  const facts = keys.filter((key) => key !== 'id' && Object.hasOwn(scoreFacts.shape, key));
  const named = keys.some((key) => ids.includes(key));
  if (named && facts.length > 0) {
    const message = `expected a lead's ids alone or facts alone, got both: leave out ${facts.join(', ')}, or the ids`;
    return [{ path: [], message }];
  }
  const form = named ? knownLead : scoreFacts;
  const result = form.safeParse(given);
  return result.success ? [] : result.error.issues.flatMap((issue) => worded(issue, given, Object.keys(form.shape)));
}

function worded(issue: z.core.$ZodIssue, given: object, known: readonly string[]): LeadProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [key],
      message: `expected one of ${known.join(', ')}, got another name: correct it or leave it out`,
    }));
  }
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  const value = path.reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], given);
  return [
    { path, message: `expected ${expectedBy(issue)}, got ${gotBy(issue, value)}: ${remedy(issue, value, path)}` },
  ];
}

function expectedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return words[issue.expected] ?? issue.expected;
    case 'too_small':
      return `a number from ${String(issue.minimum)} on`;
    case 'too_big':
      return issue.origin === 'array'
        ? `at most ${String(issue.maximum)} of them`
        : `at most ${String(issue.maximum)} characters`;
    case 'invalid_format':
      return issue.format === 'datetime' ? 'an instant such as 2026-03-01T12:00:00Z' : 'letters, digits, - and _';
    default:
      return 'another value';
  }
}

function gotBy({ code }: z.core.$ZodIssue, value: unknown): string {
  if (code === 'too_small') return 'a smaller one';
  if (code === 'too_big') return 'more';
  return code === 'invalid_format' ? 'another text' : kindOf(value);
}

function remedy({ code }: z.core.$ZodIssue, value: unknown, path: LeadProblem['path']): string {
  if (ids.includes(String(path[0]))) {
    return value === undefined
      ? 'a stored lead is named by locationId and contactId'
      : 'send the id as the CRM shows it';
  }
  if (code === 'invalid_type' && typeof value === 'string') return 'send it without quotes';
  if (code === 'too_big') return 'send the newest, and leave out the rest';
  return 'correct it, or leave the field out where it is not known';
}

const words: Readonly<Record<string, string>> = { number: 'a number', string: 'a text', array: 'a list' };

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : 'a number that is too large';
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? 'a text' : 'an object';
}
