import type { FeedMetadata } from '../ports/market-feed.ts';

export type DriftKind = 'added' | 'removed' | 'type' | 'lookup-added' | 'lookup-removed';

/** One difference between two shapes of a feed. */
export interface Drift {
  /** Of a look-up: `Lookup`. */
  readonly resource: string;
  /** Of a look-up: its name. `*`: the resource as a whole. */
  readonly field: string;
  readonly kind: DriftKind;
  /** EDM type or look-up value. */
  readonly before: string | null;
  readonly after: string | null;
  /** The field keeps its last value until somebody acknowledges the change. */
  readonly frozen: boolean;
}

export function driftBetween(_before: FeedMetadata, _after: FeedMetadata): readonly Drift[] {
  throw new Error('driftBetween: body follows');
}

/** The fields of a resource that open drift freezes. */
export function frozenFields(
  _open: readonly Pick<Drift, 'resource' | 'field' | 'frozen'>[],
  _resource: string,
): ReadonlySet<string> {
  throw new Error('frozenFields: body follows');
}
