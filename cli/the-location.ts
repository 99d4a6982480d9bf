import { type Client, connect } from './client.ts';
import { Failure } from './failure.ts';
import type { TalkOptions } from './options.ts';
import type { Io } from './output.ts';

export interface LocationOptions extends TalkOptions {
  readonly location?: string;
}

/** The API of one location; a location that is alone need not be named. */
export async function openLocation(io: Io, options: LocationOptions): Promise<{ client: Client; path: string }> {
  const client = connect(io, options);
  const locationId = options.location ?? (await theOnlyLocation(client));
  return { client, path: `/api/locations/${encodeURIComponent(locationId)}` };
}

/** @throws Failure where there is none, or more than one */
export async function theOnlyLocation(client: Client): Promise<string> {
  const { items } = await client.get<{ items: { locationId: string }[] }>('/api/locations');
  const [first] = items;
  if (first !== undefined && items.length === 1) return first.locationId;
  const ways = items.map(({ locationId }) => `--location ${locationId}`);
  throw new Failure(items.length === 0 ? 'No location is installed.' : 'Several locations are installed; say which.', {
    code: 'LOCATION_AMBIGUOUS',
    ways,
  });
}
