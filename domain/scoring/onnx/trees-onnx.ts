import { mlDomain, tensorType, writeOnnx, writerVersion, type Attribute, type Node } from './onnx-writer.ts';
import type { Calibrator } from '../trainer/calibrator.ts';
import { type Tree, type TreeModel, type TreeNode, treeOf } from '../trainer/tree-model.ts';
import { metadataEntries, type TreesMetadata } from './trees-metadata.ts';

/**
 * Boosted trees and their calibration as one ONNX file; same model, same bytes.
 * Input `features` [N, features], float32, NaN where missing. Outputs `margin` [N, 1], float64, and for a logistic objective
 * `probability` [N, 1], float32.
 *
 * The leaves are added up in float64, tree after tree, so the margin is bit for bit the one of a plain loop: whatever the size of
 * the batch, and on whichever side of a calibration step it falls.
 * Throws RangeError for a model that is not whole: numbers that are not finite, columns that do not exist, a calibrator for a
 * model without a probability.
 * @see https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsemble.html
 */
export function treesOnnx(model: TreeModel, calibrator: Calibrator | null, metadata: TreesMetadata): Uint8Array {
  assertWhole(model, calibrator, metadata);
  const calibration = model.objective === 'logistic' ? calibrationOf(calibrator) : { constants: [], nodes: [] };
  return writeOnnx({
    name: metadata.name,
    inputs: [{ name: 'features', columns: model.features }],
    outputs: [
      { name: 'margin', columns: 1, type: 'double' },
      ...(model.objective === 'logistic' ? [{ name: 'probability', columns: 1 }] : []),
    ],
    constants: [double('base', model.base), ...calibration.constants],
    nodes: [
      { operator: 'Cast', inputs: ['features'], output: 'precise', attributes: { to: tensorType.double } },
      { operator: 'Neg', inputs: ['precise'], output: 'negated' },
      { operator: 'Concat', inputs: ['precise', 'negated'], output: 'both', attributes: { axis: 1 } },
      ensemble(model.trees, { input: 'both', output: 'leaves', negatedFrom: model.features }),
      { operator: 'Add', inputs: ['leaves', 'base'], output: 'margin' },
      ...calibration.nodes,
    ],
    // The objective is needed and stands last: a file cut short between two entries lacks it.
    metadata: { writer_version: writerVersion, ...metadataEntries(metadata), objective: model.objective },
  });
}

type Part = { readonly constants: readonly ReturnType<typeof double>[]; readonly nodes: readonly Node[] };

/** Float32 holds a probability to seven digits, and onnxruntime's float32 logistic gives the same bits in every batch. */
function calibrationOf(calibrator: Calibrator | null): Part {
  const narrow = (from: string, to: string): Node => ({
    operator: 'Cast',
    inputs: [from],
    output: to,
    attributes: { to: tensorType.float },
  });
  const logistic: Node = { operator: 'Sigmoid', inputs: ['logOdds'], output: 'probability' };
  switch (calibrator?.kind) {
    case undefined:
      return { constants: [], nodes: [narrow('margin', 'logOdds'), logistic] };
    case 'platt':
      return {
        constants: [double('slope', calibrator.slope), double('intercept', calibrator.intercept)],
        nodes: [
          { operator: 'Mul', inputs: ['margin', 'slope'], output: 'scaled' },
          { operator: 'Add', inputs: ['scaled', 'intercept'], output: 'shifted' },
          narrow('shifted', 'logOdds'),
          logistic,
        ],
      };
    case 'isotonic':
      return {
        constants: [],
        nodes: [
          ensemble([stepTree(calibrator)], { input: 'margin', output: 'step', negatedFrom: 1 }),
          narrow('step', 'probability'),
        ],
      };
  }
}

/** A step function is a tree over one column; halving keeps it flat. */
function stepTree({ thresholds, values }: Extract<Calibrator, { kind: 'isotonic' }>): Tree {
  const nodes: TreeNode[] = [];
  /** The node that tells the steps `from` to `to` apart. */
  function add(from: number, to: number): number {
    const node = { feature: -1, threshold: 0, left: -1, right: -1, value: 0 };
    const at = nodes.push(node) - 1;
    if (from === to) {
      node.value = values[from]!;
      return at;
    }
    const middle = (from + to) >> 1;
    node.feature = 0;
    node.threshold = thresholds[middle]!;
    node.left = add(from, middle);
    node.right = add(middle + 1, to);
    return at;
  }
  add(0, thresholds.length);
  return treeOf(nodes);
}

/** A tree of one leaf, in a form that the operator can hold: it knows no tree without a question, so both answers are alike. */
function withQuestion(tree: Tree): Tree {
  if (tree.feature[0]! >= 0) return tree;
  const value = tree.value[0]!;
  return {
    feature: Int32Array.of(0, -1, -1),
    threshold: new Float32Array(3),
    missingLeft: new Uint8Array(3),
    left: Int32Array.of(1, -1, -1),
    right: Int32Array.of(2, -1, -1),
    value: Float32Array.of(0, value, value),
    cover: new Float64Array(3),
  };
}

const lessOrEqual = 0;
const sum = 1;

