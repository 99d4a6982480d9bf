import { pageOf } from './collection.ts';
import type { After } from './collection.ts';
import { purgeHidden, removeRecord } from './changes.ts';
import type { Fault } from './faults.ts';
import { checkGrant } from './grants.ts';
import type { Incoming } from './incoming.ts';
import { quotaHeaders } from './limits.ts';
import { edmx } from './metadata.ts';
import { presenter } from './present.ts';
import type { Profile } from './profiles.ts';
import { readQuery } from './query.ts';
import type { Query } from './query.ts';
import { padded } from './records.ts';
import { Refusal, badQuery, envelope, notFound } from './refusal.ts';
import { KEPT } from './schema.ts';
import type { Kept, Resource } from './schema.ts';
import type { Table } from './table.ts';
import { holderOf } from './tokens.ts';
import type { Holder } from './tokens.ts';
import type { Row } from './wire.ts';
import { serialized } from './wire.ts';
import { currentSchema, mannerOf, profileOf, tableOf } from './world.ts';
import type { World } from './world.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly holder: Holder | undefined;
  readonly rows: number;
}

interface Call {
  readonly world: World;
  readonly incoming: Incoming;
  readonly profile: Profile;
  /** The vendor's service root as it was called, with the origin before it. */
  readonly root: string;
  readonly holder: Holder;
  readonly fault: Fault | undefined;
  readonly replication: boolean;
}

type Answer = { body: string; rows: number; headers?: Readonly<Record<string, string>> };

const ANONYMOUS = 'anonymous';

/** A call of the API, answered whatever it is. */
export function serve(world: World, incoming: Incoming, origin: string, fault: Fault | undefined): Reply {
  const profile = profileOf(world);
  const now = world.clock.now();
  let holder: Holder | undefined;
  const headers = (): Record<string, string> => ({
    'OData-Version': '4.0',
    'content-type': 'application/json;odata.metadata=minimal;charset=utf-8',
    ...quotaHeaders(profile, world.limiter.uses(holder?.id ?? ANONYMOUS, profile, now)),
    ...(profile.vendor === 'trestle' && { QuotaType: holder === undefined ? 'Api' : 'OAuth' }),
  });
  try {
    if (profile.gzip === 'required' && !/\bgzip\b/.test(incoming.headers['accept-encoding'] ?? ''))
      throw new Refusal(400, 'COMPRESSION REQUIRED: send Accept-Encoding: gzip');
    holder = holderOf(world.store, incoming.headers.authorization, { now, suspendedStatus: profile.suspendedStatus });
    const over = world.limiter.take(holder.id, profile, now);
    if (over !== undefined) throw tooMany(profile, over, now);
    if (incoming.method !== 'GET') throw new Refusal(405, `${incoming.method} is not served here`);
    purgeHidden(world);
    const { prefix, path } = rootOf(profile, incoming.path);
    checkHost(profile, prefix, holder);
    const replication =
      (profile.vendor === 'spark' && holder.role === 'replication') ||
      (profile.vendor === 'bridge' && path.endsWith('/replication')) ||
      (profile.vendor === 'trestle' && /(^|&)replication=true(&|$)/i.test(incoming.asked));
    const call = { world, incoming, profile, root: `${origin}${prefix}`, holder, fault, replication };
    const {
      body,
      rows,
      headers: more,
    } = answer(call, profile.vendor === 'bridge' ? path.replace(/\/replication$/, '') : path);
    world.limiter.sent(holder.id, profile, Buffer.byteLength(body), now);
    return { status: 200, headers: { ...headers(), ...more }, body, holder, rows };
  } catch (error) {
    const refusal = error instanceof Refusal ? error : broken(incoming, error);
    const body = refusal.page ?? serialized(envelope(refusal), false);
    return { status: refusal.status, headers: { ...headers(), ...refusal.headers }, body, holder, rows: 0 };
  }
}

function answer(call: Call, path: string): Answer {
  const { world, root, profile } = call;
  const schema = currentSchema(world);
  if (path === '' || path === '/') {
    const value = schema.resources.map(({ name }) => ({ name, kind: 'EntitySet', url: name }));
    return { body: serialized({ '@odata.context': `${root}/$metadata`, value }, false), rows: 0 };
  }
  if (path === '/$metadata')
    return { body: edmx(schema, profile.enums), rows: 0, headers: { 'content-type': 'application/xml;charset=utf-8' } };
  const [, name = '', key, rest = ''] = /^\/(\w+)(?:\((.*)\))?(\/.*)?$/.exec(path) ?? [];
  const resource = schema.resource(name);
  const table = tableOf(world, name);
  if (resource === undefined || table === undefined || rest !== '')
    throw notFound(`Resource not found for the segment '${name || path.slice(1)}'`);
  checkGrant(world, name);
  if (name === 'Lookup') checkLookups(call);
  return key === undefined ? collection(call, resource, table) : single(call, resource, table, key);
}

