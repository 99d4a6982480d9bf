import { Duration } from 'luxon';
import { smsSegments } from './segments.ts';

/** `path` as in JSONPath, e.g. `$.steps[1].subject`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

const longestDays = 400;

/**
 * What holds between the fields of a document: unique step and exit names, the total length, and the opt-out line
 * of the first text. Reads JSON of any shape and passes over what is not there, for the schema has told of it.
 */
export function crossChecks(json: unknown): Problem[] {
  const steps = stepsOf(json);
  return [...duplicates(json, steps), ...times(steps).problems, ...optOutLine(steps)];
}

/** What an author should look at again, though it may be published. */
export function warningsOf(json: unknown): Problem[] {
  const steps = stepsOf(json);
  return [...times(steps).warnings, ...textWarnings(steps)];
}

function textWarnings(steps: readonly Loose[]): Problem[] {
  const texts = steps.flatMap((step, index) => (step['channel'] === 'sms' ? [{ step, index }] : []));
  return texts.flatMap(({ step, index }, nth) => {
    const { body } = step;
    if (typeof body !== 'string') return [];
    const path = jsonPath(['steps', index, 'body']);
    const warnings: Problem[] = [];
    const { encoding, segments } = smsSegments(typicalLength(body));
    if (segments > 1) warnings.push({ path, message: `about ${segments} segments in ${encoding}; each is billed` });
    if (nth === 0 && !/\{\{\s*location\.name\s*[|}]/.test(body)) {
      warnings.push({ path, message: 'the first text should name its sender: {{location.name}}' });
    }
    return warnings;
  });
}

/** `$.steps[1].subject` */
export function jsonPath(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => {
    if (typeof part === 'number') return `[${part}]`;
    const name = String(part);
    return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  });
  return `$${parts.join('')}`;
}

type Loose = Readonly<Record<string, unknown>>;

function duplicates(json: unknown, steps: readonly Loose[]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, number>();
  steps.forEach(({ key }, index) => {
    if (typeof key !== 'string') return;
    const before = seen.get(key);
    if (before === undefined) seen.set(key, index);
    else problems.push({ path: jsonPath(['steps', index, 'key']), message: `already the key of steps[${before}]` });
  });
  const exits = isObject(json) && Array.isArray(json['exits']) ? json['exits'] : [];
  exits.forEach((exit, index) => {
    if (exits.indexOf(exit) < index) problems.push({ path: jsonPath(['exits', index]), message: 'named twice' });
  });
  return problems;
}

/** Steps run in their order: one anchored to the enrolment that lies before the one ahead of it waits for that one. */
function times(steps: readonly Loose[]): { problems: Problem[]; warnings: Problem[] } {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  let earliest = 0;
  steps.forEach(({ offset, anchor }, index) => {
    const days = typeof offset === 'string' ? Duration.fromISO(offset).as('days') : Number.NaN;
    if (Number.isNaN(days)) return;
    const at = anchor === 'previous' ? earliest + days : days;
    const path = jsonPath(['steps', index, 'offset']);
    if (at < earliest) warnings.push({ path, message: 'lies before the step ahead of it, and will wait for that one' });
    if (at > longestDays && earliest <= longestDays && days <= longestDays) {
      problems.push({ path, message: `runs beyond ${longestDays} days after the enrolment` });
    }
    earliest = Math.max(earliest, at);
  });
  return { problems, warnings };
}

/** The first text says how to stop: CTIA Messaging Principles 5.1.2; 47 CFR 64.1200(a)(10) makes STOP binding. */
function optOutLine(steps: readonly Loose[]): Problem[] {
  const index = steps.findIndex(({ channel }) => channel === 'sms');
  const body = steps[index]?.['body'];
  if (typeof body !== 'string' || /\b(?:reply|text|send)\s+["']?stop\b/i.test(body)) return [];
  const message = 'the first text must say how to opt out, for example: Reply STOP to opt out.';
  return [{ path: jsonPath(['steps', index, 'body']), message }];
}

/** Each merge field stands for about a dozen letters, long enough for most names. */
function typicalLength(body: string): string {
  return body.replace(/\{\{[^{}]*\}\}/g, 'x'.repeat(12));
}

function stepsOf(json: unknown): Loose[] {
  const steps = isObject(json) ? json['steps'] : undefined;
  return Array.isArray(steps) ? steps.map((step) => (isObject(step) ? step : {})) : [];
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
