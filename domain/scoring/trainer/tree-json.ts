import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { Tree } from './tree-model.ts';

const whole = z.array(z.int());
const real = z.array(z.number());

const treeShape = z.strictObject({
  feature: whole,
  threshold: real,
  missingLeft: z.array(z.literal([0, 1])),
  left: whole,
  right: whole,
  value: real,
  cover: real,
});

/** A tree as JSON keeps it, number for number: read back, it has the same bytes. */
export type JsonTree = z.infer<typeof treeShape>;

export function treeToJson(tree: Tree): JsonTree {
  return {
    feature: [...tree.feature],
    threshold: [...tree.threshold],
    missingLeft: [...tree.missingLeft].map((flag) => (flag === 1 ? 1 : 0)),
    left: [...tree.left],
    right: [...tree.right],
    value: [...tree.value],
    cover: [...tree.cover],
  };
}

/**
 * Reads trees that `treeToJson` wrote.
 * @param features how many features a row has
 * @throws MODEL_DAMAGED when it is no list of trees, or a tree could not be walked: every node's children must stand behind it
 */
export function treesFromJson(json: unknown, features: number): Tree[] {
  const trees = z.array(treeShape).safeParse(json);
  if (!trees.success)
    throw new AppError('MODEL_DAMAGED', 'The trees do not have the shape of trees.', { cause: trees.error });
  trees.data.forEach((tree, index) => {
    if (!walkable(tree, features)) throw new AppError('MODEL_DAMAGED', `Tree ${index} cannot be walked.`);
  });
  return trees.data.map((tree) => ({
    feature: Int32Array.from(tree.feature),
    threshold: Float32Array.from(tree.threshold),
    missingLeft: Uint8Array.from(tree.missingLeft),
    left: Int32Array.from(tree.left),
    right: Int32Array.from(tree.right),
    value: Float32Array.from(tree.value),
    cover: Float64Array.from(tree.cover),
  }));
}

function walkable(tree: JsonTree, features: number): boolean {
  const size = tree.feature.length;
  if (size === 0 || Object.values(tree).some((column) => column.length !== size)) return false;
  return tree.feature.every((feature, node) => {
    if (feature === -1) return true;
    const behind = (child: number): boolean => child > node && child < size;
    return feature >= 0 && feature < features && behind(tree.left[node]!) && behind(tree.right[node]!);
  });
}
