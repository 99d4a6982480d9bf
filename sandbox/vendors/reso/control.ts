import { recordActions } from './control-records.ts';
import { done, wrong } from './control-reply.ts';
import type { Actions, ControlReply } from './control-reply.ts';
import { readFault } from './faults.ts';
import { refuseResources, refusedResources } from './grants.ts';
import type { Incoming } from './incoming.ts';
import { VENDORS } from './profiles.ts';
import { readSubscription, subscriptionOf } from './push.ts';
import { KEPT } from './schema.ts';
import type { Drift } from './schema.ts';
import { changeToken } from './tokens.ts';
import { isObject } from './wire.ts';
import type { Json } from './wire.ts';
import { currentSchema, driftOf, isVendor, mannerOf, profileOf } from './world.ts';
import type { World } from './world.ts';

/** The routes under `/_sandbox`; `README.md` beside this file has their shapes. */
export async function control(world: World, incoming: Incoming): Promise<ControlReply> {
  const { method, path, malformed } = incoming;
  const [, , name = '', ...parts] = path.split('/');
  const rest = parts.length === 0 ? undefined : parts.join('/');
  const action = ACTIONS[`${method} ${name}`];
  if (action === undefined) return { status: 404, body: { error: `no such route: ${method} ${path}` } };
  if (malformed) return wrong('the body is not JSON');
  const reply = await action(world, isObject(incoming.body) ? incoming.body : {}, { incoming, rest });
  world.store.commit();
  return reply;
}

const EVENTS = ['hideOlder', 'gaps', 'withhold'];

