import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { tellsBarred } from '../features/fair-housing.ts';

/** When a fact is known, in the order in which facts come in. A model may use what is known when it decides, and nothing later. */
export const stages = ['capture', 'contact', 'outcome'] as const;
export type Stage = (typeof stages)[number];

const name = z.string().min(1);

const featureSchema = z.strictObject({
  name,
  type: z.enum(['number', 'category', 'date']),
  knownAt: z.enum(stages),
  /** Names a class that the law protects, or stands for one: never used to say whom to call first. */
  sensitive: z.boolean().default(false),
  /** 1: more of it never lowers the score; -1: never raises it. Of numbers only. */
  monotone: z.union([z.literal(1), z.literal(-1)]).optional(),
  /** No column of the file: a number made of numbers that stand before it among the features. */
  of: z.strictObject({ how: z.enum(['plus', 'less', 'times', 'per']), parts: z.array(name).min(2) }).optional(),
});

/** A column that tells of people what no model may know. It is read to compare them, and by nothing that learns. */
const auditColumn = z.strictObject({ name, type: z.enum(['number', 'category', 'date']) });

const shape = z.strictObject({
  /** `classify`: how likely is the label `positive`? `value`: what amount will the label be? */
  task: z.enum(['classify', 'value']),
  label: name,
  positive: z.string().min(1).optional(),
  /** Names a row in what is written, and rows of one id stay on one side of every split. */
  id: name.optional(),
  /** Date of a row: the window on the model card, and splits forward in time. */
  time: name.optional(),
  /** Nothing is left to be decided at the outcome. */
  decisionStage: z.enum(['capture', 'contact']),
  features: z.array(featureSchema).min(1),
  /** Words that mean "missing", beside the empty cell. */
  missing: z.array(z.string()).default([]),
  /** How dates such as 03/04/2026 are to be read; without it they are impossible dates, since nobody can tell. */
  dateOrder: z.enum(['day-first', 'month-first']).optional(),
  /** Rows with the same value stay on one side of every split; absent: those with the same id. */
  group: name.optional(),
  /** How much a row counts. */
  weight: name.optional(),
  /** Of a value: `log` learns its logarithm, so that errors count in per cent. Absent: `log` where all labels are above 0. */
  transform: z.enum(['log', 'none']).optional(),
  /** Of a value: rows below it are no examples, such as a house that was given away for a dollar. */
  least: z.number().optional(),
  /** Two numbers that together are a place, latitude first: trees may then cut the map askew as well. Of values only. */
  place: z.tuple([name, name]).optional(),
  /** Sensitive columns by which people are compared when it is asked for: they are no features, and training does without them. */
  audit: z.array(auditColumn).min(1).optional(),
});

/** What is written out: an absent `sensitive` reads as false, but where a name tells something nobody has said so. */
const declarations = z.object({ features: z.array(z.object({ sensitive: z.boolean().optional() })) });

export type DatasetSchema = z.infer<typeof shape>;
export type FeatureDeclaration = DatasetSchema['features'][number];

/**
 * What a data set means: its label, its features, and when each is known (`S.json`).
 * @throws AppError DATASET_SCHEMA with every place that is wrong; FEATURE_REFUSED naming the features that the model must not use
 */
export function readDatasetSchema(document: unknown): DatasetSchema {
  const { whole, refused } = readWithRefusals(document);
  if (refused.length > 0) throw new AppError('FEATURE_REFUSED', refused.map(({ why }) => why).join('; '));
  return whole;
}

export interface RefusedFeature {
  readonly feature: FeatureDeclaration;
  readonly why: string;
}

export interface AdmittedSchema {
  /** With every feature: to read rows by, never to learn by. */
  readonly whole: DatasetSchema;
  /** With those that the model may use. */
  readonly admitted: DatasetSchema;
  readonly refused: readonly RefusedFeature[];
}

/**
 * The same, for whoever asks that refused features be left out and told of instead.
 * @throws AppError DATASET_SCHEMA with every place that is wrong, or where no feature is left
 */
export function readWithRefusals(document: unknown): AdmittedSchema {
  const read = shape.safeParse(document);
  if (!read.success) throw new AppError('DATASET_SCHEMA', read.error.issues.map(issueText).join('; '));
  const whole = read.data;
  const problems = contradictions(whole);
  if (problems.length > 0) throw new AppError('DATASET_SCHEMA', problems.join('; '));
  const declared = declarations.parse(document).features.map(({ sensitive }) => sensitive !== undefined);
  const refused: RefusedFeature[] = [];
  for (const [i, feature] of whole.features.entries()) {
    // What is made of a refused feature would bring it in by the back door.
    const part = refused.find((one) => feature.of?.parts.includes(one.feature.name));
    const why =
      refusal(feature, whole) ?? (part && `${feature.name} is made of ${part.feature.name}, which is refused`);
    const tells = declared[i] || whole.task === 'value' ? undefined : tellsBarred(feature.name);
    if (why !== undefined) refused.push({ feature, why });
    else if (tells !== undefined)
      refused.push({ feature: { ...feature, sensitive: true }, why: undeclared(feature, tells) });
  }
  return { whole, admitted: without(whole, refused), refused };
}

