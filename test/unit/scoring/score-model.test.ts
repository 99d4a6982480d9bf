import { execFile, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Log } from '../../../domain/ports/log.ts';
import type { ScoreModel } from '../../../domain/ports/score-model.ts';
import { featureNames } from '../../../domain/scoring/features.ts';
import { readOnnxMetadata, writeOnnx } from '../../../domain/scoring/onnx/onnx-writer.ts';
import { logOddsOf, scoreByRules, weights } from '../../../domain/scoring/scorecard.ts';
import { scorecardModel } from '../../../domain/scoring/onnx/scorecard-model.ts';
import type { Score, ScoreFacts } from '../../../domain/scoring/score.ts';
import { buildModel } from '../../../integrations/onnx/build-model.ts';
import { bundledModelFile, featureSchemaHash, sha256 } from '../../../integrations/onnx/model-file.ts';
import type { Engine } from '../../../integrations/onnx/engine.ts';
import { createScoreModel, type FallbackReason } from '../../../integrations/onnx/score-model.ts';
import { sampleFacts } from '../../support/random-facts.ts';
import { watchedEngine } from '../../support/scoring-engine.ts';
import { standStill } from '../../support/stand-still.ts';
import { until } from '../../support/until.ts';

const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const identity = { name: 'scorecard-test', schemaHash: featureSchemaHash };

let engine: Engine;
let folder: string;
let fallbacks: [FallbackReason, number][];
const opened: (ScoreModel | Engine)[] = [];

beforeAll(() => {
  ({ engine } = watchedEngine());
});
afterAll(() => engine.close());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leadwright-model-'));
  fallbacks = [];
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((model) => model.close()));
  await rm(folder, { recursive: true });
});

async function open(modelFile: string): Promise<ScoreModel> {
  const onFallback = (reason: FallbackReason, scores: number): void => void fallbacks.push([reason, scores]);
  const model = await createScoreModel({ modelFile, engine, log, onFallback });
  opened.push(model);
  return model;
}

/** A model file with a manifest that fits it, whatever the bytes are. */
async function publish(
  bytes: Uint8Array,
  manifest: object = { name: identity.name, sha256: sha256(bytes) },
): Promise<string> {
  const file = join(folder, 'model.onnx');
  await writeFile(file, bytes);
  await writeFile(join(folder, 'model.json'), JSON.stringify(manifest));
  return file;
}

/** The same score, whoever spoke. */
function unnamed(scores: readonly Score[]): Omit<Score, 'model'>[] {
  return scores.map(({ model: _, ...score }) => score);
}

describe('the bundled model', () => {
  it('is what its source gives, byte for byte', async () => {
    const { bytes, manifest } = buildModel();
    expect(sha256(await readFile(bundledModelFile))).toBe(sha256(bytes));
    expect(await readFile(bundledModelFile.replace(/onnx$/, 'json'), 'utf8')).toBe(manifest);
  });

  it('says in its metadata which features it takes, in which order', async () => {
    expect(readOnnxMetadata(await readFile(bundledModelFile))).toEqual({
      name: 'scorecard-1',
      schema_hash: featureSchemaHash,
      feature_order: featureNames.join(','),
      baseline: '0',
      code_version: '1',
    });
  });

  it('gives the scores of the reference in TypeScript', async () => {
    const model = await open(bundledModelFile);
    const facts = sampleFacts(2_000, 1);
    const scores = await model.score(facts);
    expect(unnamed(scores)).toEqual(unnamed(facts.map(scoreByRules)));
    expect(new Set(scores.map((score) => score.model))).toEqual(new Set(['scorecard-1']));
    expect([model.name, model.healthy, fallbacks]).toEqual(['scorecard-1', true, []]);
  });

  it('agrees on confidence and tier for each of the 256 ways in which features can be missing', async () => {
    const parts: Partial<ScoreFacts>[] = [
      { emailsSent: 2, emailOpens: 2, emailClicks: 2 },
      { budget: 400_000, viewedPrices: [400_000] },
      { responseHours: [0.5] },
      { timeline: 'asap' },
      { pageViews: 20 },
      { messages: ['Budget? Cash? Where?'] },
      { propertyMatches: 10 },
      { source: 'referral' },
    ];
    const facts = Array.from({ length: 256 }, (_, mask) =>
      Object.assign({ asOf: '2026-03-01T12:00:00.000Z' }, ...parts.filter((__, i) => mask & (1 << i))),
    ) as ScoreFacts[];
    const scores = await (await open(bundledModelFile)).score(facts);
    const verdict = ({ confidence, tier }: Score): object => ({ confidence, tier });
    expect(scores.map(verdict)).toEqual(facts.map((one) => verdict(scoreByRules(one))));
    expect(new Set(scores.map((score) => score.reasons.filter((reason) => reason.value === null).length)).size).toBe(9);
  });

  it('adds up: baseline and contributions are the log-odds of the value', async () => {
    const scores = await (await open(bundledModelFile)).score(sampleFacts(500, 2));
    for (const score of scores) {
      const odds = Math.log(score.value / (100 - score.value));
      expect(Math.abs(logOddsOf(score) - odds)).toBeLessThan(1e-6);
    }
  });

  it.each([1, 40, 64, 512])('gives the same bits one by one and in batches of %d', async (size) => {
    const model = await open(bundledModelFile);
    const facts = sampleFacts(512, 3);
    const single = await Promise.all(facts.map(async (one) => (await model.score([one]))[0]!));
    const batched: Score[] = [];
    for (let at = 0; at < facts.length; at += size) batched.push(...(await model.score(facts.slice(at, at + size))));
    expect(batched).toEqual(single);
    expect(fallbacks).toEqual([]);
  });

  it('scores nobody without being asked', async () => {
    expect(await (await open(bundledModelFile)).score([])).toEqual([]);
  });
});

