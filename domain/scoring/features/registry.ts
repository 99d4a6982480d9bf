import { stages, type DatasetSchema, type Stage } from '../data/dataset-schema.ts';
import { type FairHousing, tellsBarred } from './fair-housing.ts';

/** A number, one of few words, or null: not known. */
export type FeatureValue = number | string | null;

/** How an agent reads a feature. */
export interface FeatureWords {
  readonly topic: string;
  /** A value in a few words, such as `viewed 14 homes`. Free of names and of what the lead wrote. */
  readonly say: (value: number | string) => string;
  /** What to ask the lead to learn it; absent where no question brings it. */
  readonly ask?: string;
}

/**
 * One fact of a lead as a model takes it. `read` is the only way to its value, for training as for serving; what it is given ends at the
 * instant that the value is asked for, so that nothing later can be in it.
 */
export interface Feature<Seen> {
  readonly name: string;
  /** Rises when the meaning does: a model never reads numbers that were made another way. */
  readonly version: number;
  readonly type: 'number' | 'category';
  /** Of a category: all its words. */
  readonly levels?: readonly string[];
  readonly unit: string;
  /** Where it is stored before it is read. */
  readonly source: string;
  /** For how many hours a value holds while nothing new is heard of the lead; null: until something is. */
  readonly freshHours: number | null;
  readonly knownAt: Stage;
  readonly fairHousing: FairHousing;
  /** The room that answers for what it means. */
  readonly owner: string;
  readonly words: FeatureWords;
  readonly read: (seen: Seen) => FeatureValue;
}

/**
 * Features in the order in which a model takes them.
 * @throws RangeError when two have one name, or a name tells what a score of leads must not know: such a feature is never written down
 */
export function registryOf<Seen>(features: readonly Feature<Seen>[]): readonly Feature<Seen>[] {
  const names = new Set<string>();
  for (const { name, type, levels } of features) {
    const tells = tellsBarred(name);
    if (tells !== undefined) throw new RangeError(`the feature ${name} would tell ${tells}`);
    if (names.has(name)) throw new RangeError(`two features are called ${name}`);
    if ((type === 'category') !== (levels !== undefined)) throw new RangeError(`${name}: categories alone have levels`);
    names.add(name);
  }
  return features;
}

/** A feature that a model asks for and does not get. */
export interface Refusal {
  readonly feature: string;
  readonly why: string;
}

/** Which of the wanted features, by name or `name@version`, a model that decides at this stage may use; the others are named with the reason. */
export function admit<Seen>(
  registry: readonly Feature<Seen>[],
  wanted: readonly string[],
  stage: DatasetSchema['decisionStage'],
): { readonly features: readonly Feature<Seen>[]; readonly refused: readonly Refusal[] } {
  const features: Feature<Seen>[] = [];
  const refused: Refusal[] = [];
  for (const name of wanted) {
    const feature = registry.find((one) => one.name === plainName(name));
    const why = feature === undefined ? unregistered(name) : (outdated(feature, name) ?? refusal(feature, stage));
    if (feature === undefined || why !== undefined) refused.push({ feature: name, why: why ?? 'it is not registered' });
    else features.push(feature);
  }
  return { features, refused };
}

/** All that a model of this stage may use, in the order of the registry. */
export function admissible<Seen>(
  registry: readonly Feature<Seen>[],
  stage: DatasetSchema['decisionStage'],
): readonly Feature<Seen>[] {
  return registry.filter((feature) => refusal(feature, stage) === undefined);
}

function unregistered(name: string): string {
  const tells = tellsBarred(name);
  return tells === undefined ? 'it is not registered' : `it would tell ${tells}`;
}

function refusal<Seen>(
  { knownAt, fairHousing }: Feature<Seen>,
  stage: DatasetSchema['decisionStage'],
): string | undefined {
  if (fairHousing === 'barred') return 'it is barred from scores of leads';
  if (stages.indexOf(knownAt) <= stages.indexOf(stage)) return undefined;
  return `it is known at ${knownAt} and the model decides at ${stage}`;
}

/** The value of each feature, in order. What is no finite number or none of the levels is not known. */
export function vectorOf<Seen>(features: readonly Feature<Seen>[], seen: Seen): readonly FeatureValue[] {
  return features.map((feature) => {
    const value = feature.read(seen);
    if (typeof value === 'number')
      return feature.type === 'number' && Number.isFinite(value) ? Math.fround(value) : null;
    return value !== null && feature.levels?.includes(value) === true ? value : null;
  });
}

function outdated<Seen>({ name, version }: Feature<Seen>, wanted: string): string | undefined {
  if (wanted === name || wanted === `${name}@${version}`) return undefined;
  return `it is asked for as ${wanted} and has version ${version}`;
}

/** `name@version` of each feature: what it is called in stored vectors and in models, so that it is never read as something else. */
export function signatureOf<Seen>(features: readonly Feature<Seen>[]): readonly string[] {
  return features.map(({ name, version }) => `${name}@${version}`);
}

/** What a feature is called, whatever its version. */
export function plainName(feature: string): string {
  return feature.replace(/@\d+$/, '');
}

/** For how many hours a vector of these features may be used again while nothing new is heard of the lead; null: until something is. */
export function vectorHolds<Seen>(features: readonly Feature<Seen>[]): number | null {
  const hours = features.flatMap(({ freshHours }) => freshHours ?? []);
  return hours.length === 0 ? null : Math.min(...hours);
}
