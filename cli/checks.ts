import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { STUCK_AFTER_MS } from '../domain/ports/inbox.ts';
import { compose, type Product } from '../platform/compose.ts';
import { type Config, readConfig } from '../platform/config.ts';
import { isBehindHome } from '../platform/high-water.ts';
import { createLogger } from '../platform/logger.ts';
import { pendingMigrations } from '../platform/migrations.ts';
import { redisAnswers } from '../sandbox/services/probe.ts';
import { leadWorkflowId, taskQueues, temporalUiLink } from '../workflows/contract.ts';
import { allPausedWords, LIFT_ALL } from './all-paused.ts';
import { type ReadyLine, readAppFile } from './app-file.ts';
import { withHome } from './client.ts';
import { knownEndpoints } from './endpoints.ts';
import { claudeKey } from './checks-claude.ts';
import { mailLink } from './checks-mail.ts';
import { mappingChecks } from './checks-mapping.ts';
import { asFailure } from './failure.ts';
import type { Io } from './output.ts';
import { isFree } from './port.ts';

/** One finding of the doctor. `fix` says what mends it, where there is something to mend. */
export interface Check {
  readonly name: string;
  readonly verdict: 'pass' | 'warn' | 'fail';
  readonly finding: string;
  readonly fix?: string;
}

type Finding = Omit<Check, 'name'>;

/** Longer than any healthy part takes to answer. */
const PATIENCE_MS = 8_000;
const LOWEST_NODE = [20, 19] as const;
const LEAST_FREE_BYTES = 500_000_000;
const CLOCK_TOLERANCE_MS = 5_000;

/** All checks, in the order in which one depends on another; each is made even if those before it failed. */
export async function examine(io: Io, home: string | undefined): Promise<Check[]> {
  const checks: Check[] = [await check('node', async () => nodeVersion(process.versions.node))];
  let config: Config;
  let app: ReadyLine | undefined;
  try {
    config = readConfig(withHome(io.env, home), io.cwd);
    app = readAppFile(config.home);
  } catch (error) {
    const { message } = asFailure(error);
    return [...checks, { name: 'config', verdict: 'fail', finding: message, fix: 'see docs/config.md' }];
  }
  checks.push({ name: 'config', verdict: 'pass', finding: `mode ${config.mode}, home ${config.home}` });
  checks.push(await check('home', () => homeFolder(config.home)));
  checks.push(await check('port', () => apiPort(config, app)));
  return [...checks, ...(await servers(config, app))];
}

/** What needs servers. Where none was ever started there is nothing to look at, and that is said once. */
async function servers(config: Config, app: ReadyLine | undefined): Promise<Check[]> {
  let product: Product;
  try {
    product = await compose(config, knownEndpoints(config, app), createLogger({ level: 'silent' }));
  } catch (error) {
    const { message, ways, code } = asFailure(error);
    // In the sandbox `start` brings the servers; elsewhere they must be named.
    const verdict = config.mode === 'sandbox' && code !== 'KEY_DAMAGED' ? 'warn' : 'fail';
    return [{ name: 'servers', verdict, finding: message, ...(ways[0] === undefined ? {} : { fix: ways[0] }) }];
  }
  const { databaseUrl, redisUrl, temporalUiUrl } = product.endpoints;
  const temporalUi = { url: temporalUiUrl, namespace: config.temporal.namespace };
  const start = config.mode === 'sandbox' ? 'start it: npm start' : undefined;
  try {
    return [
      await check(
        'postgres',
        () => postgres(product),
        start ?? 'check DATABASE_URL and that server; then leadwright migrate',
      ),
      await check('migrations', () => migrations(databaseUrl), 'leadwright migrate'),
      await check('walls', () => walls(product), 'leadwright migrate'),
      await check('restore', () => restore(product), 'leadwright migrate'),
      await check('sending', () => sending(product), 'leadwright migrate'),
      await check('redis', () => redis(redisUrl), 'check REDIS_URL; all works without'),
      await check('temporal', () => temporal(product), start ?? 'check TEMPORAL_ADDRESS and that server'),
      await check('pollers', () => pollers(product), start ?? 'run leadwright worker'),
      await check('events', () => stuckEvents(product, temporalUi), 'leadwright migrate'),
      await check('ghl', () => ghlTokens(product), 'give a valid token: leadwright locations add'),
      await check('mail', async () => mailLink(config, await product.locations.list())),
      ...(await mappingChecks(product)),
      await check('model', async () => model(product)),
      await check('claude', () => claudeKey(product.language)),
      await check('clock', () => clock(product), 'synchronise the clock of this machine'),
    ];
  } finally {
    await product.close();
  }
}

