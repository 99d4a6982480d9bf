import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Scored, TreeScorer } from '../../domain/ports/scoring.ts';
import { scorecardModel } from '../../domain/scoring/onnx/scorecard-model.ts';
import { scoreStream, type Chunk } from '../../domain/scoring/data/score-stream.ts';
import { treesOnnx } from '../../domain/scoring/onnx/trees-onnx.ts';
import type { Engine } from '../../integrations/onnx/engine.ts';
import { sha256 } from '../../integrations/onnx/model-file.ts';
import { createScoring } from '../../integrations/onnx/scoring.ts';
import { createRandom } from '../support/random.ts';
import { randomMatrix, randomMetadata, randomModel, randomSteps, walk } from '../support/random-trees.ts';
import { openModel, watchedEngine } from '../support/scoring-engine.ts';
import { standStill } from '../support/stand-still.ts';
import { until } from '../support/until.ts';

const features = 12;
const random = createRandom(5);
const shape = { trees: 60, leaves: 31, features };
const classifier = randomModel(random, 'logistic', shape);
const valuer = randomModel(random, 'squared', shape);
const matrix = randomMatrix(random, 4_096, features);

const engines: Engine[] = [];
afterEach(() => Promise.all(engines.splice(0).map((engine) => engine.close())));

function begin(...options: Parameters<typeof watchedEngine>): ReturnType<typeof watchedEngine> {
  const watched = watchedEngine(...options);
  engines.push(watched.engine);
  return watched;
}

function rowsOf(from: number, rows: number): Float32Array {
  return matrix.slice(from * features, (from + rows) * features);
}

describe('the same row', () => {
  it.each([
    ['without calibration', null],
    ['under Platt', { kind: 'platt', slope: 0.75, intercept: -1 }],
    ['under steps', randomSteps(random, 60)],
  ] as const)('has the same bits alone and in any batch, %s', async (_, calibrator) => {
    const scorer = await openModel(begin({ threads: 2 }).engine, classifier, calibrator);
    const whole = await scorer.score(rowsOf(0, 1_024), 1_024);
    for (const size of [1, 3, 17, 40, 64, 512]) {
      const margin: number[] = [];
      const probability: number[] = [];
      for (let at = 0; at < 1_024; at += size) {
        const rows = Math.min(size, 1_024 - at);
        const part = await scorer.score(rowsOf(at, rows), rows);
        margin.push(...part.margin);
        probability.push(...part.probability!);
      }
      expect(Float64Array.from(margin)).toEqual(whole.margin);
      expect(Float32Array.from(probability)).toEqual(whole.probability);
    }
  });

  it('has the same bits when many ask at once, and when what they ask arrives together', async () => {
    const { engine, children } = begin({ threads: 4 });
    const scorer = await openModel(engine, valuer);
    await standStill(children[0]!);
    const sizes = Array.from({ length: 400 }, (_, i) => 1 + (i % 5));
    const asked = sizes.map((rows, i) => scorer.score(rowsOf(7 * i, rows), rows));
    // As many as may be under way at once: those are read in one go.
    await new Promise((resolve) => setTimeout(resolve, 50));
    children[0]!.kill('SIGCONT');
    const margins = (await Promise.all(asked)).map(({ margin }) => margin);
    expect(margins).toEqual(sizes.map((rows, i) => walk(valuer, rowsOf(7 * i, rows))));
    expect(children).toHaveLength(1);
  });
});

