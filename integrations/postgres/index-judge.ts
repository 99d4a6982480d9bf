import type { Bloat } from './index-bloat.ts';
import type { ForeignKeyFacts, IndexFacts, IndexKey } from './index-facts.ts';
import {
  type DatabaseFacts,
  type IndexFinding,
  type IndexLimits,
  creating,
  dropping,
  indexLimits,
  indexName,
  leads,
} from './index-finding.ts';
import { missing } from './index-missing.ts';

/** All that is to be said, the wrong first. An index that should go is not blamed for anything else. */
export function judgeIndexes(facts: DatabaseFacts, limits: IndexLimits = indexLimits): IndexFinding[] {
  const { indexes } = facts;
  const broken = indexes.flatMap((index) => invalid(index));
  const overlapping = overlaps(indexes);
  const gone = new Set(overlapping.map(({ index }) => index));
  const kept = indexes.filter(({ name, state }) => state === 'valid' && !gone.has(name));
  const findings = [
    ...broken,
    ...overlapping,
    ...kept.flatMap((index) => unused(index, facts, limits)),
    ...kept.flatMap((index) => bloated(index, facts.bloat, limits)),
    ...facts.foreignKeys.flatMap((key) => unsupported(key, indexes)),
    ...missing(facts, limits),
  ];
  return findings.toSorted((a, b) => Number(a.verdict === 'unknown') - Number(b.verdict === 'unknown'));
}

/** It costs every write and serves no read, and `create index if not exists` takes it for the real one. */
function invalid(index: IndexFacts): IndexFinding[] {
  const { name, table, state, unique, needed, partitioned } = index;
  const finding = { kind: 'invalid', table, index: name } as const;
  if (state === 'valid') return [];
  if (state === 'building') return [{ ...finding, verdict: 'unknown', why: 'it is being built now', mend: [] }];
  if (partitioned) {
    const why = `these partitions have no part of it: ${index.lacking.join(', ')}`;
    return [{ ...finding, verdict: 'wrong', why, mend: index.lacking.flatMap((part) => partsFor(index, part)) }];
  }
  if (/_cc(new|old)\d*"?$/.test(name)) {
    const why = 'left behind by a broken rebuild';
    return [{ ...finding, verdict: 'wrong', why, mend: [`drop index concurrently ${name}`] }];
  }
  if (state === 'dropped') {
    const why = 'left behind by a broken concurrent drop';
    return [{ ...finding, verdict: 'wrong', why, mend: [`drop index concurrently ${name}`] }];
  }
  const doubles = unique && !needed ? '; the rebuild fails as long as rows are there twice: mend those first' : '';
  const why = `its concurrent build was broken off${doubles}`;
  return [{ ...finding, verdict: 'wrong', why, mend: [`reindex index concurrently ${name}`] }];
}

/** Partitions are built one by one without a lock; the index turns valid with the last one attached. */
function partsFor(index: IndexFacts, partition: string): string[] {
  const columns = / USING .*$/s.exec(index.definition)?.[0] ?? '';
  const part = indexName(partition, index.name);
  const schema = partition.includes('.') ? `${partition.split('.')[0]!}.` : '';
  return [
    `create ${index.unique ? 'unique ' : ''}index concurrently ${part} on ${partition}${columns}`,
    `alter index ${index.name} attach partition ${schema}${part}`,
  ];
}

/** Those that another index serves as well. Of two that are equal the less used one goes. */
function overlaps(indexes: readonly IndexFacts[]): IndexFinding[] {
  const candidates = indexes
    .filter(({ state, attached }) => state === 'valid' && !attached)
    .toSorted((a, b) => a.keys.length - b.keys.length || a.scans - b.scans || b.oid - a.oid);
  const gone = new Set<IndexFacts>();
  return candidates.flatMap((index) => {
    const other = candidates.find((one) => one !== index && !gone.has(one) && covers(one, index));
    if (other === undefined) return [];
    gone.add(index);
    const sameKeys = other.keys.length === index.keys.length;
    const same = sameKeys && other.includes.length === index.includes.length;
    const less = sameKeys ? `the keys of ${other.name}, which carries more` : `the first keys of ${other.name}`;
    return [
      {
        kind: same ? 'duplicate' : 'redundant',
        verdict: 'wrong',
        table: index.table,
        index: index.name,
        why: same ? `the same as ${other.name}` : less,
        mend: [dropping(index)],
      } satisfies IndexFinding,
    ];
  });
}

