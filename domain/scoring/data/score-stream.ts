import type { Scored, TreeScorer } from '../../ports/scoring.ts';

/** Rows of a matrix, one after another. */
export interface Chunk {
  readonly matrix: Float32Array;
  readonly rows: number;
}

/** Chunks that are scored while the caller reads and writes: enough that neither waits for the other. */
const ahead = 4;

/**
 * Scores chunk after chunk, in order. It reads no further ahead than a few chunks, however slowly the scores are taken, so memory
 * stays the same for any number of rows.
 */
export async function* scoreStream(scorer: TreeScorer, chunks: AsyncIterable<Chunk>): AsyncGenerator<Scored> {
  const underWay: Promise<Scored>[] = [];
  try {
    for await (const { matrix, rows } of chunks) {
      const scored = scorer.score(matrix, rows);
      // It may fail before its turn comes; the failure is thrown then.
      scored.catch(() => {});
      underWay.push(scored);
      if (underWay.length === ahead) yield await underWay.shift()!;
    }
    while (underWay.length > 0) yield await underWay.shift()!;
  } finally {
    // Whoever stops early still leaves no chunk at work behind.
    await Promise.allSettled(underWay);
  }
}
