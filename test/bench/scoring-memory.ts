import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface MemoryFigures {
  readonly rows: number;
  /** Rows of the answer; fewer than `rows` is a fault. */
  readonly scored: number;
  /** The largest sum, over all looks, of what the command and the scoring process held in memory at one time. */
  readonly peakMiB: number;
  /** The same by the kernel's own high-water marks, of each process by itself: an upper end. */
  readonly peakEachMiB: number;
  readonly seconds: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url).href);
const launcher = join(root, 'cli/leadwright.mjs');
const lookMs = 100;

/**
 * `model score` on a file of so many rows, as whoever calls it would: the product's own command, in a process of its own.
 * @param patienceMs  the command is ended after this long, and no figure is told
 * @returns undefined where the machine tells no memory of processes, or the time was up
 */
export async function measureMemory(rows: number, patienceMs: number): Promise<MemoryFigures | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'leadwright-bench-memory-'));
  try {
    await writeRows(join(folder, 'learned.csv'), 5_000, true);
    await writeRows(join(folder, 'rows.csv'), rows, false);
    await writeFile(join(folder, 'schema.json'), JSON.stringify(schema));
    const model = ['--out', 'model', '--data', 'learned.csv', '--schema', 'schema.json'];
    const trained = await command(folder, ['model', 'train', ...model], patienceMs);
    if (trained === undefined) return undefined;
    const order = ['model', 'score', '--model', 'model', '--data', 'rows.csv', '--out', 'scores.csv'];
    const done = await command(folder, order, patienceMs);
    if (done === undefined || done.peak === 0) return undefined;
    const scored = (await linesOf(join(folder, 'scores.csv'))) - 1;
    return { rows, scored, peakMiB: done.peak / 1_024, peakEachMiB: done.each / 1_024, seconds: done.seconds };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const numbers = Array.from({ length: 12 }, (_, i) => `n${i}`);
const schema = {
  task: 'classify',
  label: 'won',
  positive: 'yes',
  id: 'id',
  decisionStage: 'capture',
  features: [
    ...numbers.map((name) => ({ name, type: 'number', knownAt: 'capture' })),
    { name: 'source', type: 'category', knownAt: 'capture' },
  ],
};
const sources = ['web', 'phone', 'referral', 'open house', ''];

async function writeRows(path: string, rows: number, labelled: boolean): Promise<void> {
  const stream = createWriteStream(path);
  stream.write(`id,${numbers.join(',')},source${labelled ? ',won' : ''}\n`);
  for (let from = 0; from < rows; from += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, rows - from) }, (_, i) => line(from + i, labelled));
    if (!stream.write(lines.join(''))) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
}

function line(row: number, labelled: boolean): string {
  const values = numbers.map((_, at) => (row * (2 * at + 7919)) % 1_009);
  const source = sources[(row * 13) % sources.length]!;
  const won = values[0]! + values[1]! > 1_000 || (source === 'web' && row % 3 === 0);
  return `r${row},${values.join(',')},${source}${labelled ? (won ? ',yes' : ',no') : ''}\n`;
}

interface Ran {
  /** KiB. */
  readonly peak: number;
  readonly each: number;
  readonly seconds: number;
}

/** @throws when the command fails by itself */
async function command(cwd: string, args: readonly string[], patienceMs: number): Promise<Ran | undefined> {
  const began = performance.now();
  const child = spawn(process.execPath, [launcher, ...args], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-2_000)));
  let [peak, late] = [0, false];
  const marks = new Map<number, number>();
  const looks = setInterval(() => {
    const held = family(child.pid!).map((pid) => ({ pid, ...memoryOf(pid) }));
    peak = Math.max(
      peak,
      held.reduce((sum, { now }) => sum + now, 0),
    );
    for (const { pid, most } of held) marks.set(pid, Math.max(most, marks.get(pid) ?? 0));
  }, lookMs);
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, patienceMs);
  const [code] = (await exited) as [number | null];
  clearInterval(looks);
  clearTimeout(timer);
  if (late) return undefined;
  if (code !== 0) throw new Error(`${args.slice(0, 2).join(' ')} ended with ${code}: ${said}`);
  const each = [...marks.values()].reduce((sum, most) => sum + most, 0);
  return { peak, each, seconds: (performance.now() - began) / 1_000 };
}

/** A process and all that came of it. */
function family(pid: number): number[] {
  const children = (parent: number): number[] => {
    try {
      return readdirSync(`/proc/${parent}/task`).flatMap((task) =>
        readFileSync(`/proc/${parent}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
      );
    } catch {
      return [];
    }
  };
  return [pid, ...children(pid).flatMap(family)];
}

/** KiB of real memory that a process holds, and held at most; zeros when it is gone. */
function memoryOf(pid: number): { readonly now: number; readonly most: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const of = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
    return { now: of('VmRSS'), most: of('VmHWM') };
  } catch {
    return { now: 0, most: 0 };
  }
}

async function linesOf(path: string): Promise<number> {
  const file = await open(path);
  let lines = 0;
  try {
    for await (const piece of file.createReadStream()) for (const byte of piece as Buffer) if (byte === 10) lines += 1;
  } finally {
    await file.close();
  }
  return lines;
}
