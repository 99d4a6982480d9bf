import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readModelDir } from '../../cli/model-dir.ts';
import { modelCommand } from '../support/model-command.ts';

const launcher = fileURLToPath(new URL('../../cli/leadwright.mjs', import.meta.url).href);
const order = (out: string) => ['train', '--data', 'leads.csv', '--schema', 'schema.json', '--out', out, '--seed', '4'];
let folder: string;

const progress = (): string => join(folder, 'model.progress');
const linesKept = (): number =>
  existsSync(progress()) ? readFileSync(progress(), 'latin1').split('\n').length - 1 : 0;

/** Trains in a process of its own, and ends it by the signal once the file beside the model has so many lines. */
async function trainUntil(lines: number, signal: 'SIGKILL' | 'SIGINT'): Promise<void> {
  const child = spawn(process.execPath, [launcher, 'model', ...order('model')], { cwd: folder, stdio: 'ignore' });
  const ended = once(child, 'exit');
  while (child.exitCode === null && linesKept() < lines) await pause(2);
  child.kill(signal);
  expect(await ended).toEqual([null, signal]);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leadwright-train-killed-'));
  const features = ['a', 'b', 'c', 'd'].map((name) => ({ name, type: 'number', knownAt: 'capture' }));
  const schema = { task: 'classify', label: 'won', positive: '1', id: 'id', decisionStage: 'capture', features };
  writeFileSync(join(folder, 'schema.json'), JSON.stringify(schema));
  const row = (i: number): string => {
    const values = [7, 11, 13, 17].map((step) => (i * step * step) % 101);
    const won = values[0]! > 50 !== values[1]! > 50 ? i % 5 > 0 : i % 5 === 0;
    return `r${i},${values.join(',')},${won ? 1 : 0}`;
  };
  writeFileSync(
    join(folder, 'leads.csv'),
    `id,a,b,c,d,won\n${Array.from({ length: 600 }, (_, i) => row(i)).join('\n')}\n`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('model train in a process that is ended midway', () => {
  it('goes on when it is ordered again, and makes the same bytes as one that was left alone', async () => {
    const alone = await modelCommand(folder, ...order('alone'));
    expect([alone.code, readdirSync(folder).includes('alone.progress')]).toEqual([0, false]);
    await trainUntil(40, 'SIGKILL');
    expect(existsSync(join(folder, 'model'))).toBe(false);
    const first = linesKept();
    // A kill may cut the last line off.
    writeFileSync(progress(), readFileSync(progress(), 'latin1').slice(0, -30));
    await trainUntil(first + 60, 'SIGINT');
    const kept = linesKept();
    expect(kept).toBeGreaterThanOrEqual(first + 60);
    const last = await modelCommand(folder, ...order('model'));
    expect([last.code, last.err]).toEqual([0, expect.stringContaining(`goes on after ${kept - 1} trees`)]);
    const [whole, continued] = ['alone', 'model'].map((name) => readFileSync(join(folder, name, 'model.onnx')));
    expect(continued!.equals(whole!)).toBe(true);
    expect(existsSync(progress())).toBe(false);
  });

  it('leaves the model of before whole, and begins anew where data, schema or seed are others', async () => {
    const io = { out: () => {}, err: () => {}, terminal: false, colour: false, env: {}, cwd: folder };
    const before = await readModelDir(io, 'model');
    await trainUntil(30, 'SIGKILL');
    expect((await readModelDir(io, 'model')).bytes).toEqual(before.bytes);
    const other = await modelCommand(folder, ...order('model').slice(0, -1), '5');
    expect([other.code, other.err]).toEqual([0, expect.not.stringContaining('goes on')]);
    const again = await modelCommand(folder, ...order('other').slice(0, -1), '5');
    expect(again.code).toBe(0);
    const [one, two] = ['model', 'other'].map((name) => readFileSync(join(folder, name, 'model.onnx')));
    expect(one!.equals(two!)).toBe(true);
    expect(one!.equals(before.bytes)).toBe(false);
  });

  it('begins anew where what was kept cannot be used', async () => {
    await trainUntil(30, 'SIGKILL');
    // A tree that cannot be walked, as a file that was altered may hold.
    writeFileSync(progress(), readFileSync(progress(), 'utf8').replace(/"left":\[\d+/, '"left":[0'));
    const { code, err } = await modelCommand(folder, ...order('model'));
    expect([code, err]).toEqual([0, expect.stringContaining('it begins anew')]);
    const [whole, anew] = ['alone', 'model'].map((name) => readFileSync(join(folder, name, 'model.onnx')));
    expect(anew!.equals(whole!)).toBe(true);
  });
});
