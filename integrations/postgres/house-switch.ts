import type { AllPaused } from '../../domain/leads/settings.ts';
import { holdHouse } from './locks.ts';
import { type Place, transaction } from './pool.ts';
import { clean } from './values.ts';

/** Is everything paused? A scalar for any statement: the newest switch is in force. */
export const ALL_PAUSED =
  'coalesce((select s.all_paused from house_switches s order by s.switch_id desc limit 1), false)';

/** How a location stands, alias `p`, with the switch of all. */
export const STATUS = `case when p.status = 'active' and ${ALL_PAUSED} then 'paused' else p.status end`;

/**
 * Waits for the gates that are open, and binds all later ones, also of locations that come later.
 * @returns how many locations stand as `status` from now on
 */
export async function setAllStatus(house: Place, status: 'active' | 'paused', by: string): Promise<number> {
  return transaction(house, async (client) => {
    await holdHouse(client);
    await client.query({
      name: 'house-switch',
      text: `insert into house_switches (all_paused, by) select $1, $2 where $1 <> ${ALL_PAUSED}`,
      values: [status === 'paused', clean(by)],
    });
    const { rows } = await client.query<{ count: number }>({
      name: 'house-switched',
      text: `select count(*)::integer as count from locations p where ${STATUS} = $1`,
      values: [status],
    });
    return rows[0]?.count ?? 0;
  });
}

export async function allPaused(house: Place): Promise<AllPaused | null> {
  const { rows } = await house.query<AllPaused & { readonly paused: boolean }>({
    name: 'house-paused',
    text: 'select all_paused as paused, by, at as since from house_switches order by switch_id desc limit 1',
  });
  const [newest] = rows;
  return newest?.paused === true ? { by: newest.by, since: newest.since } : null;
}
