/**
 * The nodes of a tree while it grows, one array per fact, node 0 the root. Made once per training and used for every tree, so that
 * growing allocates nothing.
 */
export interface Nodes {
  /** The node's rows: from `begin` up to, and without, `end` in the list of rows. */
  readonly begin: Int32Array;
  readonly end: Int32Array;
  /** Sums of the first and second derivatives over its rows. */
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  /** What its value may be, so that no monotone constraint above it is broken. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Its histogram, by number; -1 when it has none, for it is not to be split. */
  readonly histogram: Int32Array;
  /** By how much the best split found makes the loss smaller, twice; 0 when none does. */
  readonly gain: Float64Array;
  /** That split: values of the feature in bins up to `bin` go left, and rows without a value where `missingLeft` says. */
  readonly feature: Int32Array;
  readonly bin: Int32Array;
  readonly missingLeft: Uint8Array;
  readonly leftGradient: Float64Array;
  readonly leftHessian: Float64Array;
  /** The children once it is split; -1 for a leaf. */
  readonly left: Int32Array;
  readonly right: Int32Array;
}

export function createNodes(capacity: number): Nodes {
  const whole = (): Int32Array => new Int32Array(capacity);
  const real = (): Float64Array => new Float64Array(capacity);
  return {
    begin: whole(),
    end: whole(),
    gradient: real(),
    hessian: real(),
    low: real(),
    high: real(),
    histogram: whole(),
    gain: real(),
    feature: whole(),
    bin: whole(),
    missingLeft: new Uint8Array(capacity),
    leftGradient: real(),
    leftHessian: real(),
    left: whole(),
    right: whole(),
  };
}

/** Makes node `node` a leaf that holds these rows and sums. */
export function setLeaf(
  nodes: Nodes,
  node: number,
  begin: number,
  end: number,
  gradient: number,
  hessian: number,
  low: number,
  high: number,
): void {
  nodes.begin[node] = begin;
  nodes.end[node] = end;
  nodes.gradient[node] = gradient;
  nodes.hessian[node] = hessian;
  nodes.low[node] = low;
  nodes.high[node] = high;
  nodes.histogram[node] = -1;
  nodes.gain[node] = 0;
  nodes.left[node] = -1;
  nodes.right[node] = -1;
}
