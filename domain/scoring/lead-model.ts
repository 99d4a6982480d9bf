import { type DatasetSchema, type FeatureDeclaration, readDatasetSchema } from './data/dataset-schema.ts';
import { leadFeatures, leadFeaturesAt } from './features/lead-features.ts';
import { admit, plainName, type Refusal, signatureOf } from './features/registry.ts';
import type { LeadModel } from './model-score.ts';
import { type Encoding, featuresOf } from './trainer/encoder.ts';

/** The stage at which a model of leads decides. */
type Stage = DatasetSchema['decisionStage'];

/**
 * Days after which a lead that was not won counts as not won. Sales come late: a month would call a third of the buyers lost, three months a
 * sixth; longer, and a team waits that much longer for its first model.
 */
export const matureAfterDays = 90;

/** The columns of a table of leads, besides the features. `rules` is for the trial and no feature. */
export const leadColumns = { label: 'won', id: 'lead', group: 'person', time: 'day', rules: 'rulesLogOdds' } as const;

/** What a table of leads means to the trainer. Its features bear their versions, so that a model knows what it learned from. */
export function leadSchema(stage: Stage): DatasetSchema {
  return readDatasetSchema({
    task: 'classify',
    ...{
      label: leadColumns.label,
      positive: '1',
      id: leadColumns.id,
      group: leadColumns.group,
      time: leadColumns.time,
    },
    decisionStage: stage,
    features: leadFeaturesAt(stage).map((feature) => ({
      name: signatureOf([feature])[0]!,
      type: feature.type,
      knownAt: feature.knownAt,
    })),
  });
}

/**
 * What a model looks at and must not, or takes for what it is not, by name; empty: it may speak. To be asked before a model file is let in,
 * and of the one that speaks.
 */
export function refusedIn({ encoder }: Pick<LeadModel, 'encoder'>, stage: Stage): readonly Refusal[] {
  const { features, refused } = admit(leadFeatures, [...new Set(encoder.columns.flatMap(featuresOf))], stage);
  const types = new Map(features.map((feature) => [feature.name, feature.type] as const));
  const misread = encoder.columns.flatMap((encoding) =>
    featuresOf(encoding).flatMap((feature): Refusal[] => {
      const [type, read] = [types.get(plainName(feature)), typeRead(encoding)];
      return type === undefined || type === read ? [] : [{ feature, why: `it is a ${type} and is read as a ${read}` }];
    }),
  );
  return [...refused, ...misread];
}

/** What a feature has to be for this. */
function typeRead({ kind }: Encoding): FeatureDeclaration['type'] {
  if (kind === 'month') return 'date';
  return kind === 'number' || kind === 'diagonal' ? 'number' : 'category';
}