describe('a model of trees', () => {
  const metadata = randomMetadata(features);
  const bytes = treesOnnx(classifier, null, metadata);
  const expected = { ...metadata, sha256: sha256(bytes) };
  const foreign = scorecardModel({ name: 'scorecard', schemaHash: metadata.schemaHash });
  // The name of the operator stands in the file once; under another name, the runtime does not know it.
  const unknown = bytes.slice();
  unknown.set(new TextEncoder().encode('TreeEnsembIe'), Buffer.from(bytes).indexOf('TreeEnsemble'));
  const short = bytes.slice(0, bytes.length - 1);

  const leaf = Buffer.from(bytes).indexOf('leaf_weights') + 100;
  it.each([
    ['altered', bytes.map((byte, i) => (i === leaf ? byte ^ 1 : byte)), expected],
    ['cut short', short, expected],
    ['cut short, under a hash that fits', short, { ...expected, sha256: sha256(short) }],
    ['empty', new Uint8Array(), { ...expected, sha256: sha256(new Uint8Array()) }],
    ['from another maker', foreign, { ...expected, sha256: sha256(foreign) }],
    ['made for another schema', bytes, { ...expected, schemaHash: 'other' }],
    ['made for other columns', bytes, { ...expected, featureOrder: [...metadata.featureOrder].reverse() }],
    ['unknown to the runtime', unknown, { ...expected, sha256: sha256(unknown) }],
  ])('is refused when it is %s', async (_, file, wanted) => {
    await expect(createScoring(begin().engine).open(file, wanted)).rejects.toMatchObject({ code: 'MODEL_DAMAGED' });
  });

  it('is served beside others, each with its own answers, until it is closed', async () => {
    const { engine } = begin();
    const [first, second] = await Promise.all([openModel(engine, classifier), openModel(engine, valuer)]);
    const [of, and] = await Promise.all([first.score(rowsOf(0, 9), 9), second.score(rowsOf(0, 9), 9)]);
    expect([of.margin, and.margin]).toEqual([walk(classifier, rowsOf(0, 9)), walk(valuer, rowsOf(0, 9))]);
    await first.close();
    await expect(first.score(rowsOf(0, 1), 1)).rejects.toMatchObject({ code: 'SCORING_LOST' });
    expect((await second.score(rowsOf(0, 9), 9)).margin).toEqual(and.margin);
  });

  it('takes no rows, and no matrix of another width', async () => {
    const scorer = await openModel(begin().engine, classifier);
    expect(await scorer.score(new Float32Array(), 0)).toEqual({
      margin: new Float64Array(),
      probability: new Float32Array(),
    });
    await expect(scorer.score(rowsOf(0, 3), 2)).rejects.toThrow(RangeError);
    await expect(scorer.score(new Float32Array(features - 1), 1)).rejects.toThrow(RangeError);
  });
});

describe('a process that ends in a batch', () => {
  const wanted = walk(classifier, matrix);
  const ways: readonly (readonly [string, (child: ChildProcess) => unknown])[] = [
    ['it is killed', (child) => child.kill('SIGKILL')],
    ['native code aborts', (child) => child.kill('SIGABRT')],
    // Requests that are there before are answered; the answer takes more of them than may be under way at once.
    ['a thread fails', (child) => (child.stdio[3] as Socket).write(Uint8Array.of(1, 0, 0, 0, 0))],
  ];

  it.each(ways)('is started anew and gives the whole answer when %s', async (_, end) => {
    // Nobody is ended for taking too long: what is noticed here is the end itself.
    const { engine, children } = begin({ patienceMs: 300_000 });
    const scorer = await openModel(engine, classifier);
    const other = await openModel(engine, valuer);
    await standStill(children[0]!);
    const asked = scorer.score(matrix, 4_096);
    end(children[0]!);
    children[0]!.kill('SIGCONT');
    expect((await asked).margin).toEqual(wanted);
    expect((await other.score(rowsOf(0, 5), 5)).margin).toEqual(walk(valuer, rowsOf(0, 5)));
    expect(children).toHaveLength(2);
  });

  it('is ended and started anew when it hangs', async () => {
    const { engine, children } = begin({ patienceMs: 5_000 });
    const scorer = await openModel(engine, classifier);
    await standStill(children[0]!);
    expect((await scorer.score(matrix, 4_096)).margin).toEqual(wanted);
    expect([children.length, children[0]!.signalCode]).toEqual([2, 'SIGKILL']);
  });

  it('says so when it ends twice over one request, and answers the next', async () => {
    const { engine, children } = begin({}, (child, count) => count === 2 && child.kill('SIGKILL'));
    const scorer = await openModel(engine, classifier);
    await standStill(children[0]!);
    const asked = scorer.score(matrix, 4_096);
    children[0]!.kill('SIGKILL');
    await expect(asked).rejects.toMatchObject({ code: 'SCORING_LOST' });
    expect((await scorer.score(matrix, 4_096)).margin).toEqual(wanted);
    expect(children).toHaveLength(3);
  });

  it('says so when the engine is closed', async () => {
    const { engine } = begin();
    const scorer = await openModel(engine, classifier);
    await engine.close();
    await expect(scorer.score(rowsOf(0, 1), 1)).rejects.toMatchObject({ code: 'SCORING_LOST' });
  });
});