/**
 * Does `other` serve every search and keep every promise of `index`? Only a B-tree serves searches by its first keys alone, and only
 * an equally unique index on exactly the same keys keeps the promise of a unique one.
 */
export function covers(other: IndexFacts, index: IndexFacts): boolean {
  if (index.needed || other.table !== index.table || other.method !== index.method) return false;
  if (other.predicate !== index.predicate) return false;
  const sameLength = other.keys.length === index.keys.length;
  // The options of a B-tree say how it is stored; those of other methods also what it finds fast.
  if (index.method !== 'btree' && (!sameLength || other.options !== index.options)) return false;
  if (index.unique) {
    // Stricter with nulls would be another promise again.
    const samePromise = other.unique && other.immediate && other.nullsNotDistinct === index.nullsNotDistinct;
    if (!sameLength || !samePromise) return false;
  }
  const carried = new Set([...other.keys.map(({ text }) => text), ...other.includes]);
  return index.keys.every((key, at) => equalKeys(key, other.keys[at])) && index.includes.every((c) => carried.has(c));
}

function equalKeys(a: IndexKey, b: IndexKey | undefined): boolean {
  return (
    b !== undefined &&
    a.text === b.text &&
    a.opclass === b.opclass &&
    a.collation === b.collation &&
    a.order === b.order &&
    a.options === b.options
  );
}

/** Never one that something stands on: it earns its place by what it forbids. */
function unused(index: IndexFacts, { age, tables }: DatabaseFacts, limits: IndexLimits): IndexFinding[] {
  if (index.scans > 0 || index.unique || index.needed || index.attached) return [];
  const reads = tables.find(({ name }) => name === index.table)?.reads ?? 0;
  const days = age.since === null ? null : (Date.parse(age.now) - Date.parse(age.since)) / 86_400_000;
  const doubts = [
    ...(days === null ? ['since when uses are counted is unknown (select pg_stat_reset() starts anew)'] : []),
    ...(days !== null && days < limits.unusedDays ? [`uses are counted for ${days.toFixed(1)} days only`] : []),
    ...(reads < limits.unusedReads ? [`its table was read ${reads} times only`] : []),
    ...(index.transactions < limits.unusedTransactions ? [`it is ${index.transactions} transactions old`] : []),
  ];
  const since = age.since === null ? 'as far as is known' : `since ${age.since}`;
  const finding = { kind: 'unused', table: index.table, index: index.name } as const;
  const why = `no scan ${since}`;
  if (doubts.length > 0) {
    return [{ ...finding, verdict: 'unknown', why: `${why}, too early to tell: ${doubts.join('; ')}`, mend: [] }];
  }
  const read = `while its table was read ${reads} times; other servers that read (standbys) count for themselves`;
  return [{ ...finding, verdict: 'wrong', why: `${why}, ${read}`, mend: [dropping(index)] }];
}

function bloated(index: IndexFacts, bloat: readonly Bloat[], limits: IndexLimits): IndexFinding[] {
  const found = bloat.find(({ oid }) => oid === index.oid);
  if (found === undefined || found.share < limits.bloatShare || found.share * index.bytes < limits.bloatBytes)
    return [];
  const why = `${Math.round(found.share * 100)} % of it is air (${found.how}); limit ${limits.bloatShare * 100} %`;
  const mend = [`reindex index concurrently ${index.name}`];
  return [{ kind: 'bloated', verdict: 'wrong', table: index.table, index: index.name, why, mend }];
}

/** Each delete or change of key in the table referred to looks for rows that refer to it. */
function unsupported(key: ForeignKeyFacts, indexes: readonly IndexFacts[]): IndexFinding[] {
  const { table, columns, name, references } = key;
  const notNull = (predicate: string | null) =>
    predicate === null || columns.some((column) => predicate === `(${column} IS NOT NULL)`);
  const served = indexes.some(
    (index) =>
      index.table === table &&
      index.state === 'valid' &&
      (index.method === 'btree' || (index.method === 'hash' && columns.length === 1)) &&
      notNull(index.predicate) &&
      leads(index, columns),
  );
  if (served) return [];
  const why = `no index serves the foreign key ${name}: each delete in ${references} reads all of ${table}`;
  return [{ kind: 'foreign-key', verdict: 'wrong', table, index: null, why, mend: [creating(key, columns, indexes)] }];
}