function single(call: Call, resource: Resource, table: Table, key: string): Answer {
  const { world, incoming, profile, root } = call;
  const quoted = /^(?:\w+=)?'((?:[^']|'')*)'$/.exec(key)?.[1]?.replaceAll("''", "'");
  const id = quoted ?? /^(?:\w+=)?(\d+)$/.exec(key)?.[1] ?? undefined;
  if (id === undefined) throw badQuery('key', `Cannot read the key (${key})`);
  const row = table.get(resource.key === 'EntityEventSequence' ? padded(BigInt(/^\d+$/.test(id) ? id : 0)) : id);
  if (row === undefined) throw notFound(`No ${resource.name} has the key '${id}'`);
  const { $select, $expand } = incoming.query;
  const options = { ...($select !== undefined && { $select }), ...($expand !== undefined && { $expand }) };
  const open = { ...profile, system: undefined };
  const query = readQuery(options, {
    resource,
    schema: currentSchema(world),
    profile: open,
    replication: false,
    prefer: undefined,
  });
  const shown = shower(call, resource, query)(row, id);
  return {
    body: serialized({ '@odata.context': `${root}/$metadata#${resource.name}/$entity`, ...shown }, textual(incoming)),
    rows: 1,
  };
}

function collection(call: Call, resource: Resource, table: Table): Answer {
  const { world, incoming, profile, root, fault, replication } = call;
  const token = tokenOf(incoming.query['$skiptoken'], resource);
  const options = token?.options ?? incoming.query;
  const prefer = String(incoming.headers['prefer'] ?? '');
  const query = readQuery(options, { resource, schema: currentSchema(world), profile, replication, prefer });
  const served = token?.served ?? 0;
  if (profile.deepest !== undefined && !replication && served >= profile.deepest)
    throw badQuery('$skiptoken', `more than ${profile.deepest} records need the replication endpoint`);
  const limit = Math.min(query.page, query.total === undefined ? Infinity : query.total - served);
  const usual = profile.vendor === 'bridge' && replication ? 'modified' : profile.order;
  const { slots, count, after } = pageOf({ table, resource, query, usual, from: token?.after ?? query.skip, limit });
  const ids = slots.map((slot) => table.id(slot));
  const show = shower(call, resource, query);
  const value = spoiled(
    slots.map((slot, n) => show(table.row(slot), ids[n]!)),
    fault,
  );
  const reached = served + slots.length;
  const more = after !== undefined && (query.total === undefined || reached < query.total);
  let next = more ? nextLink(call, resource, { options, query, after, served: reached }) : undefined;
  if (fault?.spoil === 'page-loop') next = `${root}/${resource.name}?${queryText(incoming.query)}`;
  if (fault?.spoil === 'no-next-link') next = undefined;
  if (fault?.spoil === 'delete-served-row' && ids[0] !== undefined && isKept(resource.name))
    removeRecord(world, resource.name, ids[0], {});
  const selected = query.select === undefined ? '' : `(${query.select.join(',')})`;
  const body = {
    '@odata.context': `${root}/$metadata#${resource.name}${selected}`,
    ...(count !== undefined && { '@odata.count': count }),
    value,
    ...(next !== undefined && { '@odata.nextLink': next }),
  };
  const headers = query.preferred === undefined ? {} : { 'Preference-Applied': `odata.maxpagesize=${query.preferred}` };
  return { body: serialized(body, textual(incoming)), rows: value.length, headers };
}

/** Shows a record as it leaves, with the children that were asked for. */
function shower({ world, incoming }: Call, resource: Resource, query: Query): (row: Row, id: string) => Row {
  const manner = textual(incoming) ? { ...mannerOf(world), decimals: 'text' as const } : mannerOf(world);
  const show = presenter(resource, manner, query.select);
  if (query.expand.length === 0) return show;
  const schema = currentSchema(world);
  const shown = world.store.replica.shown();
  const children = query.expand.map(({ name, select }) => {
    checkGrant(world, name);
    const child = name as 'Media' | 'OpenHouse';
    return { child, table: shown.tables[child], show: presenter(schema.resource(name)!, manner, select) };
  });
  return (row, id) => ({
    ...show(row),
    ...Object.fromEntries(
      children.map((one) => [one.child, shown.children(one.child, id).map((of) => one.show(one.table.get(of)!))]),
    ),
  });
}