describe('a stream of chunks', () => {
  const chunk = 64;
  async function* source(counted: { read: number }, fail = false): AsyncGenerator<Chunk> {
    for (let at = 0; at < 4_096; at += chunk) {
      if (fail && at >= 1_024) throw new Error('the file ends early');
      counted.read += 1;
      yield { matrix: rowsOf(at, chunk), rows: chunk };
    }
  }

  it('is scored in order, all of it', async () => {
    const scorer = await openModel(begin().engine, classifier);
    const margins: number[] = [];
    for await (const { margin } of scoreStream(scorer, source({ read: 0 }))) margins.push(...margin);
    expect(Float64Array.from(margins)).toEqual(walk(classifier, matrix));
  });

  it('is not read ahead of whoever takes the scores slowly', async () => {
    const scorer = await openModel(begin().engine, classifier);
    const counted = { read: 0 };
    let taken = 0;
    for await (const _ of scoreStream(scorer, source(counted))) {
      taken += 1;
      await new Promise((resolve) => setTimeout(resolve, 2));
      expect(counted.read - taken).toBeLessThanOrEqual(3);
    }
    expect([counted.read, taken]).toEqual([64, 64]);
  });

  it('ends with the error of its source, or of the scorer', async () => {
    const scorer = await openModel(begin().engine, classifier);
    const drain = async (scored: AsyncIterable<Scored>): Promise<void> => {
      for await (const _ of scored);
    };
    await expect(drain(scoreStream(scorer, source({ read: 0 }, true)))).rejects.toThrow('the file ends early');
    const narrow: TreeScorer = { ...scorer, score: (of, rows) => scorer.score(of.subarray(1), rows) };
    await expect(drain(scoreStream(narrow, source({ read: 0 })))).rejects.toThrow(RangeError);
  });
});

describe('the process apart', () => {
  const root = join(import.meta.dirname, '../..');
  const program = `
    import { watchedEngine, openModel } from './test/support/scoring-engine.ts';
    import { createRandom } from './test/support/random.ts';
    import { randomModel } from './test/support/random-trees.ts';
    const { engine, children } = watchedEngine();
    const model = randomModel(createRandom(1), 'logistic', { trees: 3, leaves: 4, features: 2 });
    const scorer = await openModel(engine, model);
    const { probability } = await scorer.score(Float32Array.of(1, NaN), 1);
    console.log(JSON.stringify({ pid: children[0].pid, probability: probability[0] }));`;
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e'] as const;

  function lives(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }

  it('leaves no trace of telemetry, and keeps nobody up who has nothing to ask', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'leadwright-serving-'));
    const [home, temporary] = [join(folder, 'home'), join(folder, 'tmp')];
    await Promise.all([home, temporary].map((path) => mkdir(path)));
    const { stdout } = await promisify(execFile)(node[0], [...node.slice(1), program], {
      cwd: root,
      env: { PATH: process.env['PATH'], HOME: home, TMPDIR: temporary, TSX_DISABLE_CACHE: '1' },
    });
    const { pid, probability } = JSON.parse(stdout);
    expect(probability).toBeGreaterThan(0);
    await until(() => !lives(pid));
    const left = [...(await readdir(home, { recursive: true })), ...(await readdir(temporary, { recursive: true }))];
    expect(left.filter((path) => /microsoft|mat-debug|onnxruntime|\.ses$/i.test(path))).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('ends when its owner is killed, and not by a signal meant for its owner', async () => {
    const owner = spawn(node[0], [...node.slice(1), `${program} setInterval(() => {}, 1_000);`], { cwd: root });
    const [said] = await once(owner.stdout, 'data');
    const { pid } = JSON.parse(String(said));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.kill(pid, signal);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(lives(pid)).toBe(true);
    owner.kill('SIGKILL');
    await until(() => !lives(pid));
  });
});
