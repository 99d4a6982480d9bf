import { changeRecord, createRecord, removeRecord } from './changes.ts';
import { day, iso } from './home.ts';
import { AUDIENCES } from './market.ts';
import { randomAt, weighted } from './random.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

export const HAPPENINGS = [
  'price-drop',
  'price-rise',
  'pending',
  'closed',
  'back-on-market',
  'new',
  'removed',
  'photo',
  'open-house',
] as const;
export type Happening = (typeof HAPPENINGS)[number];

const USUAL: Readonly<Record<Happening, number>> = {
  'price-drop': 30,
  'price-rise': 5,
  pending: 16,
  closed: 10,
  'back-on-market': 5,
  new: 14,
  removed: 4,
  photo: 10,
  'open-house': 6,
};

/** From which status a listing can come to each. */
const FROM: Readonly<Partial<Record<Happening, readonly string[]>>> = {
  'price-drop': ['Active', 'Coming Soon'],
  'price-rise': ['Active', 'Coming Soon'],
  pending: ['Active', 'Active Under Contract'],
  closed: ['Pending', 'Active Under Contract'],
  'back-on-market': ['Pending', 'Active Under Contract', 'Withdrawn'],
  'open-house': ['Active'],
};

export interface Happened {
  readonly kind: Happening;
  /** Of the listing. */
  readonly key: string;
}

/**
 * Lets so many things happen in the market, the same for the same seed and state: what a day at an MLS brings.
 * A kind for which no listing is found in a hundred tries does not happen.
 */
export function letHappen(
  world: World,
  order: { count: number; seed: number; kinds: readonly Happening[] },
): Happened[] {
  const draw = weighted(order.kinds.map((kind) => [kind, USUAL[kind]] as const));
  const happened: Happened[] = [];
  for (let n = 0; n < order.count; n += 1) {
    const random = randomAt(order.seed, 'happening', n);
    const kind = draw(random);
    const key = kind === 'new' ? `NEW${order.seed}-${world.store.lastSequence()}` : listingFor(world, kind, random);
    if (key === undefined) continue;
    happen(world, kind, key, random);
    happened.push({ kind, key });
  }
  return happened;
}

function listingFor({ store }: World, kind: Happening, random: Random): string | undefined {
  const table = store.tables.Property;
  const walked = table.walk('id');
  if (walked.length === 0) return undefined;
  for (let tries = 0; tries < 100; tries += 1) {
    const slot = walked[random.between(0, walked.length - 1)]!;
    const { StandardStatus: status, ListPrice: price, MlgCanView: canView } = table.row(slot);
    if (canView === false || typeof price !== 'number') continue;
    if (FROM[kind]?.includes(String(status)) ?? true) return table.id(slot);
  }
  return undefined;
}

function happen(world: World, kind: Happening, key: string, random: Random): void {
  const price = Number(world.store.tables.Property.get(key)?.['ListPrice'] ?? 0);
  const status = (to: string) => changeRecord(world, 'Property', key, { StandardStatus: to }, {});
  switch (kind) {
    case 'price-drop':
      return void changeRecord(
        world,
        'Property',
        key,
        { ListPrice: Math.round(price * (0.9 + 0.08 * random.unit())) },
        {},
      );
    case 'price-rise':
      return void changeRecord(
        world,
        'Property',
        key,
        { ListPrice: Math.round(price * (1.01 + 0.05 * random.unit())) },
        {},
      );
    case 'pending':
      return void status('Pending');
    case 'closed':
      return void status('Closed');
    case 'back-on-market':
      return void status('Active');
    case 'new':
      return void createRecord(world, 'Property', { ListingKey: key }, {});
    case 'removed':
      return void removeRecord(world, 'Property', key, {});
    case 'photo': {
      const photo = { MediaKey: `${key}-P${world.store.lastSequence()}`, ResourceRecordKey: key };
      return void createRecord(world, 'Media', photo, {});
    }
    case 'open-house': {
      const from =
        Math.ceil(world.clock.now() / 86_400_000) * 86_400_000 + random.between(1, 9) * 86_400_000 + 18 * 3_600_000;
      const times = {
        OpenHouseDate: day(from),
        OpenHouseStartTime: iso(from),
        OpenHouseEndTime: iso(from + 7_200_000),
        ...random.pick(AUDIENCES),
      };
      const house = { OpenHouseKey: `${key}-H${world.store.lastSequence()}`, ListingKey: key, ...times };
      return void createRecord(world, 'OpenHouse', house, {});
    }
  }
}
