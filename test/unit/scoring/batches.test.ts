import { describe, expect, it } from '@jest/globals';
import { chunkRows, createBatches } from '../../../integrations/onnx/batches.ts';
import type { Answer } from '../../../integrations/onnx/thread.ts';
import { until } from '../../support/until.ts';

interface Batch {
  readonly rows: number;
  readonly features: Float32Array;
  readonly settle: (answer: Answer) => void;
}

/** Batches as a thread would get them; each is answered when the test says so, with twice each number and the sum of each row. */
function watched(threads = 1) {
  const sent: Batch[] = [];
  const run = createBatches({
    columns: 2,
    threads,
    run: (features, rows) => new Promise((settle) => sent.push({ rows, features, settle })),
  });
  const answer = ({ features, rows, settle }: Batch): void =>
    settle({
      ok: true,
      outputs: {
        twice: features.map((value) => 2 * value),
        sum: Float64Array.from({ length: rows }, (_, i) => features[2 * i]! + features[2 * i + 1]!),
      },
    });
  const answerNext = async (): Promise<void> => {
    await until(() => sent.length > 0);
    answer(sent.shift()!);
  };
  return { run, sent, answerNext };
}

function matrix(rows: number, from = 0): Float32Array {
  return Float32Array.from({ length: 2 * rows }, (_, i) => from + i);
}

function sums(rows: number, from = 0): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => 2 * from + 4 * i + 1);
}

describe('batches', () => {
  it('send a request at once when a thread is idle', () => {
    const { run, sent } = watched(2);
    void run(matrix(1), 1);
    expect(sent.map((batch) => batch.rows)).toEqual([1]);
    void run(matrix(3), 3);
    expect(sent.map((batch) => batch.rows)).toEqual([1, 3]);
  });

  it('let requests travel together while the thread is at work, and give each its own rows back', async () => {
    const { run, sent, answerNext } = watched();
    const first = run(matrix(1), 1);
    const others = [run(matrix(2, 10), 2), run(matrix(1, 20), 1), run(matrix(3, 30), 3)];
    expect(sent).toHaveLength(1);
    await until(() => sent.length === 2);
    expect(sent.map((batch) => batch.rows)).toEqual([1, 6]);
    await answerNext();
    await answerNext();
    expect(await first).toEqual({ ok: true, outputs: { twice: matrix(1).map((v) => 2 * v), sum: sums(1) } });
    expect(await Promise.all(others)).toEqual(
      [[2, 10] as const, [1, 20] as const, [3, 30] as const].map(([rows, from]) => ({
        ok: true,
        outputs: { twice: matrix(rows, from).map((value) => 2 * value), sum: sums(rows, from) },
      })),
    );
  });

  it('do not wait for others once a batch is full, and have one more at the door than is worked on', () => {
    const { run, sent } = watched();
    void run(matrix(1), 1);
    void run(matrix(3 * chunkRows), 3 * chunkRows);
    expect(sent.map((batch) => batch.rows)).toEqual([1, chunkRows]);
  });

  it('cut a large request up and put it together again', async () => {
    const { run, answerNext } = watched();
    const rows = 2 * chunkRows + 5;
    const answered = run(matrix(rows), rows);
    for (let i = 0; i < 3; i++) await answerNext();
    expect(await answered).toEqual({
      ok: true,
      outputs: { twice: matrix(rows).map((value) => 2 * value), sum: sums(rows) },
    });
  });

  it('take short requests before the rest of a long one, and do not make them wait for a part of it', async () => {
    const { run, sent, answerNext } = watched();
    const long = run(matrix(4 * chunkRows), 4 * chunkRows);
    const short = [run(matrix(1, 7), 1), run(matrix(2, 9), 2)];
    await answerNext();
    await answerNext();
    await until(() => sent.length === 2);
    expect(sent.map((batch) => batch.rows)).toEqual([3, chunkRows]);
    await answerNext();
    expect(await Promise.all(short)).toMatchObject([
      { outputs: { sum: sums(1, 7) } },
      { outputs: { sum: sums(2, 9) } },
    ]);
    for (let i = 0; i < 2; i++) await answerNext();
    expect(await long).toMatchObject({ ok: true, outputs: { sum: sums(4 * chunkRows) } });
  });

  it('tell every request of a batch that it failed, once, and go on with the others', async () => {
    const { run, sent, answerNext } = watched();
    const long = run(matrix(3 * chunkRows), 3 * chunkRows);
    const lost: Answer = { ok: false, why: 'lost', detail: 'gone' };
    sent.shift()!.settle(lost);
    expect(await long).toBe(lost);
    const next = run(matrix(1), 1);
    for (let i = 0; i < 2; i++) await answerNext();
    expect(await next).toMatchObject({ ok: true });
    expect(sent).toEqual([]);
  });

  it.each([
    [0, 0],
    [2, 3],
    [1.5, 3],
    [-1, -2],
  ])('refuse %d rows of %d numbers', (rows, numbers) => {
    expect(() => watched().run(new Float32Array(Math.max(0, numbers)), rows)).toThrow(RangeError);
  });
});
