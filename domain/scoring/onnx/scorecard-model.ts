import { featureNames, type FeatureName } from '../features.ts';
import { tensorType, writeOnnx, writerVersion, type Node } from './onnx-writer.ts';
import { baseline, confidenceRange, neutral, steepness, weights } from '../scorecard.ts';

/** What a model file says of itself; a loader refuses a file whose schema hash or feature order is not its own. */
export interface ModelIdentity {
  readonly name: string;
  /** SHA-256 of the feature schema, in hex. */
  readonly schemaHash: string;
}

export const scorecardName = 'scorecard-1';

/**
 * The scorecard as an ONNX graph.
 * Input `features` [N, 8], NaN where missing. Outputs `contributions` [N, 8], `logOdds` [N, 1], `value` [N, 1] (0–100) and
 * `confidence` [N, 1]; what they mean is said in `scorecard.ts`, which must give the same.
 * The weights are an argument so that tests can build a model that answers nonsense.
 */
export function scorecardModel(
  identity: ModelIdentity,
  by: Readonly<Record<FeatureName, number>> = weights,
): Uint8Array {
  const columns = featureNames.length;
  const all = featureNames.reduce((sum, name) => sum + by[name], 0);
  return writeOnnx({
    name: identity.name,
    inputs: [{ name: 'features', columns }],
    outputs: [
      { name: 'contributions', columns },
      { name: 'logOdds', columns: 1 },
      { name: 'value', columns: 1 },
      { name: 'confidence', columns: 1 },
    ],
    constants: [
      scalar('neutral', neutral),
      scalar('nothing', 0),
      scalar('baseline', baseline),
      scalar('hundred', 100),
      scalar('least', confidenceRange.least),
      scalar('span', confidenceRange.span),
      { name: 'slopes', shape: [columns], values: featureNames.map((name) => steepness * by[name]) },
      { name: 'shares', shape: [columns], values: featureNames.map((name) => by[name] / all) },
      { name: 'acrossFeatures', shape: [1], values: [1], type: 'int64' },
    ],
    nodes: [...valueNodes, ...confidenceNodes],
    metadata: {
      name: identity.name,
      schema_hash: identity.schemaHash,
      feature_order: featureNames.join(','),
      baseline: String(baseline),
      code_version: writerVersion,
    },
  });
}

const valueNodes: readonly Node[] = [
  { operator: 'IsNaN', inputs: ['features'], output: 'missing' },
  { operator: 'Sub', inputs: ['features', 'neutral'], output: 'centred' },
  { operator: 'Mul', inputs: ['centred', 'slopes'], output: 'weighted' },
  { operator: 'Where', inputs: ['missing', 'nothing', 'weighted'], output: 'contributions' },
  { operator: 'ReduceSum', inputs: ['contributions', 'acrossFeatures'], output: 'sum', attributes: { keepdims: 1 } },
  { operator: 'Add', inputs: ['sum', 'baseline'], output: 'logOdds' },
  { operator: 'Sigmoid', inputs: ['logOdds'], output: 'likelihood' },
  { operator: 'Mul', inputs: ['likelihood', 'hundred'], output: 'value' },
];

const confidenceNodes: readonly Node[] = [
  { operator: 'Not', inputs: ['missing'], output: 'present' },
  { operator: 'Cast', inputs: ['present'], output: 'counted', attributes: { to: tensorType.float } },
  { operator: 'Mul', inputs: ['counted', 'shares'], output: 'evidence' },
  { operator: 'ReduceSum', inputs: ['evidence', 'acrossFeatures'], output: 'share', attributes: { keepdims: 1 } },
  { operator: 'Mul', inputs: ['share', 'span'], output: 'spread' },
  { operator: 'Add', inputs: ['spread', 'least'], output: 'confidence' },
];

function scalar(name: string, value: number): { name: string; shape: readonly number[]; values: readonly number[] } {
  return { name, shape: [], values: [value] };
}