interface Ports {
  readonly input: string;
  readonly output: string;
  /** Where in the input the same columns stand once more, negated. */
  readonly negatedFrom: number;
}

/**
 * The operator for the sum of one leaf per tree. Inner nodes and leaves are numbered apart, over all trees; whether a child's
 * number is a leaf's is said beside it.
 *
 * No comparison with a missing value holds, so "no" is where rows without the feature go. A node that learned to send them left
 * asks the opposite question of the negated column: x > t is −x < −t. The operator could be told the direction of each node, but
 * onnxruntime then takes a third longer.
 */
function ensemble(trees: readonly Tree[], { input, output, negatedFrom }: Ports): Node {
  const nodes: Record<'feature' | 'split' | 'yes' | 'yesLeaf' | 'no' | 'noLeaf', number[]> = {
    feature: [],
    split: [],
    yes: [],
    yesLeaf: [],
    no: [],
    noLeaf: [],
  };
  const leaves: number[] = [];
  const roots: number[] = [];
  // Without any tree there is still a sum: nothing.
  const nothing = stepTree({ kind: 'isotonic', thresholds: [], values: [0] });
  for (const tree of (trees.length === 0 ? [nothing] : trees).map(withQuestion)) {
    const numbers = numbersOf(tree, nodes.feature.length, leaves.length);
    roots.push(nodes.feature.length);
    tree.feature.forEach((feature, i) => {
      if (feature < 0) {
        leaves.push(tree.value[i]!);
        return;
      }
      const threshold = tree.threshold[i]!;
      const mirrored = tree.missingLeft[i] === 1;
      const [yes, no] = mirrored ? [tree.right[i]!, tree.left[i]!] : [tree.left[i]!, tree.right[i]!];
      nodes.feature.push(mirrored ? negatedFrom + feature : feature);
      nodes.split.push(mirrored ? justBelow(-threshold) : threshold);
      nodes.yes.push(numbers[yes]!);
      nodes.yesLeaf.push(tree.feature[yes]! < 0 ? 1 : 0);
      nodes.no.push(numbers[no]!);
      nodes.noLeaf.push(tree.feature[no]! < 0 ? 1 : 0);
    });
  }
  const attributes: Record<string, Attribute> = {
    aggregate_function: sum,
    leaf_targetids: leaves.map(() => 0),
    leaf_weights: { shape: [leaves.length], values: leaves, type: 'double' },
    n_targets: 1,
    nodes_falseleafs: nodes.noLeaf,
    nodes_falsenodeids: nodes.no,
    nodes_featureids: nodes.feature,
    nodes_modes: { shape: [nodes.split.length], values: nodes.split.map(() => lessOrEqual), type: 'uint8' },
    nodes_splits: { shape: [nodes.split.length], values: nodes.split, type: 'double' },
    nodes_trueleafs: nodes.yesLeaf,
    nodes_truenodeids: nodes.yes,
    post_transform: 0,
    tree_roots: roots,
  };
  return { operator: 'TreeEnsemble', domain: mlDomain, inputs: [input], output, attributes };
}

/** A float64 number between a float32 number and the next lower one: at most this is below that. */
function justBelow(value: number): number {
  return value - Math.max(Math.abs(value) * 2 ** -30, 2 ** -200);
}

/** What number each node of a tree bears among the inner nodes, or among the leaves, of the whole ensemble. */
function numbersOf(tree: Tree, inner: number, leaf: number): Int32Array {
  let nextInner = inner;
  let nextLeaf = leaf;
  return tree.feature.map((feature) => (feature < 0 ? nextLeaf++ : nextInner++));
}

function assertWhole(model: TreeModel, calibrator: Calibrator | null, { featureOrder }: TreesMetadata): void {
  const expect = (holds: boolean, what: string): void => {
    if (!holds) throw new RangeError(`the model cannot be written: ${what}`);
  };
  const finite = (values: Iterable<number>): boolean => [...values].every(Number.isFinite);
  expect(Number.isFinite(model.base), 'its base is not finite');
  expect(model.features > 0, 'it has no features');
  expect(
    featureOrder.length === model.features,
    `it has ${model.features} features and ${featureOrder.length} names for them`,
  );
  model.trees.forEach((tree, i) => {
    expect(finite(tree.threshold) && finite(tree.value), `tree ${i} has a number that is not finite`);
    expect(
      tree.feature.every((feature) => feature < model.features),
      `tree ${i} asks a feature that rows do not have`,
    );
  });
  if (calibrator === null) return;
  expect(model.objective === 'logistic', 'it has a calibrator and no probability');
  if (calibrator.kind === 'platt') {
    expect(finite([calibrator.slope, calibrator.intercept]), 'its calibrator is not finite');
    return;
  }
  const { thresholds, values } = calibrator;
  expect(values.length === thresholds.length + 1, 'its calibrator has no value for each step');
  expect(finite(thresholds) && finite(values), 'its calibrator is not finite');
  expect(
    thresholds.every((threshold, i) => i === 0 || threshold > thresholds[i - 1]!),
    'the steps of its calibrator do not rise',
  );
}

function double(name: string, value: number) {
  return { name, shape: [], values: [value], type: 'double' } as const;
}