const ACTIONS: Actions = {
  ...recordActions,

  'GET state': (world) => {
    const { store, clock, faults } = world;
    return done({
      clock: new Date(clock.now()).toISOString(),
      profile: profileOf(world),
      ...{ drift: driftOf(world), manner: mannerOf(world), faults: faults.list(), push: subscriptionOf(store) ?? null },
      refused: refusedResources(world),
      replica: store.replica.lag(),
      markets: store.markets(),
      sizes: {
        ...Object.fromEntries(KEPT.map((name) => [name, store.tables[name].size])),
        EntityEvent: store.events.size,
      },
      events: { ...store.setting('events'), last: store.lastSequence(), held: store.held().length },
    });
  },
  'GET ledger': ({ store }, _body, { incoming }) => {
    const after = Number(incoming.query['after'] ?? 0);
    if (!Number.isInteger(after) || after < 0) return wrong('after must be the number of a call');
    return done({ calls: store.calls(after), last: store.lastCall() });
  },
  'GET usage': (world) => {
    const { limiter, clock } = world;
    const profile = profileOf(world);
    const tokens = limiter.tokens().map((id) => ({
      id,
      ...limiter.totals(id),
      windows: limiter.uses(id, profile, clock.now()),
    }));
    return done({ tokens });
  },

  'POST usage': (world, { usedByOthers, quota }) => {
    const { limiter, clock } = world;
    const profile = profileOf(world);
    if (typeof usedByOthers !== 'number' || !Number.isInteger(usedByOthers) || usedByOthers < 0)
      return wrong('usedByOthers must be a whole number of at least 0');
    const taken = profile.quotas.filter(({ name, unit }) =>
      quota === undefined ? unit === 'requests' : name === quota,
    );
    if (taken.length === 0) return wrong(`quota must be one of ${profile.quotas.map(({ name }) => name).join(', ')}`);
    for (const one of taken) limiter.takeByOthers(one, usedByOthers, clock.now());
    return done({ taken: taken.map(({ name }) => name) });
  },

  'POST profile': ({ store, limiter }, body) => {
    if (body['vendor'] !== undefined && !isVendor(body['vendor']))
      return wrong(`vendor must be one of ${VENDORS.join(', ')}`);
    const before = body['vendor'] === undefined ? store.setting('profile') : undefined;
    store.setSetting('profile', { ...before, ...body });
    limiter.clear();
    return done(profileOf({ store }));
  },
  'POST manner': (world, { values, decimals }) => {
    if (values !== undefined && values !== 'words' && values !== 'codes') return wrong('values must be words or codes');
    if (decimals !== undefined && decimals !== 'numbers' && decimals !== 'text')
      return wrong('decimals must be numbers or text');
    const known = world.store.setting('manner');
    world.store.setSetting('manner', {
      ...known,
      ...(values !== undefined && { values }),
      ...(decimals !== undefined && { decimals }),
    });
    return done(mannerOf(world));
  },

  'GET grants': (world) => done({ refused: refusedResources(world) }),
  'POST grants': (world, body) => {
    const problem = refuseResources(world, body);
    return problem === undefined ? done({ refused: refusedResources(world) }) : wrong(problem);
  },
  'DELETE grants': (world, _body, { rest }) => {
    const kept = Object.entries(refusedResources(world)).filter(([name]) => rest !== undefined && name !== rest);
    world.store.setSetting('grants', Object.fromEntries(kept));
    return done({ refused: refusedResources(world) });
  },

  'GET drift': (world) => done({ drift: driftOf(world) }),
  'POST drift': (world, body) => {
    const drift = readDrift(world, body);
    if (typeof drift === 'string') return wrong(drift);
    world.store.setSetting('drift', { list: [...driftOf(world), drift] });
    return done({ drift: driftOf(world) });
  },
  'DELETE drift': ({ store }) => {
    store.setSetting('drift', undefined);
    return done({ drift: [] });
  },
  'POST lookups': ({ store }, { name, values }) => {
    if (typeof name !== 'string' || !Array.isArray(values))
      return wrong('name must be that of a look-up, values a list of texts');
    store.setSetting('lookups', { ...store.setting('lookups'), [name]: values });
    return done(store.setting('lookups'));
  },

  'GET events': ({ store }) => done({ last: store.lastSequence(), shown: store.events.size, held: store.held() }),
  'POST events': ({ store, push }, { firstSequence, ...body }) => {
    const stranger = Object.keys(body).find((name) => !EVENTS.includes(name));
    if (stranger !== undefined)
      return wrong(`unknown field ${stranger}; known are ${EVENTS.join(', ')}, firstSequence`);
    if (firstSequence !== undefined) {
      if (!/^\d{1,19}$/.test(String(firstSequence)) || BigInt(String(firstSequence)) <= store.lastSequence())
        return wrong('firstSequence must be digits, above the last one');
      store.jumpTo(BigInt(String(firstSequence)) - 1n);
    }
    store.setSetting('events', { ...store.setting('events'), ...body });
    const released = body['withhold'] === false ? store.release() : [];
    for (const event of released) push.offer(event);
    return done({ ...store.setting('events'), last: store.lastSequence(), released: released.length });
  },

  'GET replica': ({ store }) => done(store.replica.lag()),
  'POST replica': ({ store }, { lagMs, release }) => {
    if (lagMs !== undefined && lagMs !== null && (typeof lagMs !== 'number' || lagMs < 0))
      return wrong('lagMs must be milliseconds, or null for until it is released');
    if (release === true) store.replica.release();
    if (lagMs !== undefined) store.replica.setLag(lagMs);
    return done(store.replica.lag());
  },

  'GET push': ({ store, push }) => done({ subscription: subscriptionOf(store) ?? null, deliveries: push.deliveries() }),
  'POST push': ({ store }, body) => {
    const read = readSubscription(body);
    if (typeof read === 'string') return wrong(read);
    store.setSetting('push', { ...store.setting('push'), ...read });
    return done({ subscription: subscriptionOf(store) ?? null });
  },
  'DELETE push': ({ store }) => {
    store.setSetting('push', undefined);
    return done({ subscription: null });
  },
  /** Waits until everything that was to be pushed was delivered or given up. */
  'POST push-idle': async ({ push }) => {
    await push.idle();
    return done({ deliveries: push.deliveries() });
  },

  'POST tokens': ({ store, clock }, body) => {
    const outcome = changeToken(store, body, clock.now());
    return typeof outcome === 'string' ? wrong(outcome) : done(outcome);
  },
  'POST clients': ({ store }, { id, secret }) => {
    if (typeof id !== 'string' || typeof secret !== 'string') return wrong('id and secret must be texts');
    store.setSetting(`client:${id}`, { secret });
    return done({ id });
  },
  'POST oauth': ({ store, clock }, { lifetimeMs, expireAll }) => {
    if (lifetimeMs !== undefined && (typeof lifetimeMs !== 'number' || lifetimeMs < 0))
      return wrong('lifetimeMs must be milliseconds');
    if (lifetimeMs !== undefined) store.setSetting('oauth', { lifetimeMs });
    if (expireAll === true)
      for (const [name, token] of store.settings('token:'))
        store.setSetting(name, { ...token, expiresAt: clock.now() });
    return done(store.setting('oauth') ?? {});
  },

  'GET clock': ({ clock }) => done({ now: new Date(clock.now()).toISOString() }),
  'POST clock': ({ clock }, { advanceMs = 0, at, running }) => {
    if (typeof advanceMs !== 'number' || advanceMs < 0) return wrong('advanceMs must be milliseconds of at least 0');
    const moment = at === undefined ? undefined : Date.parse(String(at));
    if (Number.isNaN(moment)) return wrong('at must be an ISO time');
    if (moment !== undefined) clock.stopAt(moment);
    if (running === true) clock.release();
    clock.advance(advanceMs);
    return done({ now: new Date(clock.now()).toISOString() });
  },
  'POST latency': ({ store }, { ms }) => {
    if (typeof ms !== 'number' || ms < 0) return wrong('ms must be milliseconds');
    store.setSetting('latency', { ms });
    return done({ ms });
  },

  'GET faults': ({ faults }) => done({ faults: faults.list() }),
  'POST faults': ({ faults }, body) => {
    const fault = readFault(body);
    if (typeof fault === 'string') return wrong(fault);
    faults.add(fault);
    return done({ faults: faults.list() });
  },
  'DELETE faults': ({ faults }) => {
    faults.clear();
    return done({ faults: [] });
  },

  // Whose habits it has stays: it belongs to how the process was started, not to the data.
  'POST reset': ({ store, faults, limiter, clock }) => {
    const vendor = store.setting('profile')?.['vendor'];
    faults.clear();
    limiter.clear();
    store.clear();
    clock.reset();
    if (vendor !== undefined) store.setSetting('profile', { vendor });
    return done({ reset: true });
  },
};

const WAYS = ['add', 'remove', 'type'];
const TYPES = ['Boolean', 'Date', 'DateTimeOffset', 'Decimal', 'Double', 'Int32', 'Int64', 'String'];

function readDrift(world: World, { resource = 'Property', field, how, type, value }: Json): Drift | string {
  const found = currentSchema(world).resource(String(resource));
  if (found === undefined) return `there is no resource ${String(resource)}`;
  if (typeof field !== 'string' || field === '') return 'field must be a name';
  if (!WAYS.includes(String(how))) return `how must be one of ${WAYS.join(', ')}`;
  if (type !== undefined && !TYPES.includes(String(type))) return `type must be one of ${TYPES.join(', ')}`;
  if (how === 'type' && type === undefined) return 'type must say the new one';
  if (how !== 'add' && !found.fields.some(({ name }) => name === field)) return `${found.name} has no field ${field}`;
  return {
    ...{ resource: found.name, field, how: how as Drift['how'] },
    ...(type !== undefined && { type: type as NonNullable<Drift['type']> }),
    ...(value !== undefined && { value }),
  };
}
