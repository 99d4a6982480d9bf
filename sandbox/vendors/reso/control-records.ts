import { KEYS, announce, changeRecord, createRecord, removeRecord } from './changes.ts';
import type { ChangeOptions } from './changes.ts';
import { done, wrong } from './control-reply.ts';
import type { Actions, ControlReply } from './control-reply.ts';
import { HAPPENINGS, letHappen } from './happenings.ts';
import type { Happening } from './happenings.ts';
import type { MarketSeed } from './market.ts';
import { POISON_KINDS, isPoison, poisonOf } from './poison.ts';
import { presenter } from './present.ts';
import { KEPT } from './schema.ts';
import type { Kept } from './schema.ts';
import type { Json, Row } from './wire.ts';
import { isObject } from './wire.ts';
import { currentSchema, mannerOf } from './world.ts';
import type { World } from './world.ts';

/** The word of a route → the resource it changes. */
const NAMES: Readonly<Record<string, Kept>> = {
  listings: 'Property',
  members: 'Member',
  offices: 'Office',
  media: 'Media',
  openhouses: 'OpenHouse',
};

/** Hides from events and time stamps, or takes fields as they are; said in the query or in the body beside the records. */
function optionsOf(body: Json, query: Readonly<Record<string, string>>): ChangeOptions {
  const is = (name: string): boolean => query[name] === 'true' || body[`_${name}`] === true;
  return { quiet: is('quiet'), exact: is('exact') };
}

/** One record, a list, or `{"value": [...]}`, without what is said to the control plane itself. */
function recordsOf(body: unknown): Row[] | undefined {
  const list = Array.isArray(body)
    ? (body as unknown[])
    : isObject(body) && Array.isArray(body['value'])
      ? (body['value'] as unknown[])
      : [body];
  if (!list.every(isObject)) return undefined;
  return list.map((one) => Object.fromEntries(Object.entries(one).filter(([name]) => !name.startsWith('_'))));
}

function changing(resource: Kept): Actions {
  const word = Object.entries(NAMES).find(([, name]) => name === resource)![0];
  const key = KEYS[resource];
  return {
    [`POST ${word}`]: (world, body, { incoming }) => {
      const records = recordsOf(incoming.body);
      if (records === undefined) return wrong('the body must be a record or a list of records');
      const taken = records.find((one) => world.store.tables[resource].has(String(one[key])));
      if (taken !== undefined) return wrong(`${key} ${String(taken[key])} exists; PATCH changes it`);
      const options = optionsOf(body, incoming.query);
      return done({ value: records.map((one) => createRecord(world, resource, one, options)) });
    },
    [`PATCH ${word}`]: (world, body, { incoming, rest }) => {
      const records = recordsOf(incoming.body);
      if (records === undefined) return wrong('the body must be a record or a list of records');
      const options = optionsOf(body, incoming.query);
      const table = world.store.tables[resource];
      const named = records.map((one) => ({ id: rest ?? String(one[key]), patch: one }));
      const stranger = named.find(({ id }) => !table.has(id));
      if (stranger !== undefined) return { status: 404, body: { error: `no ${resource} has the key ${stranger.id}` } };
      return done({ value: named.map(({ id, patch }) => changeRecord(world, resource, id, patch, options)) });
    },
    [`DELETE ${word}`]: (world, body, { incoming, rest }) => {
      const keys = rest === undefined ? body['keys'] : [rest];
      if (!Array.isArray(keys)) return wrong(`name the key in the path, or {"keys": [...]}`);
      const options = optionsOf(body, incoming.query);
      return done({ removed: keys.filter((one) => removeRecord(world, resource, String(one), options)) });
    },
  };
}

const USUAL: Omit<MarketSeed, 'asOf' | 'prefix'> = {
  ...{ seed: 1, listings: 300, mediaEach: 2, openHouseEvery: 25, offices: 40, members: 200, equalStamps: 1, days: 730 },
  ...{ onlyActive: false, system: 'gulfcoast' },
};

