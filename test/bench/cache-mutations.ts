import type { Key, Kind } from '../../domain/cache/cache.ts';
import type { Method } from '../../domain/cache/cost.ts';
import { type SyntheticKind, syntheticKinds } from '../../domain/cache/synthetic.ts';
import type { Codecs } from '../../integrations/cache/codecs.ts';
import { type Coder, createCoder, type Entry } from '../../integrations/cache/coder.ts';
import { open, seal } from '../../integrations/cache/envelope.ts';
import { slotOf } from '../../integrations/cache/names.ts';
import { scopeOf } from '../../integrations/cache/scope.ts';
import { scopeWith } from '../../integrations/cache/values.ts';
import { mutated, seeded } from '../support/cache-bytes.ts';
import { bucketKinds, fastKinds, fastMethod, slowMethod, TTL_MS } from './cache-kinds.ts';
import { withPeak } from './cache-peak.ts';
import { shippedDictionary, silent } from './cache-stores.ts';
import { madeValues } from './cache-values.ts';

export interface MutationFigures {
  readonly n: number;
  readonly seed: number;
  /** A value came out that nobody stored there, or one that stands longer than it was meant to. */
  readonly undetected: number;
  readonly misses: number;
  /** Came out as they were stored. */
  readonly same: number;
  readonly threw: number;
  /** What the process held at most beyond what it held before; undefined where the machine does not tell. */
  readonly grownMiB: number | undefined;
  /** The same changes to plain JSON: how many came out as another value. */
  readonly plain: { readonly n: number; readonly undetected: number };
  /** The same changes to the payload alone, each under a checksum of its own, as if there were none. */
  readonly sealedAnew: { readonly n: number; readonly undetected: number };
}

/** One stored value, and what must come out of it or nothing. */
interface Case {
  readonly kind: Kind;
  readonly coder: Coder;
  readonly key: Key;
  readonly stored: Buffer;
  readonly text: string;
  readonly until: number;
}

const WAYS: readonly Method[] = [
  { codec: 'none', level: 0, dictionary: false },
  { codec: 'lz4', level: 1, dictionary: false },
  { codec: 'zstd', level: 3, dictionary: false },
  { codec: 'brotli', level: 5, dictionary: false },
  { codec: 'deflate', level: 6, dictionary: false },
  { codec: 'deflate', level: 6, dictionary: true },
  slowMethod,
];
const OF_EACH = 12;
/** Long values take as long as two hundred short ones. */
const ONE_LONG_IN = 200;
const SEED = 20261129;

export async function measureMutations(
  codecs: Codecs,
  n: number,
  say: (line: string) => void,
): Promise<MutationFigures> {
  say(`${n} mutations of stored bytes`);
  const all = await casesOf(codecs);
  const short = all.filter(({ stored }) => stored.length < 4096);
  const long = all.filter(({ stored }) => stored.length >= 4096);
  const next = seeded(SEED);
  const counts = { undetected: 0, misses: 0, same: 0, threw: 0 };
  const { grownMiB } = await withPeak(async () => {
    for (let done = 0; done < n;) {
      const among = next(ONE_LONG_IN) === 0 ? long : short;
      const of = among[next(among.length)]!;
      const bytes = next(10) === 0 ? swapped(of, among, next) : mutated(of.stored, next);
      if (bytes === undefined) continue;
      done += 1;
      counts[await outcomeOf(of, bytes)] += 1;
    }
  });
  const controls = Math.min(n, 20_000);
  const sealedAnew = await sealedAnewControl(short, controls);
  return { n, seed: SEED, ...counts, grownMiB, plain: plainControl(short, controls), sealedAnew };
}

async function outcomeOf(
  { kind, coder, key, text, until }: Case,
  bytes: Buffer,
): Promise<'undetected' | 'misses' | 'same' | 'threw'> {
  let entry: Entry | undefined;
  try {
    const answer = coder.decode(kind, key, bytes);
    entry = answer instanceof Promise ? await answer : answer;
  } catch {
    return 'threw';
  }
  if (entry === undefined) return 'misses';
  const same = JSON.stringify(entry.value) === text && entry.until <= until && entry.freshUntil <= until;
  return same ? 'same' : 'undetected';
}

/** What was stored under another key, kind or location, as a store would answer that mixes them up. */
function swapped(of: Case, among: readonly Case[], next: (bound: number) => number): Buffer | undefined {
  const other = among[next(among.length)]!;
  const itself =
    other.kind.name === of.kind.name && other.key.id === of.key.id && other.key.location === of.key.location;
  return itself ? undefined : other.stored;
}

async function casesOf(codecs: Codecs): Promise<Case[]> {
  const cases: Case[] = [];
  const until = Date.now() + TTL_MS;
  for (const name of syntheticKinds) {
    const made = madeValues(name, OF_EACH);
    for (const kind of kindsOf(name)) {
      const coder = createCoder({ kinds: [kind], codecs, tell: silent, learns: false });
      for (const { key: asked, value, text } of made) {
        const { key } = slotOf(kind, asked);
        const stored = await coder.encode(kind, key, { value, freshUntil: until, until });
        const again = await coder.decode(kind, key, stored);
        // Packing gives the fields back in the order of its schema.
        if (again === undefined) throw new Error(`A ${name} was not read before it was changed.`);
        cases.push({ kind, coder, key, stored, text: kind.schema ? JSON.stringify(again.value) : text, until });
      }
    }
  }
  return cases;
}

function kindsOf(name: SyntheticKind): Kind[] {
  const pinned = [fastMethod(name), ...WAYS].map((pin): Kind => ({ name, ttlMs: TTL_MS, place: 'key', pin }));
  return [fastKinds[name], ...pinned, ...(name === 'lead' || name === 'contact' ? [bucketKinds[name]] : [])];
}

/** A reader without an envelope takes whatever is JSON still. */
function plainControl(cases: readonly Case[], n: number): MutationFigures['plain'] {
  const next = seeded(SEED);
  let undetected = 0;
  for (let done = 0; done < n;) {
    const { text } = cases[next(cases.length)]!;
    const bytes = mutated(Buffer.from(text), next);
    if (bytes === undefined) continue;
    done += 1;
    try {
      if (JSON.stringify(JSON.parse(bytes.toString())) !== text) undetected += 1;
    } catch {
      // Seen to be damaged.
    }
  }
  return { n, undetected };
}

async function sealedAnewControl(cases: readonly Case[], n: number): Promise<MutationFigures['sealedAnew']> {
  const next = seeded(SEED);
  let undetected = 0;
  for (let done = 0; done < n;) {
    const of = cases[next(cases.length)]!;
    const dictionary = of.stored[1] === 0 ? undefined : shippedDictionary(of.kind);
    const scope = scopeWith(scopeOf(of.kind, of.key), dictionary);
    const opened = open(of.stored, scope);
    if ('miss' in opened) throw new Error(`A ${of.kind.name} was not opened before it was changed.`);
    const payload = mutated(Buffer.from(opened.payload), next);
    if (payload === undefined) continue;
    done += 1;
    if ((await outcomeOf(of, seal({ scope, ...opened, payload }))) === 'undetected') undetected += 1;
  }
  return { n, undetected };
}
