/**
 * `npm test`: starts real servers once, runs the unit tests, then the other layers in lanes beside each other, and ends with one line of sums.
 *   node test/run.mjs                 all layers
 *   node test/run.mjs unit api        these layers
 *   node test/run.mjs stop            ends the servers that test files run by hand have left running
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

const root = fileURLToPath(new URL('..', import.meta.url));
const ORDER = ['unit', 'workflow', 'replay', 'contract', 'api', 'promises', 'chaos', 'architecture'];
/** Runs before all others and alone, since it computes all the time: no servers, no native modules that are one per process. */
const FIRST = 'unit';
/**
 * How many of a layer's files run at once, each in a process; of the others one does. Jest by itself leaves a core free, which of two is
 * half. Files of the promises start the product with servers of its own and wait for two thirds of their time, mostly for what a
 * killed worker held.
 */
const AT_ONCE = { unit: '100%', promises: 2 };
/**
 * What runs beside the first lane, which takes all that is named in none. What the first lane prints is told as it comes, and of these
 * each layer at its end. The lanes are about as long as each other, and each waits enough for two cores to carry them.
 */
const BESIDE = [
  ['workflow', 'replay', 'api'],
  ['promises', 'chaos'],
];
/** Once jest has written its result it has this long to end; a file that keeps it alive left something open. */
const EXIT_GRACE_MS = 30_000;

/** Each jest that runs now. */
const running = new Set();
let interruptedBy;

register();
const support = await import('./support/world.ts');

const wanted = process.argv.slice(2);
process.exitCode = wanted[0] === 'stop' ? await stop() : await main(wanted);

async function stop() {
  await support.stopHandWorld();
  return 0;
}

async function main(names) {
  const present = await layersPresent();
  const unknown = names.filter((name) => !ORDER.includes(name) && !present.includes(name));
  if (unknown.length > 0) {
    console.error(`No such layer: ${unknown.join(', ')}. There are: ${present.join(', ')}.`);
    return 2;
  }
  const layers = names.length === 0 ? present : present.filter((name) => names.includes(name));
  const home = support.testHome(`run-${process.pid}`);
  const sums = { passed: 0, failed: 0 };
  heedSignals();
  let world;
  try {
    await support.sweepKilledRuns(home);
    world = await support.startTestWorld(home, { exclusive: true, progress: (line) => console.error(`  ${line}`) });
    const inTurn = async (ofThese, how) => {
      for (const layer of ofThese) {
        if (interruptedBy === undefined) await runLayer(layer, support.environmentOf(world), sums, how);
      }
    };
    await inTurn(layers.filter((layer) => layer === FIRST));
    const rest = layers.filter((layer) => layer !== FIRST);
    const lanes = [rest.filter((layer) => !BESIDE.flat().includes(layer))];
    for (const beside of BESIDE) lanes.push(rest.filter((layer) => beside.includes(layer)));
    const [first, ...others] = lanes.filter((lane) => lane.length > 0);
    const all = [inTurn(first ?? []), ...others.map((lane) => inTurn(lane, { told: 'at the end' }))];
    // The servers are all lanes': where one breaks down, the others are waited for before they end.
    const broken = (await Promise.allSettled(all)).find(({ status }) => status === 'rejected');
    if (broken) throw broken.reason;
  } catch (error) {
    brokeDown(sums, error);
  }
  await end(world, home).catch((error) => brokeDown(sums, error));
  if (interruptedBy !== undefined) {
    console.error(`ended by ${interruptedBy}`);
    sums.failed += 1;
  }
  console.log(`tests: ${sums.passed} passed, ${sums.failed} failed`);
  return sums.failed > 0 || sums.passed === 0 ? 1 : 0;
}

/** What breaks down beside the tests fails the run as one test would; the line of sums comes all the same. */
function brokeDown(sums, error) {
  console.error(error instanceof Error ? error.message : error);
  sums.failed += 1;
}

