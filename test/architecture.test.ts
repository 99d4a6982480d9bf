import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['activities', 'api', 'cli', 'domain', 'integrations', 'platform', 'sandbox', 'workers', 'workflows'];
const MAX_LINES = 300;
/** A test file holds one promise, with all the ways in which it could be broken. */
const MAX_TEST_LINES = 450;

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

/** What the net catches below a folder that looks like the checkout. */
async function violations(folder: string, folders: readonly string[]): Promise<Violation[]> {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(folder, '.dependency-cruiser.cjs');
  const args = [program, '--config', config, '--output-type', 'json', ...folders];
  const { stdout } = await run(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

describe('the net over imports', () => {
  /** Files that a small product consists of, so that there is something to import. */
  const neighbours = [
    'domain/fact.ts',
    'workflows/lead.ts',
    'activities/step.ts',
    'integrations/ghl/client.ts',
    'integrations/postgres/pool.ts',
    'platform/compose.ts',
    'api/app.ts',
    'workers/host.ts',
    'cli/main.ts',
    'sandbox/services/world.ts',
    'sandbox/vendors/ghl/server.ts',
    'sandbox/vendors/claude/server.ts',
    'test/support/world.ts',
  ];

  /** One breach per row of the table, and the rule that must name it. */
  const breaches: readonly (readonly [file: string, line: string, rule: string])[] = [
    ['domain/a.ts', "import '../integrations/ghl/client.ts';", 'domain imports only its neighbours'],
    ['domain/b.ts', "import 'express';", 'domain knows only its packages'],
    ['domain/c.ts', "import 'node:fs';", 'domain uses nothing of Node'],
    ['workflows/a.ts', "import '../integrations/ghl/client.ts';", 'workflows imports only its neighbours'],
    ['workflows/b.ts', "import { x } from '../activities/step.ts'; x;", 'workflows takes only types of activities'],
    ['workflows/c.ts', "import 'pg';", 'workflows knows only its packages'],
    ['workflows/d.ts', "import 'node:crypto';", 'workflows uses nothing of Node'],
    ['activities/a.ts', "import '../integrations/postgres/pool.ts';", 'activities imports only its neighbours'],
    ['activities/b.ts', "import { x } from '../workflows/lead.ts'; x;", 'activities takes only types of workflows'],
    ['integrations/ghl/a.ts', "import '../postgres/pool.ts';", 'integrations/ghl imports only its neighbours'],
    ['integrations/ghl/b.ts', "import 'pg';", 'integrations/ghl knows only its packages'],
    ['integrations/cache/a.ts', "import '../../domain/fact.ts';", 'integrations/cache imports only its neighbours'],
    ['integrations/cache/b.ts', "import 'pg';", 'integrations/cache knows only its packages'],
    ['domain/cache/a.ts', "import '../fact.ts';", 'domain/cache imports only its neighbours'],
    ['domain/cache/b.ts', "import 'zod';", 'domain/cache knows only its packages'],
    ['domain/cache/c.ts', "import 'node:fs';", 'domain/cache uses nothing of Node'],
    ['integrations/postgres/a.ts', "import 'ioredis';", 'integrations/postgres knows only its packages'],
    [
      'integrations/redis/a.ts',
      "import '../../platform/compose.ts';",
      'integrations/redis imports only its neighbours',
    ],
    ['integrations/onnx/a.ts', "import 'undici';", 'integrations/onnx knows only its packages'],
    ['integrations/reso/a.ts', "import 'pg';", 'integrations/reso knows only its packages'],
    [
      'integrations/temporal/a.ts',
      "import '../../workflows/lead.ts';",
      'integrations/temporal imports only its neighbours',
    ],
    ['integrations/fax/a.ts', "import '../../domain/fact.ts';", 'every integration has a row'],
    ['platform/a.ts', "import '../api/app.ts';", 'platform imports only its neighbours'],
    ['api/a.ts', "import '../activities/step.ts';", 'api imports only its neighbours'],
    ['api/b.ts', "import 'pg';", 'api knows only its packages'],
    ['workers/a.ts', "import '../integrations/postgres/pool.ts';", 'workers imports only its neighbours'],
    ['cli/a.ts', "import '../integrations/postgres/pool.ts';", 'cli imports only its neighbours'],
    ['platform/b.ts', "import '../sandbox/services/world.ts';", 'platform imports only its neighbours'],
    [
      'sandbox/vendors/ghl/a.ts',
      "import '../../../integrations/ghl/client.ts';",
      'sandbox imports only its neighbours',
    ],
    [
      'sandbox/vendors/ghl/b.ts',
      "import { x } from '../../../domain/fact.ts'; x;",
      'sandbox takes only types of domain',
    ],
    ['sandbox/vendors/ghl/c.ts', "import '../claude/server.ts';", 'stand-ins share nothing'],
    ['sandbox/vendors/ghl/d.ts', "import '../../services/world.ts';", 'stand-ins share nothing'],
    ['api/d.ts', "import '../test/support/world.ts';", 'tests are nobody’s neighbour'],
    ['api/e.ts', "import 'fast-check';", 'the product needs no development package'],
    ['api/f.ts', "import './nowhere.ts';", 'everything resolves'],
    ['domain/circle-1.ts', "import { x } from './circle-2.ts'; export const y = x;", 'no circle'],
  ];

  /** What is allowed must pass, or the net would be one that catches everything. */
  const allowed: readonly (readonly [file: string, line: string])[] = [
    ['domain/ok.ts', "import 'luxon'; import './fact.ts';"],
    [
      'workflows/ok.ts',
      "import '@temporalio/workflow'; import type { T } from '../activities/step.ts'; export type U = T;",
    ],
    ['activities/ok.ts', "import '../domain/fact.ts';"],
    ['integrations/ghl/ok.ts', "import 'undici'; import '../../domain/fact.ts'; import 'node:crypto';"],
    ['platform/ok.ts', "import '../integrations/ghl/client.ts'; import 'pino';"],
    ['api/ok.ts', "import 'express'; import '../domain/fact.ts'; import '../platform/compose.ts';"],
    ['cli/ok.ts', "import '../sandbox/services/world.ts'; import '../workers/host.ts';"],
    ['sandbox/vendors/ghl/ok.ts', "import type { T } from '../../../domain/fact.ts'; export type U = T;"],
  ];

  let folder: string;
  let caught: Violation[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'leadwright-architecture-'));
    for (const file of ['.dependency-cruiser.cjs', 'package.json', 'tsconfig.json'])
      cpSync(join(root, file), join(folder, file));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const file of neighbours) plant(file, 'export const x = 1;\nexport type T = number;\n');
    for (const [file, line] of [...breaches, ...allowed]) plant(file, `${line}\n`);
    plant('domain/circle-2.ts', "import { y } from './circle-1.ts'; export const x = y;\n");
    caught = await violations(folder, [...FOLDERS, 'test']);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function plant(file: string, text: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }

  it.each(breaches)('catches in %s: %s', (file, _line, rule) => {
    expect(caught.filter(({ from }) => from === file).map((one) => one.rule.name)).toContain(rule);
  });

  it.each(allowed)('lets pass in %s: %s', (file) => {
    expect(caught.filter(({ from }) => from === file)).toEqual([]);
  });

  it('finds nothing in the product and its tests', async () => {
    expect(await violations(root, [...FOLDERS, 'test'])).toEqual([]);
  });
});

