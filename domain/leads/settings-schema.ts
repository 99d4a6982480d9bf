import { DateTime, Duration } from 'luxon';
import { z } from 'zod';
import { mostSolicitations } from '../consent/checks.ts';
import { consentChannels } from '../consent/ledger.ts';
import { textVersion } from '../consent/texts.ts';
import { federal } from '../consent/quiet-hours.ts';
import { postalAddress } from './settings-address.ts';
import { assistantSchema } from './settings-assistant.ts';
import { marketSchema } from './settings-market.ts';
import { fieldKey, rulesSchema, unknownWorkflows, workflowName } from './settings-rules.ts';
import { clashingTags } from './settings-tags.ts';
import { changedChoices, type LocationSettings, scoreFieldNames, type SettingsChanges, weekdays } from './settings.ts';

/** Who of an agency decides; nobody else should change it without asking. */
export const owners = ['operations', 'team lead', 'compliance', 'developer'] as const;
export type Owner = (typeof owners)[number];

interface Choice<T> {
  readonly owner: Owner;
  readonly means: string;
  readonly schema: z.ZodType<T>;
}

const id = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, 'expected an id of the CRM: letters, digits, - and _');
const tag = z.string().trim().min(1).max(100);
const tags = z.array(tag).max(50);
const words = z.string().trim().min(1).max(200);
const agreed = {
  text: z.string().regex(textVersion, 'expected a version as web-form-2026').describe('version of a consent text'),
  channels: z.array(z.enum(consentChannels)).min(1).max(3),
};
const consentSource = z.union([
  z.strictObject({ tag, ...agreed }),
  z.strictObject({ form: words.describe('the contact’s source'), ...agreed }),
  z.strictObject({ field: fieldKey, equals: words, ...agreed }),
]);
const hhmm = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected HH:MM');
const e164 = z.string().regex(/^\+[1-9]\d{7,14}$/, 'expected a number as +18135550142');
const named = z.record(workflowName, id);
const day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/, 'expected a day as 2026-12-25')
  .refine((text) => DateTime.fromISO(text).isValid, 'expected a day of the calendar');

const duration = z
  .string()
  .max(20)
  .regex(/^P(?=.)(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?)?$/, {
    error: 'expected an ISO 8601 duration of days, hours and minutes, such as P2D or PT12H',
    abort: true,
  })
  .refine((text) => Duration.fromISO(text).as('hours') >= 1, 'expected an hour at least')
  .refine((text) => Duration.fromISO(text).as('days') <= 365, 'expected a year at most');

/** HH:MM of equal length compare as text. */
const hours = z
  .strictObject({ from: hhmm, to: hhmm })
  .refine(({ from, to }) => from < to, 'expected from to be before to, on the same day');

const assignment = z
  .strictObject({
    mode: z.enum(['off', 'round-robin', 'claim']),
    agents: z.array(id).max(200).describe('user ids of the CRM, in turn'),
    from: z.enum(['new', 'warm', 'hot']).describe('when a lead is first given away'),
    reactWithinMinutes: z.number().int().min(1).max(10_080).nullable().describe('of team hours; null: never asked'),
    escalateTo: id.nullable().describe('who gets the lead then; null: the next in turn'),
  })
  .superRefine(({ mode, agents, reactWithinMinutes, escalateTo }, context) => {
    const problem = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (mode !== 'off' && agents.length === 0)
      problem('agents', 'expected at least one agent while leads are assigned');
    if (new Set(agents).size < agents.length) problem('agents', 'expected each agent once');
    if (escalateTo !== null && reactWithinMinutes === null)
      problem('reactWithinMinutes', 'expected minutes after which a lead is escalated');
  });

