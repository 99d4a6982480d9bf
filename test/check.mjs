/**
 * `npm run check`: everything that can be told without running the product. Two steps at a time, the longest first.
 *   node test/check.mjs               all steps
 *   node test/check.mjs types lint    these steps
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const AT_A_TIME = 2;

/** A program of a package, run by this Node: `npx` costs a second each and takes npm's warnings along. */
const program = (name, path) => join(root, 'node_modules', name, path);

const FOLDERS = [
  'activities',
  'api',
  'cli',
  'domain',
  'integrations',
  'platform',
  'sandbox',
  'test',
  'workers',
  'workflows',
];

/** In the order in which they are started; `mend` is what to type when the step fails. */
const STEPS = [
  {
    name: 'lint',
    args: [program('eslint', 'bin/eslint.js'), '.'],
    mend: 'npm run lint -- --fix',
  },
  {
    name: 'types',
    // What was checked before and has not changed is not checked again; the notes are kept outside the sources.
    args: [
      program('typescript', 'bin/tsc'),
      '-p',
      '.',
      '--incremental',
      '--tsBuildInfoFile',
      '.cache/types.tsbuildinfo',
    ],
    mend: 'npx tsc -p .',
  },
  {
    name: 'format',
    args: [
      program('prettier', 'bin/prettier.cjs'),
      ...['--check', '--log-level', 'warn', '--cache', '--cache-location', '.cache/format', '.'],
    ],
    mend: 'npm run format',
  },
  {
    name: 'architecture',
    args: [
      program('dependency-cruiser', 'bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      ...FOLDERS,
    ],
    mend: 'move the import to where the table in .dependency-cruiser.cjs allows it',
  },
  {
    name: 'dead code',
    args: [program('knip', 'bin/knip.js'), '--no-progress', '--treat-config-hints-as-errors'],
    mend: 'delete what is listed, or drop its `export`',
  },
  {
    name: 'generated files',
    args: ['--import', 'tsx', 'test/generated.ts'],
    mend: 'npm run generate',
  },
];

process.exitCode = await main(process.argv.slice(2));

async function main(wanted) {
  const unknown = wanted.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(`No such step: ${unknown.join(', ')}. There are: ${STEPS.map(({ name }) => name).join(', ')}.`);
    return 2;
  }
  mkdirSync(join(root, '.cache'), { recursive: true });
  const waiting = STEPS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const failed = [];
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      if (!(await passes(step))) failed.push(step);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  return failed.length > 0 ? 1 : 0;
}

/** Runs one step and says how it went. What the program printed is shown only when it failed. */
async function passes({ name, args, mend }) {
  const began = performance.now();
  const { code, output } = await run(args);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (code === 0) {
    console.log(`ok      ${name.padEnd(16)} ${seconds} s`);
    return true;
  }
  console.log(`${output.trimEnd()}\nFAILED  ${name.padEnd(16)} ${seconds} s   to mend: ${mend}`);
  return false;
}

function run(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? signal, output }));
  });
}
