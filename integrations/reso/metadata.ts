import { createHash } from 'node:crypto';
import { feedResources } from '../../domain/market/feed.ts';
import type { FeedMetadata } from '../../domain/ports/market-feed.ts';
import { AppError } from '../../domain/errors.ts';
import { type Edmx, readEdmx } from './edmx.ts';
import { lookupsUrl, metadataUrl } from './query.ts';
import { type Reading, readPage } from './reading.ts';

const READ: readonly string[] = [...feedResources, 'EntityEvent'];

/**
 * Resources with their fields, and look-ups whichever way the feed states them: as enumerations of its metadata, or as a resource.
 * @param known  look-ups that are not to be read again
 */
export async function readMetadata(reading: Reading, known?: FeedMetadata['lookups']): Promise<FeedMetadata> {
  const { scope, client } = reading;
  const got = await client.ask({ url: metadataUrl(scope), what: '$metadata', accept: 'application/xml' });
  if (got.kind === 'absent') {
    throw new AppError(
      'FEED_BROKEN',
      '$metadata: expected the service root of a RESO Web API; there is none at RESO_BASE_URL',
    );
  }
  if (got.kind !== 'body') throw got.error;
  const { sets, enums } = readEdmx(got.text);
  const stated = known === undefined && 'Lookup' in sets ? await readLookups(reading) : [];
  const lookups = ordered(new Map([...Object.entries(known ?? {}), ...enumerated(enums), ...stated]));
  const resources = ordered(new Map(Object.entries(sets).filter(([name]) => READ.includes(name))));
  const sorted = Object.fromEntries(
    Object.entries(resources).map(([name, fields]) => [name, ordered(new Map(Object.entries(fields)))]),
  );
  const hash = createHash('sha256')
    .update(JSON.stringify([sorted, lookups]))
    .digest('hex');
  return { hash, resources: sorted, lookups };
}

function enumerated(enums: Edmx['enums']): (readonly [string, readonly string[]])[] {
  return Object.entries(enums).map(([name, members]) => [name, distinct(members)] as const);
}

/** The Lookup resource (RCP-32). */
async function readLookups(reading: Reading): Promise<(readonly [string, readonly string[]])[]> {
  const values = new Map<string, string[]>();
  let url: string | null = lookupsUrl(reading.scope);
  while (url !== null) {
    const { rows, link } = await readPage(reading, url, 'Lookup', false);
    for (const { LookupName: name, LookupValue: value } of rows) {
      if (typeof name !== 'string' || typeof value !== 'string') continue;
      const known = values.get(name);
      if (known === undefined) values.set(name, [value]);
      else known.push(value);
    }
    if (link !== null) reading.trail.follow(url, link, 'Lookup');
    url = link;
  }
  return [...values].map(([name, all]) => [name, distinct(all)] as const);
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

/** By name, so that the same content has the same hash. */
function ordered<T>(entries: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  return Object.fromEntries([...entries].sort(([one], [other]) => (one < other ? -1 : 1)));
}
