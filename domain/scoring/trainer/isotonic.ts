import { ascending } from '../judge/ranked.ts';
import { logistic } from '../scorecard.ts';
import type { Calibrator } from './calibrator.ts';
import { rarerRows, weightedMean, type WeightedMargins } from './evidence.ts';

/** Rows of neighbouring margins, seen as one: their weight, mean margin and share of positives. */
interface Block {
  readonly weight: number;
  readonly margin: number;
  readonly rate: number;
}

/**
 * The curve is learnt from equally heavy blocks: one for every two hundred rows of the rarer class, but ten at least (any fewer miss a bend)
 * and forty at most (any more follow noise).
 */
function blockCount({ labels, weights }: WeightedMargins): number {
  return Math.min(40, Math.max(10, Math.floor(rarerRows(labels, weights) / 200)));
}

/** Height of a step in log-odds: at most half a per cent of probability. */
const stepHeight = 0.02;

/** As far as float32 tells the probabilities of neighbouring steps apart. */
const highest = 12;

/**
 * Weighted isotonic regression (pool adjacent violators) over blocks of rows. In its plain form all leads of a block
 * would be equal; so the centres of the blocks are joined by a curve, straight in log-odds, and the steps follow it
 * closely. Beyond the outer centres the curve goes on with Platt's slope, as far as there were margins.
 * Null: the curve is flat.
 * @see Oron, Flournoy: Centered Isotonic Regression (2017), for joining the centres
 */
export function fitSteps(rows: WeightedMargins, slope: number): Calibrator | null {
  const blocks = pooled(heavyBlocks(rows));
  if (blocks.length < 2) return null;
  const { curve, least, most } = curveOf(blocks, slope, rows.margins);
  const from = Math.max(-highest, least);
  const to = Math.min(highest, most);
  const thresholds: number[] = [];
  const values = [Math.fround(logistic(from + stepHeight / 2))];
  for (let height = from + stepHeight; height < to; height += stepHeight) {
    const threshold = Math.fround(curve(height));
    // Two steps may fall between the same neighbours in float32.
    if (thresholds.length > 0 && threshold <= thresholds.at(-1)!) values.pop();
    else thresholds.push(threshold);
    values.push(Math.fround(logistic(height + stepHeight / 2)));
  }
  return thresholds.length === 0 ? null : { kind: 'isotonic', thresholds, values };
}

/** The margin at which the curve reaches a height, and the heights of the least and the greatest margin. */
function curveOf(blocks: readonly Block[], slope: number, margins: ArrayLike<number>) {
  const points = blocks.map(({ margin, rate }) => ({ margin, height: Math.log(rate / (1 - rate)) }));
  const [first, last] = [points[0]!, points.at(-1)!];
  let lowest = first.margin;
  let greatest = last.margin;
  for (let i = 0; i < margins.length; i += 1) {
    lowest = Math.min(lowest, margins[i]!);
    greatest = Math.max(greatest, margins[i]!);
  }
  function curve(height: number): number {
    if (height <= first.height) return first.margin + (height - first.height) / slope;
    const above = points.findIndex((point) => height <= point.height);
    if (above === -1) return last.margin + (height - last.height) / slope;
    const [a, b] = [points[above - 1]!, points[above]!];
    return a.margin + ((height - a.height) / (b.height - a.height)) * (b.margin - a.margin);
  }
  const least = first.height + slope * (lowest - first.margin);
  return { curve, least, most: last.height + slope * (greatest - last.margin) };
}

/** Blocks of about the same weight by rising margin; equal margins stay together. One row of the base rate is mixed in, so no rate is 0 or 1. */
function heavyBlocks(rows: WeightedMargins): Block[] {
  const { margins, labels, weights } = rows;
  const count = blockCount(rows);
  const order = ascending(margins).filter((row) => weights[row]! > 0);
  const all = order.reduce((sum, row) => sum + weights[row]!, 0);
  const base = weightedMean(Float64Array.from(labels), weights);
  const blocks: Block[] = [];
  let [weight, margin, positives, passed] = [0, 0, 0, 0];
  order.forEach((row, i) => {
    weight += weights[row]!;
    margin += weights[row]! * margins[row]!;
    positives += weights[row]! * labels[row]!;
    passed += weights[row]!;
    const last = i + 1 === order.length;
    const tied = !last && margins[order[i + 1]!] === margins[row];
    const full = passed >= (all / count) * (blocks.length + 1) - 1e-9 * all;
    if (tied || !(full || last)) return;
    blocks.push({ weight, margin: margin / weight, rate: (positives + base) / (weight + 1) });
    [weight, margin, positives] = [0, 0, 0];
  });
  return blocks;
}

/** Pools neighbours until rates rise. */
function pooled(blocks: readonly Block[]): Block[] {
  const rising: Block[] = [];
  for (const block of blocks) {
    let last = block;
    for (let before = rising.at(-1); before !== undefined && before.rate >= last.rate; before = rising.at(-1)) {
      rising.pop();
      last = joined(before, last);
    }
    rising.push(last);
  }
  return rising;
}

function joined(a: Block, b: Block): Block {
  const weight = a.weight + b.weight;
  const mean = (x: number, y: number): number => (a.weight * x + b.weight * y) / weight;
  return { weight, margin: mean(a.margin, b.margin), rate: mean(a.rate, b.rate) };
}