interface SkipToken {
  readonly options: Readonly<Record<string, string>>;
  readonly after: After;
  readonly served: number;
}

/** Skips rows, which shifts them where something changes meanwhile, or goes on behind a row; either way it is the server's affair. */
function nextLink(
  { profile, root, incoming }: Call,
  { name }: Resource,
  { options, query, after, served }: { options: SkipToken['options']; query: Query; after: After; served: number },
): string {
  const path = `${root}/${name}${incoming.path.endsWith('/replication') ? '/replication' : ''}`;
  if (profile.next === 'key') {
    const token = { of: name, options, after, served };
    return `${path}?$skiptoken=${Buffer.from(JSON.stringify(token)).toString('base64url')}`;
  }
  const top = query.total === undefined ? {} : { $top: String(query.total - served) };
  return `${path}?${queryText({ ...options, $skip: String(query.skip + served), ...top })}`;
}

function tokenOf(text: string | undefined, { name }: Resource): SkipToken | undefined {
  if (text === undefined) return undefined;
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as SkipToken & { of: string };
    if (token.of === name) return token;
  } catch {
    // Said below: it was not made here.
  }
  throw badQuery('$skiptoken', 'The skip token is not valid');
}

function queryText(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

function spoiled<T>(value: readonly T[], fault: Fault | undefined): readonly T[] {
  switch (fault?.spoil) {
    case 'duplicate-rows':
      return value.flatMap((row) => [row, row]);
    case 'reverse-rows':
      return value.toReversed();
    case 'drop-rows':
      return value.filter((_row, n) => n % 3 !== 0);
    default:
      return value;
  }
}

/** `Accept: …;IEEE754Compatible=true` wants int64 and decimals as texts. */
function textual({ headers }: Incoming): boolean {
  return /IEEE754Compatible\s*=\s*true/i.test(headers.accept ?? '');
}

function rootOf({ roots }: Profile, path: string): { readonly prefix: string; readonly path: string } {
  const prefix = roots.find((root) => path === root || path.startsWith(`${root}/`)) ?? '';
  return { prefix, path: path.slice(prefix.length) };
}

/** Spark: a key for replication works at the host for replication alone, any other key at the other one alone. */
function checkHost({ vendor, roots }: Profile, prefix: string, { role }: Holder): void {
  if (vendor !== 'spark' || prefix === '') return;
  if ((prefix === roots[1]) !== (role === 'replication'))
    throw new Refusal(403, `A ${role} key is not served at this endpoint`, { code: '1010' });
}

/** MLS Grid: the look-ups once a day; further pages of the same reading are no new one. */
function checkLookups({ world, profile, holder, incoming }: Call): void {
  if (profile.lookupEveryMs === undefined || incoming.query['$skiptoken'] !== undefined) return;
  const name = `lookups-read:${holder.id}`;
  const [now, last] = [world.clock.now(), world.store.setting(name)?.['at']];
  if (typeof last === 'number' && now - last < profile.lookupEveryMs)
    throw new Refusal(429, 'The Lookup resource may be read once a day', {
      headers: { 'retry-after': String(Math.ceil((last + profile.lookupEveryMs - now) / 1_000)) },
    });
  world.store.setSetting(name, { at: now });
}

function tooMany({ vendor }: Profile, over: { name: string; limit: number; resetsAt: number }, now: number): Refusal {
  const seconds = String(Math.max(1, Math.ceil((over.resetsAt - now) / 1_000)));
  // Spark documents no header at all.
  const headers: Record<string, string> = vendor === 'spark' ? {} : { 'retry-after': seconds };
  return new Refusal(429, `Over rate limit: ${over.limit} per ${over.name}`, {
    code: vendor === 'spark' ? '1550' : '42900',
    headers,
  });
}

function isKept(name: string): name is Kept {
  return KEPT.some((one) => one === name);
}

function broken({ method, path }: Incoming, error: unknown): Refusal {
  process.stderr.write(
    `${method} ${path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return new Refusal(500, 'An error has occurred');
}
