import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { control } from '../support/ghl-model-world.ts';
import type { GhlWorld } from './ghl-world.ts';

const CALLER = fileURLToPath(new URL('ghl-caller.ts', import.meta.url));
const WORKERS = 8;
const CALLS = 200;

export interface TokenFigures {
  readonly refreshes: number;
  readonly lost: number;
  readonly parts: Readonly<Record<string, unknown>>;
}

/** What each process is given on its one line of input, and what it says at the end. */
export interface CallerJob {
  readonly locationId: string;
  readonly contactIds: readonly string[];
}
export interface CallerTold {
  readonly done: number;
  /** Calls that were held back here and made later. */
  readonly repeated: number;
  readonly failed: readonly string[];
}

/**
 * Eight processes, each with the product's own parts, call for one location; a quarter of the way the vendor lets its access token die.
 * Counted in the vendor's books: how often a token was renewed, and which calls never came to be done.
 */
export async function measureTokens(world: GhlWorld): Promise<TokenFigures> {
  const { running } = world;
  const { locationId, contactIds } = await installByClick(world);
  await control(running, 'POST', 'limits', { locationId, max: 10_000, intervalMs: 10_000 });
  const before = await control<{ last: number }>(running, 'GET', 'ledger?after=999999999');
  const callers = Array.from({ length: WORKERS }, () => spawnCaller(world));
  try {
    const lines = callers.map((caller) => createInterface({ input: caller.stdout! })[Symbol.asyncIterator]());
    const said = async (): Promise<string[]> =>
      Promise.all(lines.map(async (line) => String((await line.next()).value)));
    callers.forEach((caller, at) => {
      const mine = contactIds.filter((_id, number) => number % WORKERS === at);
      caller.stdin!.write(`${JSON.stringify({ locationId, contactIds: mine } satisfies CallerJob)}\n`);
    });
    // All have made their first calls with the living token, and wait.
    await said();
    await control(running, 'POST', 'oauth', { do: 'kill-access', locationId });
    for (const caller of callers) caller.stdin!.write('go\n');
    const told = (await said()).map((line) => JSON.parse(line) as CallerTold);
    const { calls } = await control<{ calls: { method: string; path: string; status: number; locationId?: string }[] }>(
      ...([running, 'GET', `ledger?after=${before.last}`] as const),
    );
    const renewals = calls.filter(
      ({ method, path, status }) => method === 'POST' && path === '/oauth/token' && status === 200,
    );
    // A call with a dead token is nobody's to the vendor: it is told by its contact.
    const paths = new Set(contactIds.map((contactId) => `/contacts/${contactId}/tags`));
    const tags = calls.filter(({ path }) => paths.has(path));
    const tagged = new Set(tags.filter(({ status }) => status < 300).map(({ path }) => path));
    return {
      refreshes: renewals.length,
      // By the vendor's books, not by what the callers believe.
      lost: CALLS - tagged.size,
      parts: {
        ...{ workers: WORKERS, calls: CALLS, saidDone: told.reduce((sum, { done }) => sum + done, 0) },
        ...{ refusedWithTheDeadToken: tags.filter(({ status }) => status === 401).length },
        repeated: told.reduce((sum, { repeated }) => sum + repeated, 0),
        failures: [...new Set(told.flatMap(({ failed }) => failed))],
      },
    };
  } finally {
    await Promise.all(callers.map(end));
  }
}

function spawnCaller({ home, env, line }: GhlWorld): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', CALLER], {
    env: { ...env, LEADWRIGHT_HOME: home, LEADWRIGHT_READY: JSON.stringify(line) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

async function end(caller: ChildProcess): Promise<void> {
  caller.stdin?.end();
  if (caller.exitCode !== null || caller.signalCode !== null) return;
  const gone = once(caller, 'exit');
  caller.kill('SIGTERM');
  await gone;
}

/** As an administrator in a browser does it: our start, the vendor's page, and back with the code. */
async function installByClick({ running }: GhlWorld): Promise<{ locationId: string; contactIds: string[] }> {
  const locationId = `loc${randomUUID().replaceAll('-', '').slice(0, 17)}`;
  await control(running, 'POST', 'locations', {
    ...{ id: locationId, companyId: `com${locationId.slice(3)}`, name: 'Sample Realty', timezone: 'America/New_York' },
  });
  const begun = await fetch(`${running.apiUrl}/oauth/ghl/start`, { redirect: 'manual' });
  const page = new URL(begun.headers.get('location') ?? '');
  page.searchParams.set('_approve', locationId);
  const back = await fetch(page, { redirect: 'manual' });
  const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const arrived = await fetch(back.headers.get('location') ?? '', { redirect: 'manual', headers: { cookie } });
  if (arrived.status !== 200) throw new Error(`the install ended with ${arrived.status}: ${await arrived.text()}`);
  const contacts = Array.from({ length: CALLS }, (_none, number) => ({
    ...{ id: `tok${locationId.slice(3, 15)}${String(number).padStart(5, '0')}`, locationId },
    ...{ firstName: `Sample${number}`, email: `${locationId}-${number}@example.com`.toLowerCase(), tags: [] },
  }));
  await control(running, 'POST', 'contacts', contacts);
  return { locationId, contactIds: contacts.map(({ id }) => id) };
}
