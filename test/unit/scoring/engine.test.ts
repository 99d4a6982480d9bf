import { ChildProcess, spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Log } from '../../../domain/ports/log.ts';
import { treesOnnx } from '../../../domain/scoring/onnx/trees-onnx.ts';
import { startEngine, type Engine, type EngineOptions, type Loaded } from '../../../integrations/onnx/engine.ts';
import { startProcess } from '../../../integrations/onnx/life.ts';
import { createPauses } from '../../../integrations/onnx/pauses.ts';
import { createRandom } from '../../support/random.ts';
import { randomMatrix, randomMetadata, randomModel, walk } from '../../support/random-trees.ts';
import { until } from '../../support/until.ts';

const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const features = 4;
const random = createRandom(9);
const model = randomModel(random, 'squared', { trees: 5, leaves: 6, features });
const bytes = treesOnnx(model, null, randomMetadata(features));
const matrix = randomMatrix(random, 8, features);

let engine: Engine | undefined;
afterEach(() => engine?.close());

function begin(options: EngineOptions): Engine {
  return (engine = startEngine(log, { threads: 1, ...options }));
}

/** Asks until the model is there, as whoever keeps asking does. */
async function loaded(by: Engine): Promise<Loaded> {
  let answer = await by.load(bytes, features);
  await until(async () => answer.ok || (answer = await by.load(bytes, features)).ok);
  return answer as Loaded;
}

async function expectSound(by: Engine): Promise<void> {
  expect(await (await loaded(by)).run(matrix, 8)).toMatchObject({ ok: true, outputs: { margin: walk(model, matrix) } });
}

describe('a process that cannot be started', () => {
  const ways: readonly (readonly [string, () => ChildProcess])[] = [
    [
      'memory is wanting',
      () => {
        throw new Error('spawn ENOMEM');
      },
    ],
    ['it is not there', () => spawn('/no/such/program', { stdio: ['pipe', 'ignore', 'pipe', 'pipe'] })],
    [
      // Node gives a child without any streams then, and says so a moment later.
      'descriptors are wanting',
      () => {
        const child = new ChildProcess();
        child.kill = () => {
          throw new Error('a child without a number was signalled, and with it all of our own group');
        };
        process.nextTick(() => child.emit('error', new Error('spawn EMFILE')));
        return child;
      },
    ],
  ];

  it.each(ways)('is lost, and the next request has another one, when %s', async (_, fail) => {
    let failing = true;
    const by = begin({ start: (threads) => (failing ? fail() : startProcess(threads)) });
    expect(await by.load(bytes, features)).toMatchObject({ ok: false, why: 'lost' });
    failing = false;
    await expectSound(by);
  });
});

describe('a process that dies at every start', () => {
  it('is left alone for a while, in which every request is lost at once, and then works again', async () => {
    let [dying, starts] = [true, 0];
    const by = begin({
      start(threads) {
        starts += 1;
        const child = startProcess(threads);
        if (dying) child.kill('SIGKILL');
        return child;
      },
    });
    const asked = async (): Promise<number> => {
      const before = starts;
      expect(await by.load(bytes, features)).toMatchObject({ ok: false, why: 'lost' });
      return starts - before;
    };
    expect([await asked(), await asked(), await asked()]).toEqual([2, 1, 0]);
    dying = false;
    await expectSound(by);
    expect(starts).toBe(4);
  });
});

describe('the pause before the next start', () => {
  it('comes with the third life in a row that did nothing, doubles with each, is half a minute at most, and passes', () => {
    let now = 1_000;
    const pauses = createPauses(() => now);
    const after = (worked: boolean): number => {
      pauses.ended(worked);
      return pauses.left();
    };
    const lives = Array.from({ length: 12 }, () => after(false));
    expect(lives).toEqual([0, 0, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    now += 29_999;
    expect(pauses.left()).toBe(1);
    now += 5;
    expect(pauses.left()).toBe(0);
    expect([after(true), after(false), after(false), after(false)]).toEqual([0, 0, 0, 250]);
  });
});
