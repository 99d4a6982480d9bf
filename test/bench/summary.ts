/** What is told of a set of samples; milliseconds unless the metric's name says otherwise. */
export interface Summary {
  readonly n: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Percentiles by nearest rank: each is a value that was really measured. @throws when there is no sample: nothing has no percentile */
export function summarise(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new Error('expected samples to summarise, got none');
  const sorted = samples.toSorted((a, b) => a - b);
  const rank = (share: number): number => hundredths(sorted[Math.ceil(share * sorted.length) - 1]!);
  const [p50, p90, p95, p99] = [rank(0.5), rank(0.9), rank(0.95), rank(0.99)];
  return { n: sorted.length, p50, p90, p95, p99, max: hundredths(sorted.at(-1)!) };
}

export function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