describe('a damaged model', () => {
  const good = scorecardModel(identity);
  const flipped = good.map((byte, i) => (i === 700 ? byte ^ 1 : byte));
  const manifest = { name: identity.name, sha256: sha256(good) };

  const otherSchema = scorecardModel({ ...identity, schemaHash: sha256(new TextEncoder().encode('other')) });
  const noSuchOperator = writeOnnx({
    name: 'x',
    inputs: [{ name: 'features', columns: 8 }],
    outputs: [{ name: 'contributions', columns: 8 }],
    constants: [],
    nodes: [{ operator: 'Guess', inputs: ['features'], output: 'contributions' }],
    metadata: readOnnxMetadata(good),
  });

  const damages: [string, () => Promise<string>][] = [
    ['missing', async () => join(folder, 'model.onnx')],
    [
      'without its manifest',
      async () => publish(good).then(async (file) => (await rm(join(folder, 'model.json')), file)),
    ],
    ['under a manifest that is no manifest', () => publish(good, [])],
    ['cut short', () => publish(good.slice(0, 900), manifest)],
    ['cut short, under a manifest that fits', () => publish(good.slice(0, 900))],
    ['one bit off', () => publish(flipped, manifest)],
    ['empty', () => publish(new Uint8Array())],
    ['made for other features', () => publish(otherSchema)],
    ['not loadable by the runtime', () => publish(noSuchOperator)],
  ];

  it.each(damages)('is replaced by the rules, flagged and counted, when %s', async (_, damage) => {
    const model = await open(await damage());
    const facts = sampleFacts(3, 4);
    expect([model.name, model.healthy]).toEqual(['rules-fallback', false]);
    expect(await model.score(facts)).toEqual(facts.map(scoreByRules));
    expect(fallbacks).toEqual([['model-damaged', 3]]);
  });

  it('is loaded when nothing is wrong with it', async () => {
    expect(await open(await publish(good))).toMatchObject({ name: identity.name, healthy: true });
  });

  it('never passes off what is not a number: such a score comes from the rules, flagged and counted', async () => {
    // An infinite slope gives NaN where the feature is neutral and infinity elsewhere; a missing feature stays harmless.
    const model = await open(await publish(scorecardModel(identity, { ...weights, source: Number.POSITIVE_INFINITY })));
    const at = { asOf: '2026-03-01T12:00:00.000Z' };
    const facts: ScoreFacts[] = [
      { ...at, pageViews: 3, source: 'referral' },
      { ...at, source: 'paid' },
    ];
    expect(await model.score(facts)).toEqual(facts.map(scoreByRules));
    expect(fallbacks).toEqual([['unsound-output', 2]]);
    expect(model.healthy).toBe(false);
  });
});

