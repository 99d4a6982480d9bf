import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { serialize } from 'node:v8';
import { afterEach, describe, expect, it } from '@jest/globals';
import { treesOnnx } from '../../../domain/scoring/onnx/trees-onnx.ts';
import { startEngine, type Engine, type Loaded } from '../../../integrations/onnx/engine.ts';
import { startProcess } from '../../../integrations/onnx/life.ts';
import { threadOver, type Answer } from '../../../integrations/onnx/thread.ts';
import { recordingLog } from '../../support/ghl-crm.ts';
import { createRandom } from '../../support/random.ts';
import { randomMatrix, randomMetadata, randomModel, walk } from '../../support/random-trees.ts';
import { standStill } from '../../support/stand-still.ts';
import { until } from '../../support/until.ts';

/** What befalls a scoring process and its pipes. */

const features = 4;
const random = createRandom(9);
const model = randomModel(random, 'squared', { trees: 5, leaves: 6, features });
const bytes = treesOnnx(model, null, randomMetadata(features));
const rows = 4_096;
const matrix = randomMatrix(random, rows, features);

let engine: Engine | undefined;
let children: ChildProcess[];
let log: ReturnType<typeof recordingLog>;
afterEach(() => engine?.close());

/** @param starts  one process after another; the last way is every further one's */
function begin(threads: number, ...starts: readonly ((threads: number) => ChildProcess)[]): Engine {
  [children, log] = [[], recordingLog()];
  engine = startEngine(log, {
    threads,
    start(count) {
      const child = starts[Math.min(children.length, starts.length - 1)]!(count);
      children.push(child);
      return child;
    },
  });
  return engine;
}

/**
 * A process in the place of ours, which answers each request on each of its pipes by an expression of `request` and `pipe`: the bytes of a
 * frame's body, or of a whole frame. It says on its errors what it was asked.
 */
function other(answer: string): (threads: number) => ChildProcess {
  const program = `
    const { readSync, writeSync } = require('node:fs');
    const { deserialize, serialize } = require('node:v8');
    const threads = Number(process.argv[1]);
    const read = (pipe, count) => {
      const bytes = Buffer.alloc(count);
      for (let at = 0; at < count;) {
        let more = 0;
        try { more = readSync(pipe, bytes, at, count - at); } catch { /* closed as well */ }
        // Whoever closed the pipe ends it, too; by itself it goes only where that one is gone.
        if (more === 0) {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
          process.exit();
        }
        at += more;
      }
      return bytes;
    };
    const framed = (body) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(body.length);
      return Buffer.concat([length, body]);
    };
    const said = (value) => framed(serialize(value));
    for (;;) for (let pipe = 3; pipe < 3 + threads; pipe += 1) {
      const request = deserialize(read(pipe, read(pipe, 4).readUInt32LE()));
      writeSync(2, pipe + ':' + request.kind + ' ');
      writeSync(pipe, ${answer});
    }`;
  return (threads) =>
    spawn(process.execPath, ['-e', program, String(threads)], {
      stdio: ['pipe', 'ignore', 'pipe', ...Array<'pipe'>(threads).fill('pipe')],
    });
}

const failed = `said({ ok: false, why: 'failed', detail: 'out of memory' })`;

