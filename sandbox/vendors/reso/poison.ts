import type { Row } from './wire.ts';

/** What MLSs have sent: kind → the fields that are wrong. */
const POISONS = {
  'negative-price': { ListPrice: -425_000 },
  '33-bedrooms': { BedroomsTotal: 33 },
  'coordinates-0-0': { Latitude: 0, Longitude: 0 },
  'dates-2099': { ListingContractDate: '2099-01-01', ModificationTimestamp: '2099-01-01T00:00:00.000Z' },
  'missing-key': { ListingKey: null },
  'price-in-words': { ListPrice: 'call for price' },
  'no-timestamp': { ModificationTimestamp: null },
  'unknown-status': { StandardStatus: 'Somewhere In Between' },
  'impossible-date': { ListingContractDate: '2026-02-31' },
  'no-price': { ListPrice: null },
} as const satisfies Readonly<Record<string, Row>>;

export type PoisonKind = keyof typeof POISONS;
export const POISON_KINDS = Object.keys(POISONS) as PoisonKind[];

export function poisonOf(kind: PoisonKind): Row {
  return POISONS[kind];
}

export function isPoison(kind: unknown): kind is PoisonKind {
  return POISON_KINDS.some((one) => one === kind);
}
