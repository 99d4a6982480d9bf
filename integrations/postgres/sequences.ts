import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import type { SequenceStore } from '../../domain/ports/leads.ts';
import { takeLocks } from './locks.ts';
import { type Place, stored, transaction } from './pool.ts';
import { clean, toJsonb } from './values.ts';

/** Published sequences: append-only, every version kept, since enrolments and decisions refer to it. */
export function createSequenceStore(place: Place): SequenceStore {
  return {
    published: () => stored(() => published(place)),
    get: (key, version) => stored(() => get(place, key, version)),
    publish: (document) => stored(() => publish(place, document)),
  };
}

interface Row {
  readonly document: SequenceDocument;
}

async function published(place: Place): Promise<SequenceDocument[]> {
  const { rows } = await place.query<Row>({
    name: 'sequences-published',
    text: 'select distinct on (key) document from sequences order by key, version desc',
  });
  return rows.map((row) => row.document);
}

async function get(place: Place, key: string, version?: number): Promise<SequenceDocument | undefined> {
  const { rows } = await place.query<Row>({
    name: 'sequence-get',
    text: `select document from sequences where key = $1 and ($2::integer is null or version = $2) order by version desc limit 1`,
    values: [clean(key), version ?? null],
  });
  return rows[0]?.document;
}

/** Compared with the newest version only: going back to an older text is a change, too. */
async function publish(place: Place, document: Omit<SequenceDocument, 'version'>): Promise<SequenceDocument> {
  return transaction(place, async (client) => {
    const [, { rows }] = await Promise.all([
      takeLocks(client, [`sequence:${document.key}`]),
      client.query<Row>({
        name: 'sequence-publish',
        text: `with newest as (
            select version, document from sequences where key = $1 order by version desc limit 1
          ), next as (
            insert into sequences (key, version, document)
            select $1, n.version, $2::jsonb || jsonb_build_object('version', n.version)
            from (select coalesce((select version from newest), 0) + 1 as version) as n
            where not exists (select from newest where document - 'version' = $2::jsonb - 'version')
            returning document
          )
          select document from next union all select document from newest where not exists (select from next)`,
        values: [clean(document.key), toJsonb(document)],
      }),
    ]);
    const row = rows[0];
    if (row === undefined) throw new Error('a sequence was published and is not there');
    return row.document;
  });
}
