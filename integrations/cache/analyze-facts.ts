import type { Candidate, Method, Use } from '../../domain/cache/cost.ts';
import type { ChoiceInForce, KindStats } from './coder.ts';
import { TIMED } from './coder-counts.ts';

/**
 * What processes hand on about themselves, and what is read of it: counts, added up over all of them, and what each has in force. Numbers
 * and names of kinds and codecs alone.
 */

/** Since when the counts are counted, beside them; no kind has such a name. */
export const SINCE = ':since';

/** What is counted of coding, as one process knows it. */
const CODED = {
  coded: ({ writes }) => writes,
  codedPlainBytes: ({ plainBytes }) => plainBytes,
  codedBytes: ({ storedBytes }) => storedBytes,
  timedWrites: ({ timedWrites }) => timedWrites,
  timedWriteMicros: ({ writeMicros }) => writeMicros / TIMED,
  decoded: ({ reads }) => reads,
  timedReads: ({ timedReads }) => timedReads,
  timedReadMicros: ({ readMicros }) => readMicros / TIMED,
  unreadable: ({ misses }) =>
    Object.entries(misses).reduce((sum, [reason, values]) => sum + (reason === 'expired' ? 0 : values), 0),
} as const satisfies Record<string, (stats: KindStats) => number>;

/** Counts of a kind, by name; one that nobody counted is absent. */
export type KindFacts = Readonly<Record<string, number>>;

/** What was coded since the process began, as `kind:count` and how often, in whole numbers. */
export function codedFields(kinds: readonly KindStats[]): (readonly [field: string, total: number])[] {
  return kinds.flatMap((stats) =>
    Object.entries(CODED).map(([name, of]) => [`${stats.kind}:${name}`, Math.round(of(stats))] as const),
  );
}

/** Of the hash of all counts. What is no count of a kind that is known is left out. */
export function countsOf(
  fields: Readonly<Record<string, string>>,
  kinds: ReadonlySet<string>,
): { readonly since: number | undefined; readonly kinds: ReadonlyMap<string, KindFacts> } {
  const counts = new Map<string, Record<string, number>>();
  for (const [field, text] of Object.entries(fields)) {
    const [, kind, name] = /^([a-z][a-z0-9-]*):([a-zA-Z]+)$/.exec(field) ?? [];
    const count = wholeOf(text);
    if (kind === undefined || name === undefined || count === undefined || !kinds.has(kind)) continue;
    counts.set(kind, { ...counts.get(kind), [name]: count });
  }
  return { since: wholeOf(fields[SINCE]), kinds: counts };
}

/** A choice as its process had it in force, and when that was. */
export interface ToldChoice extends Pick<ChoiceInForce, 'kind' | 'band' | 'method' | 'why'> {
  readonly at: number;
  readonly slow: Method | undefined;
  readonly use: Use | undefined;
  readonly candidates: readonly Candidate[] | undefined;
}

export function choicesText(choices: readonly ChoiceInForce[], at: number): string {
  const told = choices.map(({ kind, band, method, why, slow, use, candidates }) => {
    return { kind, band, method, why, slow, use, candidates };
  });
  return JSON.stringify({ at: Math.round(at), choices: told });
}

/** What is not as this version writes it is left out. */
export function choicesOf(text: string, kinds: ReadonlySet<string>): ToldChoice[] {
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    return [];
  }
  if (!isRecord(told) || !isCount(told['at']) || told['at'] > LAST_MS || !Array.isArray(told['choices'])) return [];
  const at = told['at'];
  return told['choices'].slice(0, MOST_CHOICES).flatMap((one: unknown): ToldChoice[] => {
    if (!isRecord(one)) return [];
    const { kind, band, method, why, slow, use, candidates } = one;
    if (typeof kind !== 'string' || !kinds.has(kind) || !isBand(band) || !isMethod(method) || !isWhy(why)) return [];
    const tried = isUse(use) && Array.isArray(candidates) && candidates.every((each) => isCandidate(each, use));
    return [
      {
        ...{ at, kind, band, why, method: methodOf(method), slow: isMethod(slow) ? methodOf(slow) : undefined },
        use: tried ? use : undefined,
        candidates: tried ? candidates : undefined,
      },
    ];
  });
}

/** More than a process has of kinds and bands. */
const MOST_CHOICES = 1000;
/** Of what can be a day. */
const LAST_MS = 8.64e15;
/** That of the longest value there may be. */
const LAST_BAND = 10;

function wholeOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isAmount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isCount = (value: unknown): value is number => isAmount(value) && Number.isInteger(value);
const isBand = (value: unknown): value is number => isCount(value) && value <= LAST_BAND;
const areCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every(isCount);
const isWhy = (value: unknown): value is ChoiceInForce['why'] =>
  ['start', 'pinned', 'kept', 'best'].includes(value as string);

/** A codec's name is printed: it must not be anybody's text. */
const isMethod = (value: unknown): value is Method =>
  isRecord(value) &&
  /^[a-z0-9]{1,12}$/.test(String(value['codec'])) &&
  isCount(value['level']) &&
  typeof value['dictionary'] === 'boolean';

const methodOf = ({ codec, level, dictionary }: Method): Method => ({ codec, level, dictionary });

const isUse = (value: unknown): value is Use =>
  isRecord(value) &&
  isAmount(value['keyBytes']) &&
  (value['place'] === 'key' || value['place'] === 'bucket') &&
  areCounts(value['plainBytes']) &&
  isAmount(value['lifeHours']) &&
  isAmount(value['readsPerWrite']);

const isCandidate = (value: unknown, { plainBytes }: Use): value is Candidate =>
  isMethod(value) &&
  areCounts((value as Candidate).storedBytes) &&
  (value as Candidate).storedBytes.length === plainBytes.length &&
  isAmount((value as Candidate).writeMicros) &&
  isAmount((value as Candidate).readMicros);