/** What throws, or takes too long, fails; the remedy is then the one for a part that is away. */
async function check(name: string, look: () => Promise<Finding>, fix?: string): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    return { name, ...(await Promise.race([look(), late])) };
  } catch (error) {
    return { name, verdict: 'fail', finding: asFailure(error).message, ...(fix === undefined ? {} : { fix }) };
  } finally {
    clearTimeout(timer);
  }
}

export function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > LOWEST_NODE[0] || (major === LOWEST_NODE[0] && minor >= LOWEST_NODE[1]);
  if (enough) return { verdict: 'pass', finding: `Node ${version}` };
  return { verdict: 'fail', finding: `Node ${version}`, fix: `install Node ${LOWEST_NODE.join('.')} or newer` };
}

async function homeFolder(home: string): Promise<Finding> {
  await mkdir(home, { recursive: true });
  await access(home, constants.W_OK);
  const { bavail, bsize } = await statfs(home);
  const free = bavail * bsize;
  if (free >= LEAST_FREE_BYTES) return { verdict: 'pass', finding: `writable, ${Math.floor(free / 1e9)} GB free` };
  return { verdict: 'warn', finding: `only ${Math.floor(free / 1e6)} MB free`, fix: 'make room on that disk' };
}

async function apiPort(config: Config, app: ReadyLine | undefined): Promise<Finding> {
  if (app !== undefined && (await answersLive(app.urls.api)))
    return { verdict: 'pass', finding: `Leadwright answers at ${app.urls.api}` };
  if (await isFree(config.host, config.port))
    return { verdict: 'pass', finding: `${config.host}:${config.port} is free; nothing runs` };
  return {
    verdict: 'fail',
    finding: `${config.host}:${config.port} is taken by another program`,
    fix: 'end that program, or set PORT',
  };
}

