import type { Iso } from '../domain/glossary.ts';
import type { ListingMatch } from '../domain/market/listing.ts';
import { MATCHES_KEPT, type Wishes, wishesOfLead, wishText } from '../domain/market/wishes.ts';
import type { KeptWishes } from '../domain/ports/leads.ts';
import type { CaseFile, Findings } from './case-file.ts';
import type { Deps } from './deps.ts';

/** Wishes that an event makes other than they were; null: it leaves them as they are. */
export interface WishChange {
  /** Null: the lead looks for nothing any more. */
  readonly wishes: Wishes | null;
}

/** Pure and quick, since it is asked of every event: most change nothing here, and nobody then looks at the market. */
export function wishChange(
  { lead }: Pick<CaseFile, 'lead'>,
  found: Pick<Findings, 'qualification' | 'snapshot'>,
): WishChange | null {
  const before = wishesOfLead(lead);
  const wishes = wishesOfLead({ ...found, deletedAt: null });
  return textOf(before) === textOf(wishes) ? null : { wishes };
}

/** The optional task of level 3. Null: there is nothing to look for. */
export async function matchListings(
  matcher: Deps['matcher'] | undefined,
  { ref }: Pick<CaseFile, 'ref'>,
  change: WishChange | null,
): Promise<readonly ListingMatch[] | null> {
  if (matcher === undefined || change === null || change.wishes === null) return null;
  return matcher.find(ref, change.wishes, MATCHES_KEPT);
}

/** What the store keeps of it with the decision; undefined: wishes and matches stay. A contact that was deleted looks for nothing. */
export function wishesToKeep(
  { lead }: Pick<CaseFile, 'lead'>,
  deletedAt: Iso | null,
  change: WishChange | null,
  matches: readonly ListingMatch[] | null,
): KeptWishes | undefined {
  if (deletedAt !== null) return lead.deletedAt === null ? { wishes: null, matches: null } : undefined;
  return change === null ? undefined : { wishes: change.wishes, matches };
}

function textOf(wishes: Wishes | null): string | null {
  return wishes === null ? null : wishText(wishes);
}