async function loaded(by: Engine): Promise<Loaded> {
  const answer = await by.load(bytes, features);
  if (!answer.ok) throw new Error(answer.detail);
  return answer;
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('a new process that cannot load a model of before', () => {
  it('is ended, with a word in the log, and the request goes to the next one', async () => {
    const one = await loaded(begin(1, startProcess, other(failed), startProcess));
    expect(await one.run(matrix, rows)).toMatchObject({ ok: true });
    await killed(children[0]!);
    expect(await one.run(matrix, rows)).toMatchObject({ ok: true, outputs: { margin: walk(model, matrix) } });
    expect(children).toHaveLength(3);
    expect(
      log.lines.filter((line) => line.includes('cannot load a model') && line.includes('out of memory')),
    ).toHaveLength(1);
  });

  it('is left alone for a while when the next ones cannot either, instead of answering that there is no model', async () => {
    const one = await loaded(begin(1, startProcess, other(failed)));
    await killed(children[0]!);
    const answers: Answer[] = [];
    for (let i = 0; i < 4; i += 1) answers.push(await one.run(matrix, rows));
    expect(answers.every((answer) => !answer.ok && answer.why === 'lost')).toBe(true);
    expect(answers.at(-1)).toMatchObject({ detail: expect.stringContaining('keeps dying') });
    expect(children.length).toBeLessThan(5);
  });
});

describe('a model', () => {
  it('that one thread cannot load is forgotten by the others', async () => {
    const by = begin(2, other(`pipe === 3 ? said({ ok: true, outputs: {} }) : ${failed}`));
    const answered = by.load(bytes, features);
    let asked = '';
    children[0]!.stderr!.on('data', (text: string) => (asked += text));
    expect(await answered).toEqual({ ok: false, why: 'failed', detail: 'out of memory' });
    await until(() => asked.includes('4:unload'));
    expect(asked.split(' ').filter(Boolean)).toEqual(['3:load', '4:load', '3:unload', '4:unload']);
  });

  it('goes once every run of it is answered', async () => {
    const one = await loaded(begin(1, startProcess));
    await standStill(children[0]!);
    const [asked, gone] = [one.run(matrix, rows), one.unload()];
    children[0]!.kill('SIGCONT');
    expect(await asked).toMatchObject({ ok: true, outputs: { margin: walk(model, matrix) } });
    await gone;
    expect(await one.run(matrix, rows)).toMatchObject({ ok: false, why: 'failed' });
  });

  it('that is to go starts no process', async () => {
    const one = await loaded(begin(1, startProcess));
    await standStill(children[0]!);
    const gone = one.unload();
    await killed(children[0]!);
    await gone;
    expect(children).toHaveLength(1);
  });
});

describe('the end of a process', () => {
  it('is told by what ended it, though its pipe breaks first', async () => {
    const one = await loaded(begin(1, startProcess));
    await standStill(children[0]!);
    const asked = one.run(matrix, rows);
    (children[0]!.stdio[3] as Socket).destroy(new Error('read ECONNRESET'));
    expect(await asked).toMatchObject({ ok: true });
    expect(log.lines.filter((line) => line.includes('ended by SIGKILL (read ECONNRESET)')).length).toBeGreaterThan(0);
  });
});

describe('an answer that is none', () => {
  it.each([
    ['cannot be read', 'framed(Buffer.from([1, 2, 3]))', 'SIGKILL'],
    ['is announced longer than any', 'Buffer.from([255, 255, 255, 255])', 'a frame of 4294967299 bytes is announced'],
  ])('ends its process and nothing else when it %s', async (_, answer, said) => {
    const by = begin(1, other(answer), other(answer), startProcess);
    expect(await by.load(bytes, features)).toMatchObject({
      ok: false,
      why: 'lost',
      detail: expect.stringContaining(said),
    });
    await until(() => children.slice(0, 2).every(({ signalCode }) => signalCode === 'SIGKILL'));
    expect(await (await loaded(by)).run(matrix, rows)).toMatchObject({ ok: true });
  });
});

describe('answers in pieces', () => {
  it.each([1, 3, 7, 1_000])('are put together, cut at every %s bytes', async (size) => {
    const answers: Answer[] = Array.from({ length: 5 }, (_, i) => ({
      ok: true,
      outputs: { margin: Float64Array.from({ length: 40 * i }, (_one, at) => at + i) },
    }));
    const pipe = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
    const thread = threadOver(pipe);
    const asked = answers.map(() => thread.ask(Buffer.alloc(4)));
    const frames = answers.map((answer) => {
      const body = serialize(answer);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(body.length);
      return Buffer.concat([length, body]);
    });
    const all = Buffer.concat(frames);
    for (let at = 0; at < all.length; at += size) pipe.push(all.subarray(at, at + size));
    expect(await Promise.all(asked)).toEqual(answers);
    expect(thread.asked()).toBe(0);
  });
});
