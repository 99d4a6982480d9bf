import { z } from 'zod';
import { sequenceNeeds, sequenceTracks } from '../../domain/follow-up/sequence.ts';
import { instant, route } from './route.ts';

const version = z.number().int().min(1).max(1_000_000);
const versionInQuery = z.coerce.number().int().min(1).max(1_000_000).optional();
const key = z.string().min(1).max(100);
const byKey = z.object({ key });
const document = z.record(z.string(), z.unknown());

const summary = z.object({
  key: z.string(),
  version,
  title: z.string(),
  purpose: z.enum(['solicitation', 'answer']),
  priority: z.number(),
  steps: z.number().int(),
});

const draft = z.object({ basedOn: version.nullable(), savedBy: z.string(), savedAt: instant });

const item = z.object({
  key: z.string(),
  /** In force for whoever begins now; null: nothing is published yet. */
  version: version.nullable(),
  title: z.string().nullable(),
  purpose: z.enum(['solicitation', 'answer']).nullable(),
  priority: z.number().nullable(),
  track: z.enum(sequenceTracks).nullable(),
  /** What makes it begin. */
  trigger: z.string().nullable(),
  needs: z.array(z.enum(sequenceNeeds)),
  steps: z.number().int().nullable(),
  draft: draft.nullable(),
  /** Enrolments under way, whatever their version. */
  running: z.number().int(),
});
export type SequenceItem = z.infer<typeof item>;

const history = z.object({
  versions: z.array(z.object({ version, publishedAt: instant, inForce: z.boolean(), running: z.number().int() })),
  /** What came into force when, newest first. */
  releases: z.array(z.object({ version, act: z.enum(['publish', 'roll-back']), by: z.string(), at: instant })),
});
export type SequenceHistory = z.infer<typeof history>;

const stepChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('added'), key: z.string(), place: z.number().int() }),
  z.object({ kind: z.literal('removed'), key: z.string(), wasPlace: z.number().int() }),
  z.object({
    kind: z.literal('changed'),
    key: z.string(),
    place: z.number().int(),
    wasPlace: z.number().int(),
    aspects: z.array(z.enum(['order', 'time', 'branch', 'channel', 'words'])),
  }),
]);

const diff = z.object({
  from: version,
  to: z.union([version, z.literal('draft')]),
  steps: z.array(stepChange),
  choices: z.array(z.object({ choice: z.string(), before: z.string(), after: z.string() })),
  /** Whom it changes something for. Who is under way keeps the version that they began with. */
  impact: z.object({
    keep: z.array(z.object({ version, leads: z.number().int(), differing: z.number().int() })),
    beginsOtherwise: z.boolean(),
    getsOtherwise: z.boolean(),
  }),
});
export type SequenceDiff = z.infer<typeof diff>;

export const listSequences = route({
  method: 'get',
  path: '/api/sequences',
  summary: 'Sequences: the version in force of each, whether there is a draft, and how many leads are under way',
  auth: 'bearer',
  answers: { 200: { says: 'All of them', schema: z.object({ items: z.array(item) }) } },
  errors: ['UNAUTHORIZED', 'STORE_AWAY'],
});

export const showSequence = route({
  method: 'get',
  path: '/api/sequences/{key}',
  summary: 'One sequence, as it is in force, or an earlier version',
  auth: 'bearer',
  params: byKey,
  query: z.object({ version: versionInQuery }),
  answers: { 200: { says: 'The document', schema: document } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'SEQUENCE_UNKNOWN', 'STORE_AWAY'],
});

export const sequenceVersions = route({
  method: 'get',
  path: '/api/sequences/{key}/versions',
  summary: 'All versions of a sequence, and what came into force when',
  auth: 'bearer',
  params: byKey,
  answers: { 200: { says: 'Newest first', schema: history } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'SEQUENCE_UNKNOWN', 'STORE_AWAY'],
});

export const diffSequence = route({
  method: 'get',
  path: '/api/sequences/{key}/diff',
  summary: 'What differs between two versions, or between a version and the draft, and for whom',
  auth: 'bearer',
  params: byKey,
  query: z.object({
    /** Absent: the version in force. */
    from: versionInQuery,
    /** Absent: the draft. */
    to: versionInQuery,
  }),
  answers: { 200: { says: 'The difference', schema: diff } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'SEQUENCE_UNKNOWN', 'SEQUENCE_NO_DRAFT', 'STORE_AWAY'],
});

export const publishSequence = route({
  method: 'post',
  path: '/api/sequences',
  summary: 'Publish a sequence: the next version of its key, or the version in force when nothing differs',
  auth: 'bearer',
  body: document,
  answers: { 201: { says: 'Published; enrolments under way keep the version they began with', schema: summary } },
  errors: ['UNAUTHORIZED', 'BAD_REQUEST', 'STORE_AWAY'],
});

export const showDraft = route({
  method: 'get',
  path: '/api/sequences/{key}/draft',
  summary: 'The draft of a sequence',
  auth: 'bearer',
  params: byKey,
  answers: { 200: { says: 'The draft', schema: draft.extend({ document }) } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'SEQUENCE_NO_DRAFT', 'STORE_AWAY'],
});

export const saveDraft = route({
  method: 'put',
  path: '/api/sequences/{key}/draft',
  summary: 'Save the draft of a sequence; it binds nobody until it is published',
  auth: 'bearer',
  params: byKey,
  body: document,
  answers: { 200: { says: 'Saved; one that was there is replaced', schema: draft.extend({ document }) } },
  errors: ['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_QUERY', 'STORE_AWAY'],
});

export const publishDraft = route({
  method: 'post',
  path: '/api/sequences/{key}/publish',
  summary: 'Publish the draft of a sequence; there is none afterwards',
  auth: 'bearer',
  params: byKey,
  answers: { 201: { says: 'Published; enrolments under way keep the version they began with', schema: summary } },
  errors: ['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_QUERY', 'SEQUENCE_NO_DRAFT', 'STORE_AWAY'],
});

export const rollBackSequence = route({
  method: 'post',
  path: '/api/sequences/{key}/roll-back',
  summary: 'Put an earlier version in force again; enrolments under way keep the version they began with',
  auth: 'bearer',
  params: byKey,
  body: z.object({ version }),
  answers: { 200: { says: 'It is in force', schema: summary } },
  errors: ['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_QUERY', 'SEQUENCE_UNKNOWN', 'STORE_AWAY'],
});
