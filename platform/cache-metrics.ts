import { Counter, Gauge, type Registry } from 'prom-client';
import type { RunningCache } from '../integrations/cache/cache.ts';

type Labels = Readonly<Record<string, string>>;
type Figure = readonly [labels: Labels, value: number];

/**
 * What the cache counts, read at each scrape. Labels are kinds, outcomes, codecs and size bands, each of a closed list: no key, no location.
 */
export function showCache(registry: Registry, cache: Pick<RunningCache, 'stats' | 'choices'>): void {
  const registers = [registry];
  const total = (name: string, help: string, labelNames: readonly string[], read: () => readonly Figure[]): void => {
    new Counter({
      ...{ name: `leadwright_cache_${name}`, help, labelNames, registers },
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.inc(labels, value);
      },
    });
  };
  const gauge = (name: string, help: string, labelNames: readonly string[], read: () => readonly Figure[]): void => {
    new Gauge({
      ...{ name: `leadwright_cache_${name}`, help, labelNames, registers },
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.set(labels, value);
      },
    });
  };
  const kinds = (): readonly (readonly [string, ReturnType<RunningCache['stats']>['kinds'][string]])[] =>
    Object.entries(cache.stats().kinds);
  const coded = (): ReturnType<RunningCache['stats']>['coder']['kinds'] => cache.stats().coder.kinds;

  total('reads_total', 'Reads by where they were answered from', ['kind', 'outcome'], () =>
    kinds().flatMap(([kind, { near, shared, missed }]): Figure[] => [
      [{ kind, outcome: 'near' }, near],
      [{ kind, outcome: 'shared' }, shared],
      [{ kind, outcome: 'miss' }, missed],
    ]),
  );
  total(
    'answers_total',
    'Answers of a special kind: stale values, known absences, loads of others',
    ['kind', 'what'],
    () =>
      kinds().flatMap(([kind, { stale, absent, waits }]): Figure[] => [
        [{ kind, what: 'stale' }, stale],
        [{ kind, what: 'absent' }, absent],
        [{ kind, what: 'waited' }, waits],
      ]),
  );
  total('unreadable_total', 'Stored values that could not be read, each a miss', ['kind', 'reason'], () =>
    coded().flatMap(({ kind, misses }) =>
      Object.entries(misses).map(([reason, value]): Figure => [{ kind, reason }, value]),
    ),
  );
  total('loads_total', 'Values that were loaded', ['kind', 'outcome'], () =>
    kinds().flatMap(([kind, { loads, loadErrors }]): Figure[] => [
      [{ kind, outcome: 'done' }, loads - loadErrors],
      [{ kind, outcome: 'failed' }, loadErrors],
    ]),
  );
  total('stores_total', 'Values that were to be stored in Redis', ['kind', 'outcome'], () =>
    kinds().flatMap(([kind, counts]) =>
      (['stored', 'void', 'full', 'refused', 'away'] as const).map((outcome): Figure => [
        { kind, outcome },
        counts[outcome],
      ]),
    ),
  );
  total('bytes_total', 'Bytes of values before and after they were coded', ['kind', 'form'], () =>
    coded().flatMap(({ kind, plainBytes, storedBytes }): Figure[] => [
      [{ kind, form: 'plain' }, plainBytes],
      [{ kind, form: 'stored' }, storedBytes],
    ]),
  );
  total(
    'coding_microseconds_total',
    'CPU that coding took, reckoned from one value in sixteen; without long ones',
    ['kind', 'work'],
    () =>
      coded().flatMap(({ kind, writeMicros, readMicros }): Figure[] => [
        [{ kind, work: 'write' }, writeMicros],
        [{ kind, work: 'read' }, readMicros],
      ]),
  );
  total('coded_total', 'Values coded, by codec', ['kind', 'codec'], () =>
    coded().flatMap(({ kind, codecs }) =>
      Object.entries(codecs).map(([codec, value]): Figure => [{ kind, codec }, value]),
    ),
  );
  gauge('choice', 'How values of a kind and size band are stored now', ['kind', 'band', 'method', 'why'], () =>
    cache.choices().map(({ kind, band, method: { codec, level, dictionary }, why }): Figure => {
      return [{ kind, band: String(band), method: `${codec}:${level}${dictionary ? '+dictionary' : ''}`, why }, 1];
    }),
  );
  gauge('dictionaries', 'Dictionaries of locations’ own that this process holds', [], () => [
    [{}, cache.stats().coder.dictionaries.own],
  ]);
  total('retrained_total', 'Dictionaries that were made of a location’s values', ['outcome'], () => {
    const { adopted, rejected } = cache.stats().coder.dictionaries;
    return [
      [{ outcome: 'adopted' }, adopted],
      [{ outcome: 'rejected' }, rejected],
    ];
  });
  gauge('near_entries', 'Values held in this process', [], () => [[{}, cache.stats().near.entries]]);
  gauge('near_bytes', 'Bytes of values held in this process, roughly', [], () => [[{}, cache.stats().near.bytes]]);
  gauge('owed', 'What Redis has still to forget, and nobody reads meanwhile', [], () => [[{}, cache.stats().owed]]);
}
