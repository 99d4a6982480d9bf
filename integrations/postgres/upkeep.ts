import { type Asked, ask } from './ask.ts';

/**
 * Makes the tables of analytics events of last month, this month and the next two that are missing; months are those of UTC. Last month
 * belongs to them on a fresh installation only: what happened before midnight is told after it.
 * @param place  the house's, or the owner's
 * @returns how many were made
 * Errors: STORE_AWAY.
 */
export async function keepMonths(place: Asked): Promise<number> {
  const rows = await ask<{ made: number }>(place, {
    text: `select make_analytics_months((today - interval '1 month')::date, (today + interval '2 months')::date) as made
      from (select now() at time zone 'UTC' as today) as clock`,
    values: [],
  });
  return rows[0]?.made ?? 0;
}
