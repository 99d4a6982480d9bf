import type { Iso } from '../../domain/glossary.ts';
import type { Lead } from '../../domain/leads/lead.ts';
import { MATCHES_KEPT, wishesOfLead } from '../../domain/market/wishes.ts';
import type { WishesPass, WishesUpkeep } from '../../domain/ports/listing-matcher.ts';
import { centreOf, keepWishes, wishHash } from './lead-wishes.ts';
import { bestFor } from './listing-matcher.ts';
import { type Client, stored, transaction } from './pool.ts';
import type { Tenants } from './tenants.ts';

/** Wishes in Postgres that no decision has kept; see `WishesUpkeep`. */
export function createWishesUpkeep(tenants: Pick<Tenants, 'at'>, now: () => Date): WishesUpkeep {
  return {
    catchUp: (locationId, after, limit) => catchUpWishes(tenants, { locationId, after, limit, now: now() }),
  };
}

interface Row extends Pick<Lead, 'qualification' | 'snapshot' | 'deletedAt' | 'contactId'> {
  readonly hash: string | null;
  readonly matched: boolean;
}

export async function catchUpWishes(
  tenants: Pick<Tenants, 'at'>,
  asked: { readonly locationId: string; readonly after: string | null; readonly limit: number; readonly now: Date },
): Promise<WishesPass> {
  const { locationId, after, limit } = asked;
  return stored(() =>
    transaction(tenants.at(locationId), async (client) => {
      const { rows } = await client.query<Row>({
        name: 'wishes-catch-up',
        text: NEXT,
        values: [locationId, after ?? '', limit],
      });
      let [changed, matched] = [0, 0];
      for (const row of rows) {
        const done = await mend(client, locationId, row, asked.now.toISOString());
        changed += Number(done.stored);
        matched += Number(done.matched);
      }
      return { leads: rows.length, stored: changed, matched, next: rows.at(-1)?.contactId ?? null };
    }),
  );
}

/** Locked, so that a decision about one of them waits until its wishes stand. */
const NEXT = `
select l.contact_id as "contactId", l.qualification, l.snapshot, l.deleted_at as "deletedAt", w.wish_hash as hash, w.matched_at is not null as matched
from leads l left join lead_wishes w on w.location_id = $1 and w.contact_id = l.contact_id
where l.location_id = $1 and l.contact_id > $2
order by l.contact_id limit $3 for update of l`;

async function mend(
  client: Client,
  locationId: string,
  row: Row,
  at: Iso,
): Promise<{ readonly stored: boolean; readonly matched: boolean }> {
  const ref = { locationId, contactId: row.contactId };
  const wishes = wishesOfLead(row);
  if (wishes === null) {
    if (row.hash !== null) await keepWishes(client, ref, { wishes, matches: null, at });
    return { stored: row.hash !== null, matched: false };
  }
  const same = row.hash === wishHash(wishes);
  if (same && row.matched) return { stored: false, matched: false };
  const centre = wishes.near ? await centreOf(client, locationId, wishes) : null;
  const matches = await bestFor(client, ref, { wishes, centre }, MATCHES_KEPT, at);
  await keepWishes(client, ref, { wishes, matches, at });
  return { stored: !same, matched: true };
}
