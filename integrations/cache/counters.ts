/** What happened to the values of a kind, in this process since it began. */
export interface KindCounts {
  /** Answered from this process, and from Redis. */
  near: number;
  shared: number;
  /** Of both: those that were past their time, and given all the same. */
  stale: number;
  /** Of both: known absences. */
  absent: number;
  /** Nobody knew the value. */
  missed: number;
  loads: number;
  loadErrors: number;
  /** Answers that came from somebody else's load. */
  waits: number;
  stored: number;
  storedBytes: number;
  /** What those that were stored are as plain JSON. */
  jsonBytes: number;
  /** Not stored: changed while it was loaded, no room, refused, or no server. */
  void: number;
  full: number;
  refused: number;
  away: number;
}

export type Count = keyof KindCounts;

const NONE: KindCounts = {
  near: 0,
  shared: 0,
  stale: 0,
  absent: 0,
  missed: 0,
  loads: 0,
  loadErrors: 0,
  waits: 0,
  stored: 0,
  storedBytes: 0,
  jsonBytes: 0,
  void: 0,
  full: 0,
  refused: 0,
  away: 0,
};

export interface Counters {
  count(kind: string, what: Count, by?: number): void;
  all(): Readonly<Record<string, Readonly<KindCounts>>>;
  /** What came to be counted since this was last asked, as `kind:count` and by how much. */
  takeNew(): readonly (readonly [field: string, by: number])[];
  /** It was not handed on: the next one who asks gets it again. */
  giveBack(fields: readonly (readonly [field: string, by: number])[]): void;
}

export function createCounters(kinds: readonly string[]): Counters {
  const counts: Record<string, KindCounts> = Object.fromEntries(kinds.map((kind) => [kind, { ...NONE }]));
  const fresh = new Map<string, number>();
  const add = (field: string, by: number): void => void fresh.set(field, (fresh.get(field) ?? 0) + by);

  return {
    count(kind, what, by = 1) {
      counts[kind]![what] += by;
      add(`${kind}:${what}`, by);
    },
    all: () => counts,
    takeNew() {
      const taken = [...fresh];
      fresh.clear();
      return taken;
    },
    giveBack(fields) {
      for (const [field, by] of fields) add(field, by);
    },
  };
}