describe('the shape of the tree', () => {
  let files: readonly string[];

  beforeAll(async () => {
    // What git knows and what it will know: files that are ignored are nobody's source.
    const { stdout } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root });
    files = stdout.split('\n').filter((file) => /\.(ts|mjs|cjs|tsx)$/.test(file) && !file.startsWith('test/fixtures/'));
  });

  it('has sources to look at', () => {
    for (const name of FOLDERS) expect(files.some((file) => file.startsWith(`${name}/`))).toBe(true);
  });

  it(`keeps every source within ${MAX_LINES} lines, and every test file within ${MAX_TEST_LINES}`, () => {
    const lengths = present(files).map(([file, text]) => [file, text.split('\n').length - 1] as const);
    const limit = (file: string) => (file.startsWith('test/') ? MAX_TEST_LINES : MAX_LINES);
    expect(lengths.filter(([file, lines]) => !file.endsWith('.generated.ts') && lines > limit(file))).toEqual([]);
  });

  it('switches a lint rule off only with a reason, for one line', () => {
    const switches = present(files).flatMap(([file, text]) =>
      [...text.matchAll(/\/[/*] ?(eslint-disable.*|@ts-.*)/g)].map((found) => `${file}: ${found[1] ?? ''}`),
    );
    const reasoned = /: (eslint-disable-(next-)?line [\w@/, -]+ -- \S|@ts-expect-error \S)/;
    expect(switches.filter((one) => !reasoned.test(one))).toEqual([]);
  });

  it('has no folder for things without a home', () => {
    const homeless = files.filter((file) =>
      dirname(file)
        .split('/')
        .some((part) => /^(utils?|common|helpers?|libs?|misc|shared)$/.test(part)),
    );
    expect(homeless).toEqual([]);
  });

  it('has no file that only passes on what others export', () => {
    expect(files.filter((file) => /^(index|mod)\.(ts|mjs)$/.test(basename(file)))).toEqual([]);
  });

  /** A file that git lists and somebody has just deleted is no source any more. */
  function present(names: readonly string[]): (readonly [file: string, text: string])[] {
    return names.flatMap((file) => {
      try {
        return [[file, readFileSync(join(root, file), 'utf8')] as const];
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    });
  }
});
