import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Limiter } from './limits.ts';
import { lookupTable } from './metadata.ts';
import type { Manner } from './present.ts';
import { PROFILES, VENDORS } from './profiles.ts';
import type { Profile, Vendor } from './profiles.ts';
import type { Push } from './push.ts';
import { schemaOf } from './schema.ts';
import type { Drift, Kept, Schema } from './schema.ts';
import type { Store } from './store.ts';
import type { Table } from './table.ts';

/** Everything that a request may touch. */
export interface World {
  readonly store: Store;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly limiter: Limiter;
  readonly push: Push;
}

/** The vendor's habits with what was changed of them. */
export function profileOf({ store }: Pick<World, 'store'>): Profile {
  const { vendor, ...changed } = store.setting('profile') ?? {};
  const base = PROFILES[VENDORS.find((one) => one === vendor) ?? 'reso'];
  return {
    ...base,
    ...changed,
    pages: { ...base.pages, ...(changed['pages'] as object | undefined) },
    ...(base.replication && {
      replication: { ...base.replication, ...(changed['replication'] as object | undefined) },
    }),
  };
}

export function isVendor(name: unknown): name is Vendor {
  return VENDORS.some((one) => one === name);
}

export function driftOf({ store }: Pick<World, 'store'>): readonly Drift[] {
  return (store.setting('drift')?.['list'] ?? []) as readonly Drift[];
}

/** One schema as long as nothing is changed of it. */
const schemas = new WeakMap<Store, { readonly key: string; readonly schema: Schema; lookups: Table | undefined }>();

export function currentSchema(world: Pick<World, 'store'>): Schema {
  return schemaEntry(world).schema;
}

function schemaEntry(world: Pick<World, 'store'>) {
  const { events, hiddenMs } = profileOf(world);
  const drift = driftOf(world);
  const added = addedLookups(world);
  const key = JSON.stringify([drift, events, hiddenMs, added, systemOf(world)]);
  const known = schemas.get(world.store);
  if (known?.key === key) return known;
  const made = { key, schema: schemaOf(drift, { canView: hiddenMs !== undefined, events }), lookups: undefined };
  schemas.set(world.store, made);
  return made;
}

function systemOf({ store }: Pick<World, 'store'>): string {
  return store.markets()[0]?.system ?? 'gulfcoast';
}

function addedLookups({ store }: Pick<World, 'store'>): Readonly<Record<string, readonly string[]>> {
  return (store.setting('lookups') ?? {}) as Readonly<Record<string, readonly string[]>>;
}

/** Where a resource's records are; undefined: it does not exist. */
export function tableOf(world: Pick<World, 'store' | 'clock'>, name: string): Table | undefined {
  const shown = world.store.replica.shown();
  if (name === 'EntityEvent') return shown.events;
  if (name in shown.tables) return shown.tables[name as Kept];
  if (name !== 'Lookup') return undefined;
  const entry = schemaEntry(world);
  // Look-ups are older than any record.
  entry.lookups ??= lookupTable(entry.schema, {
    added: addedLookups(world),
    system: systemOf(world),
    at: '2020-01-01T00:00:00.000Z',
  });
  return entry.lookups;
}

export function mannerOf(world: Pick<World, 'store'>): Manner {
  const { values, decimals } = world.store.setting('manner') ?? {};
  const usual = profileOf(world).enums === 'edm' ? 'codes' : 'words';
  return {
    values: values === 'words' || values === 'codes' ? values : usual,
    decimals: decimals === 'text' ? 'text' : 'numbers',
  };
}
