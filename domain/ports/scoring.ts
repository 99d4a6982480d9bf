import type { StoredTreesMetadata } from '../scoring/onnx/trees-metadata.ts';

/** Serves trained models from a process apart. */
export interface Scoring {
  /**
   * Takes a model file in. Throws MODEL_DAMAGED when it is not the expected one or cannot be loaded, SCORING_LOST when the process
   * died over it, twice.
   */
  open(bytes: Uint8Array, expected: ExpectedTrees): Promise<TreeScorer>;
  /** Ends the process once what it works on is answered. */
  close(): Promise<void>;
}

/** Which file, made for which data. */
export interface ExpectedTrees {
  /** Of the model file, in hex. */
  readonly sha256: string;
  readonly schemaHash: string;
  readonly featureOrder: readonly string[];
}

/** A trained model at work. Same row, same bits, alone or in any batch. */
export interface TreeScorer {
  readonly about: StoredTreesMetadata;
  /**
   * Scores `rows` rows, one after another in `matrix`, NaN where a feature is missing; the matrix stays unchanged until then.
   * Throws RangeError when it has other columns, SCORING_LOST when the process died twice, MODEL_DAMAGED when what it said is no
   * score.
   */
  score(matrix: Float32Array, rows: number): Promise<Scored>;
  /** Gives the model's memory back. */
  close(): Promise<void>;
}

export interface Scored {
  /** Log-odds before calibration, or the target; one per row. */
  readonly margin: Float64Array;
  /** Calibrated, 0–1; null where the model says a value. */
  readonly probability: Float32Array | null;
}