/** A place is two features: with one of them left out it is none. */
function without(whole: DatasetSchema, refused: readonly RefusedFeature[]): DatasetSchema {
  const { place, ...rest } = whole;
  const left = (name: string): boolean => !refused.some(({ feature }) => feature.name === name);
  const features = whole.features.filter((feature) => left(feature.name));
  return { ...rest, features, ...(place?.every(left) ? { place } : {}) };
}

function undeclared({ name: feature }: FeatureDeclaration, tells: string): string {
  return `${feature} tells ${tells} by its name: say whether it is sensitive (true or false)`;
}

function issueText({ path, message }: z.core.$ZodIssue): string {
  return `${path.length === 0 ? 'schema' : path.join('.')}: ${message}`;
}

/** What each part allows and the whole does not. */
function contradictions(schema: DatasetSchema): string[] {
  const { task, positive, transform, least, place, features } = schema;
  const found: string[] = [];
  if (task === 'classify' && positive === undefined) found.push('positive: expected the label that counts as yes');
  if (task === 'value' && positive !== undefined) found.push('positive: a value has none');
  if (task === 'classify' && (transform ?? least ?? place) !== undefined) {
    found.push('transform, least, place: of values only');
  }
  const names = features.map((feature) => feature.name);
  for (const twice of new Set(names.filter((one, i) => names.indexOf(one) !== i))) {
    found.push(`features: ${twice} stands there twice`);
  }
  for (const one of ['label', 'id', 'weight'] as const) {
    const column = schema[one];
    if (column !== undefined && names.includes(column)) found.push(`features: ${column} is the ${one} and no feature`);
  }
  const audited = (schema.audit ?? []).map((column) => column.name);
  for (const column of new Set(audited)) {
    if (audited.filter((one) => one === column).length > 1) found.push(`audit: ${column} stands there twice`);
    if (names.includes(column)) found.push(`audit: ${column} is a feature; what people are compared by is none`);
    for (const one of ['label', 'id', 'weight', 'time'] as const) {
      if (schema[one] === column) found.push(`audit: ${column} is the ${one}`);
    }
  }
  for (const { name: of, type, monotone } of features) {
    if (monotone !== undefined && type !== 'number') found.push(`features: ${of} is no number, so not monotone`);
  }
  features.forEach(({ name: of, type, of: made }, i) => {
    if (made === undefined) return;
    if (type !== 'number') found.push(`features: ${of} is made of numbers, so it is one`);
    const before = features.slice(0, i).filter((feature) => feature.type === 'number');
    made.parts.forEach((part, at) => {
      const partly = before.find((feature) => feature.name === part);
      if (partly === undefined) found.push(`features: ${part}, a part of ${of}, is no number before it`);
      else found.push(...againstPromise(partly, at, features[i]!));
    });
  });
  for (const part of place ?? []) {
    if (features.some((feature) => feature.name === part && feature.monotone !== undefined)) {
      found.push(`place: ${part} is monotone, and where the map is cut askew that would not hold`);
    }
    if (!features.some((feature) => feature.name === part && feature.type === 'number')) {
      found.push(`place: ${part} is no feature of type number`);
    }
  }
  const typed = features.find((feature) => feature.name === schema.time)?.type;
  if (typed !== undefined && typed !== 'date')
    found.push(`time: ${schema.time} is a feature of another type than date`);
  return found;
}

/**
 * A promise of direction holds in the columns of its own feature. What is made of the feature rises or falls with it and so must be held
 * the same way; of a product or a ratio nobody can tell, as the other part may be negative.
 */
function againstPromise(part: FeatureDeclaration, at: number, made: FeatureDeclaration): string[] {
  if (part.monotone === undefined || made.of === undefined) return [];
  const promise = `features: ${part.name} is monotone, and a part of ${made.name}`;
  if (made.of.how === 'times' || made.of.how === 'per') {
    return [`${promise}, which may rise or fall with it: leave out one of the two, or the promise`];
  }
  const needed = made.of.how === 'less' && at > 0 ? -part.monotone : part.monotone;
  return made.monotone === needed ? [] : [`${promise}, which then must be monotone as well: ${needed}`];
}

/**
 * Why a model of this schema must not use a feature. The declaration decides, not the data: a column filled in after the outcome looks
 * like the best feature there is.
 */
function refusal({ name: feature, knownAt, sensitive }: FeatureDeclaration, schema: DatasetSchema): string | undefined {
  if (stages.indexOf(knownAt) > stages.indexOf(schema.decisionStage)) {
    return `${feature} is known at ${knownAt} and the model decides at ${schema.decisionStage}`;
  }
  // A valuation may know where a house stands; whom to call first may not depend on it.
  if (sensitive && schema.task === 'classify') return `${feature} is sensitive and may not rank leads`;
  return undefined;
}

/** The words that a schema is hashed by: the same for the same meaning, whatever the order of keys in its file. */
export function schemaText(schema: DatasetSchema): string {
  return JSON.stringify(shape.parse(schema));
}