/** Every choice of a location: whose it is, what it means, what it may be. Its default stands in `defaultSettings`. */
export const choices: { readonly [K in keyof LocationSettings]: Choice<LocationSettings[K]> } = {
  activationTags: {
    owner: 'operations',
    means: 'Act only on contacts with one of these tags, however they are capitalised.',
    schema: tags,
  },
  stopTags: { owner: 'operations', means: 'Never act on contacts with one of these tags.', schema: tags },
  tierTags: {
    owner: 'team lead',
    means: 'The tag that shows each tier in the CRM.',
    schema: z.strictObject({ hot: tag, warm: tag, cold: tag }),
  },
  consentTags: {
    owner: 'compliance',
    means: 'Tags that record written consent, with the channels that they record it for. Empty: nobody is messaged.',
    schema: z.record(tag, z.array(z.enum(['sms', 'email'])).max(2)),
  },
  consentSources: {
    owner: 'compliance',
    means:
      'Tags, forms and custom fields that record consent, each with the version of the text that was agreed to and its channels.',
    schema: z.array(consentSource).max(50),
  },
  boughtLeads: {
    owner: 'compliance',
    means: 'Tags and sources of bought lists: such leads are called by people, and never written to.',
    schema: z.strictObject({ tags, sources: z.array(words).max(50) }),
  },
  customFields: {
    owner: 'operations',
    means: 'Keys of the custom fields that hold score and tier.',
    schema: z.strictObject({ score: fieldKey, tier: fieldKey }),
  },
  scoreFields: {
    owner: 'operations',
    means: 'Facts of the score that the team keeps in custom fields, and the keys of those.',
    schema: z.partialRecord(z.enum(scoreFieldNames), fieldKey),
  },
  rules: {
    owner: 'operations',
    means: 'Tags, fields and workflows that follow from what a lead has answered.',
    schema: rulesSchema,
  },
  pipeline: {
    owner: 'team lead',
    means: 'The pipeline in which leads stand, and its stage for each of ours. Null: opportunities are left alone.',
    schema: z
      .strictObject({
        pipelineId: id,
        stages: z.partialRecord(z.enum(['new', 'engaged', 'qualifying', 'qualified', 'opted-out', 'gone']), id),
        backwards: z.boolean().describe('false: opportunities are only moved forward'),
      })
      .nullable(),
  },
  workflows: {
    owner: 'operations',
    means: 'Names that rules use for workflows of the CRM, and the ids of those.',
    schema: named,
  },
  calendars: { owner: 'operations', means: 'What is booked, and the id of its calendar.', schema: named },
  assignment: {
    owner: 'team lead',
    means: 'Who of the team a lead is given to, if it is nobody’s.',
    schema: assignment,
  },
  teamHours: {
    owner: 'team lead',
    means: 'When the team works, in the zone of the office. A day that is not named is off.',
    schema: z.partialRecord(z.enum(weekdays), hours),
  },
  holidays: { owner: 'team lead', means: 'Days on which nobody of the team works.', schema: z.array(day).max(400) },
  senderNumbers: {
    owner: 'operations',
    means: 'Numbers that texts go out from: one for all, or one for the leads of an agent. Null: the CRM chooses.',
    schema: z.strictObject({ standard: e164.nullable(), byAgent: z.record(id, e164) }),
  },
  postalAddress: {
    owner: 'compliance',
    means:
      'Postal address of the team, as it stands in e-mails: street, or a post-office box, city, state and ZIP code. Null: no e-mail that solicits goes out.',
    schema: postalAddress.nullable(),
  },
  agentVoice: {
    owner: 'team lead',
    means: 'How messages sign and sound.',
    schema: z.strictObject({
      signature: z.string().trim().min(1).max(200).nullable(),
      tone: z.enum(['plain', 'warm']),
    }),
  },
  budgets: {
    owner: 'operations',
    means: 'The most that language models may cost in a day, in US dollars. 0: nothing.',
    schema: z.strictObject({ modelDollarsPerDay: z.number().min(0).max(10_000) }),
  },
  modes: {
    owner: 'compliance',
    means: 'What becomes of a drafted reply: `draft` leaves it to a person, `auto` sends it, `off` drafts none.',
    schema: z.strictObject({ replies: z.enum(['off', 'draft', 'auto']) }),
  },
  assistant: {
    owner: 'team lead',
    means:
      'What the assistant may say of the team and where it works, how long it waits for more, and what it may cost for one lead; see docs/assistant.md.',
    schema: assistantSchema,
  },
  market: {
    owner: 'compliance',
    means:
      'The MLS feeds that the location is licensed to use, what each licence allows, and how often leads hear of listings; see docs/market.md.',
    schema: marketSchema,
  },
  activityObjects: {
    owner: 'developer',
    means: 'Custom objects of the CRM whose records are behaviour of leads, by key of the object.',
    schema: z.record(
      z.string().min(1).max(100),
      z.strictObject({
        kind: z.string().min(1).max(60).describe('one of the behaviour kinds, such as property.view'),
        contact: z.string().min(1).max(100).describe('property with the contact’s id, address or number'),
        listing: z.string().min(1).max(100).exactOptional().describe('property with the key of the listing'),
      }),
    ),
  },
  quietHours: {
    owner: 'compliance',
    means: 'Hours in which messages may go out, in the contact’s zone; they narrow what the law allows.',
    schema: hours
      .refine(({ from }) => from >= federal.from, { path: ['from'], error: `expected ${federal.from} at the earliest` })
      .refine(({ to }) => to <= federal.to, { path: ['to'], error: `expected ${federal.to} at the latest` }),
  },
  sequences: {
    owner: 'team lead',
    means:
      'Which sequences begin by themselves: {"no-response": true}. One that is not named begins unless its document waits to be turned on, as all that ship with the product do but the welcome. People may enrol a lead in every one.',
    schema: z.record(z.string().min(1).max(60), z.boolean()),
  },
  takeoverEndsAfter: {
    owner: 'team lead',
    means:
      'A person’s takeover of a lead is over so long after anybody of the team last wrote to it, such as P2D. Null: only a person ends it.',
    schema: duration.nullable(),
  },
  capPer24h: {
    owner: 'compliance',
    means: 'Solicitations that a person may get in any 24 hours.',
    schema: z.number().int().min(0).max(mostSolicitations),
  },
  answersAtNight: {
    owner: 'compliance',
    means: 'Whether a message of theirs is answered at any hour. False: answers keep to the sending hours.',
    schema: z.boolean(),
  },
  sendingHealth: {
    owner: 'compliance',
    means:
      'Shares of the messages of 24 hours that may fail, be answered with an opt-out or be complained of, and from how many on they count. Above one, sending on that channel pauses until a person lifts it.',
    schema: z.strictObject({
      failureRate: z.number().gt(0).max(1).describe('GHL stops a location’s texts at 0.125'),
      optOutRate: z.number().gt(0).max(1),
      complaintRate: z.number().gt(0).max(1),
      leastSent: z.number().int().min(1).max(100_000),
    }),
  },
  newNumberSince: {
    owner: 'operations',
    means: 'First day of a number that is new to carriers: its texts become more from day to day. Null: none is new.',
    schema: day.nullable(),
  },
  openingJitterSeconds: {
    owner: 'operations',
    means: 'Messages that wait for the hours to open go out within so many seconds after it.',
    schema: z.number().int().min(0).max(7_200),
  },
};

/** Some of the choices, each as a whole. What it lacks stays as it is; what is none of them is refused. */
export const changesSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(choices).map(([name, { owner, means, schema }]) => [
      name,
      schema.meta({ description: means, 'x-owner': owner }).optional(),
    ]),
  ),
) as unknown as z.ZodType<SettingsChanges>;

export interface SettingsProblem {
  readonly path: string;
  readonly message: string;
}

/**
 * What does not hold between choices, of those that a change touches: what was stored before a rule came up blocks nobody.
 * The shape of each choice is the schema's.
 */
export function settingsProblems(before: LocationSettings, after: LocationSettings): SettingsProblem[] {
  const changed = changedChoices(before, after);
  const touches = (...names: readonly (keyof LocationSettings)[]) => names.some((name) => changed.includes(name));
  const homeless = touches('rules', 'workflows') ? unknownWorkflows(after.rules, after.workflows) : [];
  return [
    ...homeless.map(({ path, name }) => ({ path, message: `expected a name of workflows, got ${name}` })),
    ...(touches('rules', 'tierTags', 'activationTags', 'stopTags', 'consentTags', 'consentSources', 'boughtLeads')
      ? clashingTags(after)
      : []),
  ];
}
