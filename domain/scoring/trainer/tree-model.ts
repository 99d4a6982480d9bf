/** Feature columns, one Float32Array per feature; NaN is missing. All have the same length. */
export type Columns = readonly Float32Array[];

/**
 * One tree, node by node; node 0 is the root. Numbers are float32, the type in which onnxruntime computes, so that trainer and model file
 * take the same branch for every row.
 */
export interface Tree {
  /** Index of the feature that an inner node asks; -1 for a leaf. */
  readonly feature: Int32Array;
  /** A row whose feature is at most this goes left. */
  readonly threshold: Float32Array;
  /** 1: a row without the feature goes left. */
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** What a leaf adds, learning rate included: log-odds, or the target's unit. 0 for an inner node. */
  readonly value: Float32Array;
  /** Weight of the training rows that came by. */
  readonly cover: Float64Array;
}

/** A node of a tree that is made by hand; what is not said is none. */
export interface TreeNode {
  feature: number;
  threshold: number;
  missingLeft?: number;
  left: number;
  right: number;
  value: number;
  cover?: number;
}

/** A tree of its nodes, the root first. */
export function treeOf(nodes: readonly TreeNode[]): Tree {
  return {
    feature: Int32Array.from(nodes, (node) => node.feature),
    threshold: Float32Array.from(nodes, (node) => node.threshold),
    missingLeft: Uint8Array.from(nodes, (node) => node.missingLeft ?? 0),
    left: Int32Array.from(nodes, (node) => node.left),
    right: Int32Array.from(nodes, (node) => node.right),
    value: Float32Array.from(nodes, (node) => node.value),
    cover: Float64Array.from(nodes, (node) => node.cover ?? 0),
  };
}

/** Boosted trees: margin = base + the sum of one leaf per tree. */
export interface TreeModel {
  /** `logistic`: the margin is log-odds. `squared`: the margin is the target. */
  readonly objective: 'logistic' | 'squared';
  /** A float32 number. */
  readonly base: number;
  /** How many features a row has. */
  readonly features: number;
  readonly trees: readonly Tree[];
}
