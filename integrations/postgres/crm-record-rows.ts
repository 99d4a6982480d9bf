import { mergeRecord } from '../../domain/crm/record-merge.ts';
import type { CrmRecord, Facts, RecordChange, RecordKind, RecordNews } from '../../domain/crm/records.ts';
import type { Iso } from '../../domain/glossary.ts';
import { statementsOf } from './crm-record-tables.ts';
import type { Client, Runner } from './pool.ts';
import { clean, instant, toJsonb } from './values.ts';

interface Row extends Omit<CrmRecord, 'kind'> {
  readonly facts: Facts;
}

/** Two writers of one record take turns, whoever they are. */
export function recordLock(locationId: string, { kind, recordId }: Pick<RecordNews, 'kind' | 'recordId'>): string {
  return `record:${locationId}:${kind}:${recordId}`;
}

export async function readRecord(
  runner: Runner,
  locationId: string,
  kind: RecordKind,
  recordId: string,
): Promise<CrmRecord | null> {
  const { rows } = await runner.query<Row>({
    name: `record-read-${kind}`,
    text: statementsOf(kind).read,
    values: [locationId, clean(recordId)],
  });
  return rows[0] === undefined ? null : recordOf(kind, rows[0]);
}

/** A column that is null says nothing unless the record tells when it was so. */
export function recordOf(kind: RecordKind, row: Row): CrmRecord {
  const facts = Object.entries(row.facts).filter(([key]) => Object.hasOwn(row.factsAt, key));
  const { recordId, contactId, factsAt, knownAt, deletedAt, ownAt } = row;
  return { kind, recordId, contactId, facts: Object.fromEntries(facts), factsAt, knownAt, deletedAt, ownAt };
}

/**
 * Merges news into what is stored. The caller holds the record's lock and has read the record under it.
 * @param ownAt  when a write of ours is what is being stored
 */
export async function writeRecord(
  client: Client,
  locationId: string,
  before: CrmRecord | null,
  news: RecordNews,
  ownAt?: Iso,
): Promise<RecordChange> {
  const { record, change } = mergeRecord(before, news);
  await client.query({
    name: `record-write-${news.kind}`,
    text: statementsOf(news.kind).write,
    values: [
      locationId,
      clean(record.recordId),
      record.contactId === null ? null : clean(record.contactId),
      toJsonb(record.facts),
      toJsonb(record.factsAt),
      instant(record.knownAt),
      record.deletedAt,
      ownAt === undefined ? record.ownAt : instant(ownAt),
    ],
  });
  return change;
}
