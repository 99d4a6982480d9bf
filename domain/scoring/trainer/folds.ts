import { AppError } from '../../errors.ts';
import { ascending } from '../judge/ranked.ts';
import { groupNumbers, type Groups } from './groups.ts';
import { createRandom } from './random.ts';

export interface FoldOptions {
  readonly folds: number;
  readonly seed: number;
  /** Rows of one group are never parted. */
  readonly groups?: Groups | undefined;
}

/** The range of a value is cut into so many layers, and each is spread over the folds. */
const layersOfValues = 10;

/**
 * The fold of each row, from 0. Groups are layered by their mean label (classes: by their share of positives; values: by tenths), and
 * within a layer each group, the largest first and equals in an order of chance, goes to the fold that has least of the layer.
 * @throws AppError DATASET_UNUSABLE when there are fewer groups than folds
 */
export function groupedFolds(labels: ArrayLike<number>, { folds, seed, groups }: FoldOptions): Uint8Array {
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= 255)) throw new RangeError('folds: from 2 to 255');
  const { numbers, count } = groupNumbers(groups, labels.length);
  if (count < folds) {
    throw new AppError('DATASET_UNUSABLE', `${folds} folds need as many rows or groups of rows; there are ${count}`);
  }
  const sizes = new Uint32Array(count);
  const means = new Float64Array(count);
  for (let i = 0; i < numbers.length; i += 1) sizes[numbers[i]!]! += 1;
  for (let i = 0; i < numbers.length; i += 1) means[numbers[i]!]! += labels[i]! / sizes[numbers[i]!]!;
  const layers = layersOf(means);
  const random = createRandom(seed);
  const chance = Float64Array.from(sizes, () => random.next());
  const order = ascending(chance).sort((a, b) => layers[a]! - layers[b]! || sizes[b]! - sizes[a]!);
  const foldOfGroup = dealt(order, sizes, layers, folds);
  return Uint8Array.from(numbers, (group) => foldOfGroup[group]!);
}

export interface TimeSplit {
  /** Row numbers, in their order. */
  readonly train: Uint32Array;
  readonly test: Uint32Array;
  /** Rows that stand on neither side: without a time, or training rows of a group that is tested. */
  readonly leftOut: number;
}

/**
 * Learn from what was before an instant, judge by what came from it on. A row without a time belongs to neither side; with groups, a tested
 * group is not learnt from, so a property's earlier sale does not give its later one away.
 * @param times any unit that rises with time; NaN is unknown
 */
export function forwardSplit(times: ArrayLike<number>, from: number, groups?: Groups): TimeSplit {
  const { numbers, count } = groupNumbers(groups, times.length);
  const tested = new Uint8Array(count);
  const train: number[] = [];
  const test: number[] = [];
  for (let i = 0; i < times.length; i += 1) {
    if (!(times[i]! >= from)) continue;
    test.push(i);
    tested[numbers[i]!] = 1;
  }
  for (let i = 0; i < times.length; i += 1) if (times[i]! < from && tested[numbers[i]!] === 0) train.push(i);
  return {
    train: Uint32Array.from(train),
    test: Uint32Array.from(test),
    leftOut: times.length - train.length - test.length,
  };
}

/** Few different means are layers themselves; many are cut into layers of equally many groups. */
function layersOf(means: Float64Array): Uint32Array {
  const distinct = [...new Set(means)].sort((a, b) => a - b);
  if (distinct.length <= layersOfValues) return Uint32Array.from(means, (mean) => distinct.indexOf(mean));
  const layers = new Uint32Array(means.length);
  ascending(means).forEach((group, rank) => {
    layers[group] = Math.floor((rank * layersOfValues) / means.length);
  });
  return layers;
}

function dealt(order: Uint32Array, sizes: Uint32Array, layers: Uint32Array, folds: number): Uint8Array {
  const foldOf = new Uint8Array(order.length);
  const inAll = new Float64Array(folds);
  const inLayer = new Float64Array(folds);
  let layer = -1;
  for (const group of order) {
    if (layers[group] !== layer) inLayer.fill(0);
    layer = layers[group]!;
    let least = 0;
    for (let fold = 1; fold < folds; fold += 1) {
      const less = inLayer[fold]! - inLayer[least]! || inAll[fold]! - inAll[least]!;
      if (less < 0) least = fold;
    }
    foldOf[group] = least;
    inLayer[least]! += sizes[group]!;
    inAll[least]! += sizes[group]!;
  }
  return foldOf;
}