describe('a scoring process that dies', () => {
  async function supervised(...options: Parameters<typeof watchedEngine>) {
    const watched = watchedEngine(...options);
    opened.push(watched.engine);
    const onFallback = (reason: FallbackReason, scores: number): void => void fallbacks.push([reason, scores]);
    const where = { modelFile: bundledModelFile, engine: watched.engine, log };
    const model = await createScoreModel({ ...where, onFallback });
    return { model, children: watched.children };
  }
  const facts = sampleFacts(40, 5);
  const end = (child: ChildProcess | undefined): boolean => child!.kill('SIGKILL');

  it('is started anew and asked again', async () => {
    const { model, children } = await supervised();
    const before = await model.score(facts);
    await standStill(children[0]!);
    const asked = model.score(facts);
    end(children[0]);
    expect(await asked).toEqual(before);
    expect(children).toHaveLength(2);
    expect([model.healthy, fallbacks]).toEqual([true, []]);
  });

  it('is started anew by the next request when it died idle', async () => {
    const { model, children } = await supervised();
    const before = await model.score(facts);
    end(children[0]);
    await once(children[0]!, 'exit');
    expect(await model.score(facts)).toEqual(before);
    expect(children).toHaveLength(2);
  });

  it('leaves the word to the rules, flagged and counted, when it dies twice, and speaks again afterwards', async () => {
    const { model, children } = await supervised({}, (child, count) => count === 2 && end(child));
    await standStill(children[0]!);
    const asked = model.score(facts);
    end(children[0]);
    expect(await asked).toEqual(facts.map(scoreByRules));
    expect([model.healthy, fallbacks]).toEqual([false, [['process-lost', 40]]]);

    expect((await model.score(facts))[0]!.model).toBe('scorecard-1');
    expect(model.healthy).toBe(true);
  });

  it('is no damaged file when it dies over loading it: the rules speak, flagged, until one loads it', async () => {
    let dying = true;
    const { engine } = watchedEngine({}, (child) => dying && end(child));
    opened.push(engine);
    const onFallback = (reason: FallbackReason, scores: number): void => void fallbacks.push([reason, scores]);
    const where = { modelFile: bundledModelFile, engine, log, onFallback };
    const model = await createScoreModel(where);
    expect(await model.score(facts)).toEqual(facts.map(scoreByRules));
    expect([model.name, model.healthy, fallbacks]).toEqual(['rules-fallback', false, [['process-lost', 40]]]);
    dying = false;
    // One that died again and again is left alone for a moment.
    await until(async () => (await model.score(facts))[0]!.model === 'scorecard-1');
    expect([model.name, model.healthy]).toEqual(['scorecard-1', true]);
  });

  it('answers every request that was under way, each with its own leads', async () => {
    const { model, children } = await supervised();
    await model.score(facts);
    await standStill(children[0]!);
    const asked = facts.map((one) => model.score([one]));
    end(children[0]);
    expect(unnamed((await Promise.all(asked)).flat())).toEqual(unnamed(facts.map(scoreByRules)));
    expect([children.length, fallbacks]).toEqual([2, []]);
  });
});

describe('the runtime', () => {
  it('leaves no trace of telemetry: nothing in the home folder, no debug log', async () => {
    const [home, temporary] = [join(folder, 'home'), join(folder, 'tmp')];
    await Promise.all([home, temporary].map((path) => mkdir(path)));
    const root = fileURLToPath(new URL('../../..', import.meta.url).href);
    const program = `
      import { createScoreModel } from './integrations/onnx/score-model.ts';
      import { bundledModelFile } from './integrations/onnx/model-file.ts';
      const log = { debug() {}, info() {}, warn() {}, error() {} };
      const model = await createScoreModel({ modelFile: bundledModelFile, log });
      const [score] = await model.score([{ asOf: '2026-03-01T12:00:00.000Z', pageViews: 20 }]);
      await model.close();
      console.log(score.model);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', program],
      {
        cwd: root,
        env: { PATH: process.env['PATH'], HOME: home, TMPDIR: temporary, TSX_DISABLE_CACHE: '1' },
      },
    );
    expect(stdout.trim()).toBe('scorecard-1');
    const left = [...(await readdir(home, { recursive: true })), ...(await readdir(temporary, { recursive: true }))];
    expect(left.filter((path) => /microsoft|mat-debug|onnxruntime|\.ses$/i.test(path))).toEqual([]);
  });
});