async function answersLive(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/livez`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function postgres({ tenants }: Product): Promise<Finding> {
  const { rows } = await tenants.house.query<{ server_version: string }>('show server_version');
  return { verdict: 'pass', finding: `PostgreSQL ${rows[0]?.server_version ?? 'of unknown version'}` };
}

async function migrations(databaseUrl: string): Promise<Finding> {
  const names = await pendingMigrations(databaseUrl);
  if (names.length === 0) return { verdict: 'pass', finding: 'the schema is up to date' };
  return { verdict: 'fail', finding: `pending: ${names.join(', ')}`, fix: 'leadwright migrate' };
}

/** Row-level security binds nobody who owns the tables or may bypass it. */
async function walls({ tenants }: Product): Promise<Finding> {
  const { rows } = await tenants.house.query<{ login: string; above: boolean; unwalled: string[] }>(
    `select session_user as login,
       exists (select from pg_roles r where pg_has_role(session_user, r.oid, 'member')
         and (r.rolsuper or r.rolbypassrls or exists (select from pg_class c where c.relowner = r.oid))) as above,
       array(select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
           and a.attname = 'location_id' and not c.relrowsecurity order by 1) as unwalled`,
  );
  const { login, above, unwalled } = rows[0] ?? { login: 'unknown', above: true, unwalled: [] };
  const fix = 'connect as a login that owns nothing: docs/operations.md, The walls of the database';
  if (above) return { verdict: 'fail', finding: `${login} stands above the walls between locations`, fix };
  if (unwalled.length > 0)
    return { verdict: 'fail', finding: `no wall around ${unwalled.join(', ')}`, fix: 'leadwright migrate' };
  return { verdict: 'pass', finding: `${login} sees the location it names and no other` };
}

/** An older backup in the database's place, of which nobody has said so: what it forgot would be sent twice. */
async function restore({ tenants, config }: Product): Promise<Finding> {
  if (!(await isBehindHome(config.home, tenants.house)))
    return { verdict: 'pass', finding: 'not older than last seen here' };
  return {
    verdict: 'fail',
    finding: 'the database is older than what this machine has seen of it',
    fix: 'stop all processes, then: leadwright db restored',
  };
}

/** A switch that somebody set and forgot keeps everybody still, without a fault anywhere. */
export async function sending({
  locations,
  sendingPauses,
}: Pick<Product, 'locations' | 'sendingPauses'>): Promise<Finding> {
  const paused = await locations.allPaused();
  if (paused !== null) return { verdict: 'warn', finding: allPausedWords(paused), fix: LIFT_ALL };
  const [first, ...others] = await sendingPauses.standing();
  if (first === undefined) return { verdict: 'pass', finding: 'not paused for all, and nowhere by itself' };
  const { locationId, channel, since, why } = first;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return {
    verdict: 'warn',
    finding: `${locationId}: ${channel} paused by itself since ${since}: ${why}${more}`,
    fix: `look why, then: leadwright resume --location ${locationId} --sending`,
  };
}

async function redis(url: string | undefined): Promise<Finding> {
  if (url === undefined) {
    return {
      verdict: 'warn',
      finding: 'none: each process caches for itself',
      fix: 'install redis-server, or set REDIS_URL',
    };
  }
  if (await redisAnswers(url)) return { verdict: 'pass', finding: 'answers' };
  return {
    verdict: 'warn',
    finding: 'does not answer; all works, more slowly',
    fix: 'check REDIS_URL and that server',
  };
}

async function temporal({ temporal: client, config }: Product): Promise<Finding> {
  const { namespace } = config.temporal;
  await client.workflowService.describeNamespace({ namespace });
  return { verdict: 'pass', finding: `namespace ${namespace} answers` };
}

/** WORKFLOW and ACTIVITY of the server's enumeration of task queue types. */
const QUEUE_TYPES = { leads: 1, ghl: 2, claude: 2, market: 2 } as const;

async function pollers({ temporal: client, config }: Product): Promise<Finding> {
  const { namespace } = config.temporal;
  const silent: string[] = [];
  for (const name of Object.values(taskQueues)) {
    const taskQueueType = QUEUE_TYPES[name];
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the wire's numbers; the package with their names is only here for tests
    const queue = await client.workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType });
    if (queue.pollers.length === 0) silent.push(name);
  }
  if (silent.length === 0) return { verdict: 'pass', finding: 'every task queue has a worker' };
  const fix = config.mode === 'sandbox' ? 'npm start' : `leadwright worker --queues ${silent.join(',')}`;
  return { verdict: 'warn', finding: `no worker polls ${silent.join(', ')}`, fix };
}

/** A lead that cannot go on keeps its events `dispatched`, for ever and without a word; this is the word. */
export async function stuckEvents({ inbox }: Pick<Product, 'inbox'>, temporalUi: TemporalUi): Promise<Finding> {
  const { events, oldest } = await inbox.stuck(STUCK_AFTER_MS);
  if (oldest === null) return { verdict: 'pass', finding: 'none is stuck with its lead' };
  const { inboxId, locationId, contactId, since } = oldest;
  const finding = `${events} stuck with their leads for over ten minutes; the oldest is ${inboxId}, since ${since}`;
  // Only events of leads are ever dispatched; the columns allow others.
  if (locationId === null || contactId === null) return { verdict: 'warn', finding, fix: 'see its row in the inbox' };
  const id = leadWorkflowId(locationId, contactId);
  const workflow = temporalUi.url === undefined ? id : temporalUiLink(temporalUi.url, temporalUi.namespace, id);
  return {
    verdict: 'warn',
    finding: `${finding} (${id})`,
    fix: `if pollers pass, look at ${workflow}: mend what it names, or terminate it; docs/operations.md, Stuck leads`,
  };
}

interface TemporalUi {
  readonly url: string | undefined;
  readonly namespace: string;
}

async function ghlTokens({ locations, crm }: Product): Promise<Finding> {
  const installed = (await locations.list()).filter(({ status }) => status !== 'uninstalled');
  if (installed.length === 0) {
    return { verdict: 'warn', finding: 'no location is installed', fix: 'leadwright locations add' };
  }
  const asked = await Promise.allSettled(installed.map(({ locationId }) => crm.location(locationId)));
  const refused = installed.filter((_, i) => asked[i]!.status === 'rejected').map(({ locationId }) => locationId);
  if (refused.length === 0) return { verdict: 'pass', finding: `${installed.length} location(s) can be read` };
  const fix = 'give a valid token: leadwright locations add';
  return { verdict: 'fail', finding: `cannot be read: ${refused.join(', ')}`, fix };
}

function model({ model: scorer }: Product): Finding {
  if (scorer.healthy) return { verdict: 'pass', finding: scorer.name };
  return { verdict: 'warn', finding: `${scorer.name} speaks in the model’s place`, fix: 'see the log of the start' };
}

/** Freshness of webhooks and quiet hours hang on the clock; the database is the other one at hand. */
async function clock({ tenants }: Product): Promise<Finding> {
  const before = Date.now();
  const { rows } = await tenants.house.query<{ ms: number }>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as ms',
  );
  const middle = (before + Date.now()) / 2;
  const skew = Math.round(Math.abs((rows[0]?.ms ?? Number.NaN) - middle));
  if (skew <= CLOCK_TOLERANCE_MS) return { verdict: 'pass', finding: `${skew} ms from the database’s` };
  return { verdict: 'warn', finding: `${skew} ms from the database’s`, fix: 'synchronise both clocks' };
}