export const recordActions: Actions = {
  ...(Object.assign({}, ...KEPT.map(changing)) as Actions),

  'GET market': ({ store }) => done({ markets: store.markets(), sizes: sizes(store.tables) }),
  'POST market': (world, body) => {
    const stranger = Object.keys(body).find((name) => !(name in USUAL) && name !== 'prefix' && name !== 'asOf');
    if (stranger !== undefined)
      return wrong(`unknown field ${stranger}; known are ${Object.keys(USUAL).join(', ')}, prefix, asOf`);
    const { store, clock } = world;
    const prefix = String(body['prefix'] ?? `GC${store.markets().length || ''}`);
    if (store.markets().some((one) => one.prefix === prefix)) return wrong(`a market with the prefix ${prefix} exists`);
    const asOf = body['asOf'] === undefined ? clock.now() : Date.parse(String(body['asOf']));
    if (Number.isNaN(asOf)) return wrong('asOf must be an ISO time');
    const seed = { ...USUAL, ...body, prefix, asOf: new Date(asOf).toISOString() } as MarketSeed;
    const numbers = [
      'seed',
      'listings',
      'mediaEach',
      'openHouseEvery',
      'offices',
      'members',
      'equalStamps',
      'days',
    ] as const;
    const bad = numbers.find((name) => !Number.isInteger(seed[name]) || seed[name] < 0);
    if (bad !== undefined) return wrong(`${bad} must be a whole number of at least 0`);
    if (seed.offices < 1 || seed.members < 1) return wrong('offices and members must be at least 1');
    store.addMarket(seed);
    return done({ market: seed, sizes: sizes(store.tables) });
  },

  'POST changes': (world, { count = 1, seed = 1, kinds = HAPPENINGS }) => {
    if (!Number.isInteger(count) || Number(count) < 1 || !Number.isInteger(seed))
      return wrong('count and seed must be whole numbers');
    const known = (kind: unknown): kind is Happening => HAPPENINGS.some((one) => one === kind);
    if (!Array.isArray(kinds) || kinds.length === 0 || !kinds.every(known))
      return wrong(`kinds must be among ${HAPPENINGS.join(', ')}`);
    return done({ happened: letHappen(world, { count: Number(count), seed: Number(seed), kinds }) });
  },

  'POST poison': (world, { kinds = POISON_KINDS, key }, { incoming }) => {
    if (!Array.isArray(kinds) || !kinds.every(isPoison)) return wrong(`kinds must be among ${POISON_KINDS.join(', ')}`);
    const options = optionsOf({}, incoming.query);
    return done({ value: kinds.map((kind) => poisoned(world, kind, key, options)) });
  },

  'GET truth': (world, _body, { incoming }) => truth(world, incoming.query),
};

/** A new record that is wrong in this way, or an old one made so. One without a key is in the feed all the same, and no event names it. */
function poisoned(world: World, kind: (typeof POISON_KINDS)[number], key: unknown, options: ChangeOptions): Json {
  const { store } = world;
  const id = typeof key === 'string' ? key : `POISON-${kind}-${store.lastSequence()}`;
  const row = store.tables.Property.get(id) ?? createRecord(world, 'Property', { ListingKey: id }, { quiet: true });
  store.put('Property', id, { ...row, ...poisonOf(kind) });
  store.setSetting(`poison:${id}`, { kind });
  if (!options.quiet && kind !== 'missing-key') announce(world, 'Property', id);
  return { id, kind };
}

/** Every record that the feed has now, as it shows it, in the order of ids: what a copy must be equal to. */
function truth(world: World, query: Readonly<Record<string, string>>): ControlReply {
  const { resource: name = 'Property', after = '', limit = '1000' } = query;
  const schema = currentSchema(world);
  const resource = schema.resource(name);
  const kept = KEPT.find((one) => one === name);
  if (resource === undefined || kept === undefined) return wrong(`resource must be one of ${KEPT.join(', ')}`);
  const table = world.store.tables[kept];
  const show = presenter(resource, mannerOf(world), undefined);
  const from = table.find('id', { at: 0, id: after }, false);
  const slots = table.walk('id').slice(from, from + Number(limit));
  const records = slots.map((slot) => {
    const id = table.id(slot);
    const poison = world.store.setting(`poison:${id}`)?.['kind'];
    const row = table.row(slot);
    const hidden = row['MlgCanView'] === false;
    return { id, ...(poison !== undefined && { poison }), ...(hidden && { hidden }), record: show(row) };
  });
  const last = records.at(-1)?.id;
  const more = from + slots.length < table.size;
  return done({ resource: name, total: table.size, records, next: more ? last : null });
}

function sizes(tables: World['store']['tables']): Json {
  return Object.fromEntries(KEPT.map((name) => [name, tables[name].size]));
}
