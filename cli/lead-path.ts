import type { Client } from './client.ts';
import { Failure, usage } from './failure.ts';

/**
 * `LOCATION/CONTACT` says it all. A contact alone is looked for in every installed location.
 * @throws Failure when none knows it, or several do
 */
export async function leadPath(client: Client, lead: string): Promise<string> {
  const parts = lead.split('/');
  if (parts.length > 2 || parts.some((part) => !/^[A-Za-z0-9_-]{1,128}$/.test(part))) {
    throw usage('expected a lead as LOCATION/CONTACT or CONTACT');
  }
  const [first, second] = parts;
  if (second !== undefined) return pathOf(first!, second);
  const { items } = await client.get<{ items: { locationId: string }[] }>('/api/locations');
  const paths = items.map(({ locationId }) => pathOf(locationId, first!));
  const found = await Promise.all(paths.map(async (path) => (await client.find(path)) !== undefined));
  const known = paths.filter((_, i) => found[i]);
  if (known.length === 1) return known[0]!;
  if (known.length === 0)
    throw new Failure('No installed location knows this contact as a lead.', { code: 'LEAD_UNKNOWN' });
  const ways = known.map((path) => path.slice('/api/leads/'.length));
  throw new Failure('Several locations know this contact; say which.', { code: 'LEAD_AMBIGUOUS', ways });
}

function pathOf(locationId: string, contactId: string): string {
  return `/api/leads/${encodeURIComponent(locationId)}/${encodeURIComponent(contactId)}`;
}
