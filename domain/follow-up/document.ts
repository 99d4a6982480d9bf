import { Duration } from 'luxon';
import { z } from 'zod';
import { crossChecks, jsonPath, type Problem, warningsOf } from './document-checks.ts';
import { fieldsOf, mergeFields } from './merge.ts';
import type { SequenceDocument } from './sequence.ts';

/** A document as its author writes it; the store gives the version when it is published. */
export type SequenceDraft = Omit<SequenceDocument, 'version'>;

export type ParsedSequence =
  | { readonly ok: true; readonly document: SequenceDraft; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] };

/**
 * Reads a sequence document; this is what `sequences lint` says of a file and what publishing demands.
 * @param json  parsed JSON of any shape; a `version` in it is ignored, for publishing numbers versions
 * @returns     the document, or every problem at once, each with its place; warnings do not keep it from being published
 */
export function parseSequence(json: unknown): ParsedSequence {
  const read = schema.safeParse(json);
  const shape = read.success ? [] : read.error.issues.flatMap(problemsOf);
  // The checks across fields run on whatever can be read, so that an author sees all problems in one go.
  const problems = [...shape, ...crossChecks(json)];
  const warnings = warningsOf(json);
  if (!read.success || problems.length > 0) return { ok: false, problems, warnings };
  const { version: _, $schema: __, ...document } = read.data;
  return { ok: true, document, warnings };
}

/** The JSON Schema (draft 2020-12) of a document, for editors. It knows the shapes; `parseSequence` knows the rest. */
export function sequenceJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return { $schema, title: 'Leadwright follow-up sequence', ...rest };
}

const key = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens, such as first-text');

const offset = z
  .string()
  .max(40)
  .regex(/^P(?=.)(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?$/, {
    error: 'expected an ISO 8601 duration in weeks, days, hours, minutes and seconds, such as PT30M or P1D',
    abort: true,
  })
  .refine((value) => Duration.fromISO(value).as('days') <= 400, 'expected at most 400 days')
  .describe('ISO 8601 duration from the anchor, e.g. PT0S, PT30M, P1D');

/** A text with merge fields. */
function template(what: string, longest: number, lines: 'one line' | 'lines'): z.ZodString {
  return z
    .string()
    .max(longest, `expected at most ${longest} characters`)
    .refine((text) => text.trim() !== '', `expected ${what}, found none`)
    .refine((text) => lines === 'lines' || !/[\r\n]/.test(text), 'expected one line')
    .superRefine((text, context) => {
      const { fields, broken } = fieldsOf(text);
      if (broken) context.addIssue('braces do not pair up; a merge field reads {{contact.firstName|there}}');
      for (const field of fields) {
        if ((mergeFields as readonly string[]).includes(field)) continue;
        context.addIssue(`unknown merge field ${field || '(empty)'}; known are ${mergeFields.join(', ')}`);
      }
    });
}

const taskTitle = template('a title', 120, 'one line');
const taskBody = template('a body', 2_000, 'lines');
const callTaskInstead = z
  .strictObject({ channel: z.literal('call-task'), title: taskTitle, body: taskBody })
  .describe("Takes the message's place where its written consent is missing");

const timing = { key, offset, anchor: z.enum(['enrolment', 'previous']) };

const step = z.discriminatedUnion('channel', [
  z.strictObject({
    ...timing,
    channel: z.literal('sms'),
    body: template('a body', 1_600, 'lines'),
    withoutConsent: callTaskInstead.exactOptional(),
  }),
  z.strictObject({
    ...timing,
    channel: z.literal('email'),
    subject: template('a subject', 200, 'one line'),
    body: template('a body', 20_000, 'lines'),
    withoutConsent: callTaskInstead.exactOptional(),
  }),
  z.strictObject({ ...timing, channel: z.literal('call-task'), title: taskTitle, body: taskBody }),
]);

const schema = z.strictObject({
  $schema: z.string().exactOptional(),
  key,
  version: z.int().min(1).exactOptional().describe('Ignored: publishing numbers the versions'),
  title: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .regex(/^[^\r\n{}]*$/, 'expected one line without braces; operators see it in timers'),
  // An `answer` escapes consent and caps, so no document may claim to be one: code alone sets that purpose.
  purpose: z.literal('solicitation', 'expected solicitation; only code may send an answer'),
  priority: z.int().min(0).max(100).describe('The higher one wins'),
  trigger: z.strictObject({ on: z.enum(['lead.activated', 'operator']) }),
  track: z.enum(['talk', 'appointment']).default('talk'),
  audience: z.array(z.never()).default([]),
  coolDown: z.null().default(null),
  needs: z.array(z.never()).default([]),
  exits: z.array(z.enum(['reply', 'opt-out', 'stop-tag', 'takeover'])),
  steps: z.array(step).min(1).max(100),
});

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = jsonPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => ({ path: jsonPath([...issue.path, name]), message: 'unknown field; remove it' }));
  }
  const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return [{ path, message: missing ? `missing; expected ${issue.expected}` : issue.message }];
}
