import { Duration } from 'luxon';
import { z } from 'zod';
import { ruleFacts } from '../crm/rule.ts';
import { fieldKey, workflowName } from '../leads/settings-rules.ts';
import { changeKinds } from '../market/listing.ts';
import { fieldsOf, mergeFields } from './merge.ts';
import { sequenceNeeds, sequenceTracks, talkFacts } from './sequence.ts';

export const longestDays = 400;

const key = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens, such as first-text')
  .meta({ id: 'key' });

/** Months and years have no length of their own, so they are no durations here. */
const duration = z
  .string()
  .max(40)
  .regex(/^P(?=.)(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?$/, {
    error: 'expected an ISO 8601 duration in weeks, days, hours, minutes and seconds, such as PT30M or P1D',
    abort: true,
  })
  .refine((value) => Duration.fromISO(value).as('days') <= longestDays, `expected at most ${longestDays} days`)
  .meta({ id: 'duration', description: 'ISO 8601 duration, e.g. PT0S, PT30M, P1D' });

const positive = duration
  .refine((value) => Duration.fromISO(value).toMillis() > 0, 'expected more than nothing')
  .meta({ id: 'positiveDuration', description: 'ISO 8601 duration above zero' });

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

const word = z.string().trim().min(1).max(100);

const test = z
  .strictObject({
    fact: z.enum([...ruleFacts, ...talkFacts]),
    known: z.boolean().exactOptional(),
    equals: z.union([word, z.number()]).exactOptional().describe('Capitals do not matter'),
    from: z.number().exactOptional().describe('Inclusive'),
    below: z.number().exactOptional().describe('Exclusive'),
  })
  .superRefine(({ fact: _, ...conditions }, context) => {
    if (Object.keys(conditions).length === 0) context.addIssue('expected known, equals, from or below');
  })
  .meta({ id: 'test', description: 'A fact that is not known fits nothing but "known": false' });

const tests = z.array(test).max(20);

const timing = {
  key,
  offset: duration.describe('From the anchor'),
  anchor: z
    .enum(['enrolment', 'previous', 'event'])
    .describe('event: the beginning of the appointment or of the open house'),
  side: z.enum(['before', 'after']).exactOptional().describe('Of the event, where that is the anchor'),
  when: tests.min(1).exactOptional().describe('All of them, looked at when the step falls due; else it is skipped'),
  lapsesAfter: positive.exactOptional().describe('Too late to go out so long after its time'),
};

const taskTitle = template('a title', 120, 'one line');
const taskBody = template('a body', 2_000, 'lines');
const withoutConsent = z
  .strictObject({ channel: z.literal('call-task'), title: taskTitle, body: taskBody })
  .meta({ id: 'withoutConsent', description: "Takes the message's place where its written consent is missing" })
  .exactOptional();

/** The CRM tells tags apart by commas. */
const tag = word.regex(/^[^,{}\r\n]*$/, 'expected one tag, without commas and braces');
const tags = z.array(tag).min(1).max(20).exactOptional();

const step = z.discriminatedUnion('channel', [
  z.strictObject({ ...timing, channel: z.literal('sms'), body: template('a body', 1_600, 'lines'), withoutConsent }),
  z.strictObject({
    ...timing,
    channel: z.literal('email'),
    subject: template('a subject', 200, 'one line'),
    body: template('a body', 20_000, 'lines'),
    withoutConsent,
  }),
  z.strictObject({ ...timing, channel: z.literal('call-task'), title: taskTitle, body: taskBody }),
  z.strictObject({ ...timing, channel: z.literal('agent-notice'), title: taskTitle, body: taskBody }),
  z.strictObject({
    ...timing,
    channel: z.literal('ghl-workflow'),
    workflow: workflowName.describe("One of the settings' workflows"),
  }),
  z.strictObject({ ...timing, channel: z.literal('tag'), add: tags, remove: tags }),
  z.strictObject({
    ...timing,
    channel: z.literal('field'),
    field: fieldKey,
    value: template('a value', 500, 'one line'),
  }),
  z.strictObject({
    ...timing,
    channel: z.literal('stage'),
    // The other two follow from what a lead does and from nothing that we plan.
    stage: z.enum(['new', 'engaged', 'qualifying', 'qualified']),
  }),
]);

const trigger = z.discriminatedUnion('on', [
  z.strictObject({ on: z.literal('lead.activated') }),
  z.strictObject({ on: z.literal('operator') }),
  z.strictObject({ on: z.literal('silence'), after: positive }),
  z.strictObject({ on: z.literal('tier'), becomes: z.enum(['hot', 'warm', 'cold']) }),
  z.strictObject({ on: z.literal('appointment.booked') }),
  z.strictObject({
    on: z.literal('listing'),
    change: z
      .array(z.enum(changeKinds))
      .min(1)
      .describe('News of homes of one of these kinds; an open house stands alone'),
  }),
]);

/** The shapes of a document; what holds between its fields is checked elsewhere. */
export const documentSchema = z.strictObject({
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
  purpose: z.literal('solicitation', 'expected solicitation; only code may send an answer').default('solicitation'),
  priority: z.int().min(0).max(100).describe('Of the sequences of one track the highest one runs'),
  track: z.enum(sequenceTracks).default('talk'),
  trigger: trigger.describe('What makes it begin; a person may begin every sequence'),
  optIn: z.literal(true).exactOptional().describe('Begins by itself only in locations whose settings turn it on'),
  audience: tests.default([]).describe('All of them must hold for the trigger to begin it'),
  coolDown: duration.nullable().default(null).describe('From its last begin to the next; null: once in a life'),
  needs: z.array(z.enum(sequenceNeeds)).default([]).describe('Systems without which it does not begin'),
  exits: z
    .array(z.enum(['reply', 'opt-out', 'stop-tag', 'takeover', 'booking', 'qualified', 'closed']))
    .describe('What ends it at once'),
  steps: z.array(step).min(1).max(100),
});