/** Folders and single files below `test/` that hold tests; a new folder is found without being named here, and comes last. */
async function layersPresent() {
  const files = await readdir(join(root, 'test'), { recursive: true });
  const tests = files.filter((file) => file.endsWith('.test.ts'));
  const names = new Set(tests.map((file) => file.split(/[\\/]/)[0].replace(/\.test\.ts$/, '')));
  return [...ORDER.filter((name) => names.has(name)), ...[...names].filter((name) => !ORDER.includes(name)).sort()];
}

/** What a layer prints is told as it comes, or at the layer's end, so that two of them do not talk at once. */
async function runLayer(layer, servers, sums, { told = 'now' } = {}) {
  console.error(told === 'now' ? `\n--- ${layer}` : `\n(${layer} runs beside, and is told at its end)`);
  const folder = await mkdtemp(join(tmpdir(), 'leadwright-jest-'));
  const outputFile = join(folder, 'result.json');
  const args = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];
  args.push('--json', `--outputFile=${outputFile}`, '--testPathPatterns', `test/${layer}(/|\\.test\\.ts$)`);
  args.push(AT_ONCE[layer] === undefined ? '--runInBand' : `--maxWorkers=${AT_ONCE[layer]}`);
  const said = [];
  const began = performance.now();
  let jest;
  try {
    jest = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...servers },
      // The JSON goes to the file; what jest prints is for people and stays off the line of sums.
      stdio: ['ignore', 'ignore', told === 'now' ? 'inherit' : 'pipe'],
    });
    running.add(jest);
    jest.stderr?.on('data', (chunk) => said.push(chunk));
    const hung = await ended(jest, outputFile);
    if (told !== 'now') console.error(`\n--- ${layer}\n${Buffer.concat(said).toString()}`);
    add(sums, layer, await readResult(outputFile), { hung, seconds: Math.round((performance.now() - began) / 1000) });
  } finally {
    running.delete(jest);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Waits for jest's end. True when it had to be ended because something kept it alive after its last test. */
function ended(child, outputFile) {
  return new Promise((resolve, reject) => {
    let writtenAt;
    let hung = false;
    const watch = setInterval(() => {
      if (writtenAt === undefined && existsSync(outputFile)) writtenAt = performance.now();
      if (writtenAt === undefined || performance.now() - writtenAt < EXIT_GRACE_MS) return;
      hung = true;
      child.kill('SIGKILL');
    }, 500);
    child.once('error', (error) => {
      clearInterval(watch);
      reject(error);
    });
    child.once('close', () => {
      clearInterval(watch);
      resolve(hung);
    });
  });
}

async function readResult(outputFile) {
  try {
    return JSON.parse(await readFile(outputFile, 'utf8'));
  } catch {
    // Jest itself broke down: counted as a failure below.
    return undefined;
  }
}

/** A file that cannot be loaded, a test left out and a process that does not end are failures like any other. */
function add(sums, layer, result, { hung, seconds }) {
  const problems = [];
  let failed = 0;
  if (!result) {
    failed += 1;
    problems.push('jest ended without a result');
  } else {
    sums.passed += result.numPassedTests;
    failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    const leftOut = result.numPendingTests + result.numTodoTests;
    if (leftOut > 0) {
      failed += leftOut;
      problems.push(`${leftOut} left out (skip or todo)`);
    }
    if (result.numTotalTests === 0) {
      failed += 1;
      problems.push('no test ran');
    }
  }
  if (hung) {
    failed += 1;
    problems.push('jest did not end by itself: a test left something open');
  }
  sums.failed += failed;
  console.error(
    `--- ${layer}: ${result?.numPassedTests ?? 0} passed, ${failed} failed in ${seconds} s${problems.map((text) => `; ${text}`).join('')}`,
  );
}

async function end(world, home) {
  await world?.stop();
  await rm(home, { recursive: true, force: true });
}

/** A signal ends each running jest; the loop over the layers then stops, and the one way out cleans up. */
function heedSignals() {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      interruptedBy = signal;
      for (const jest of running) jest.kill('SIGTERM');
    });
  }
}
