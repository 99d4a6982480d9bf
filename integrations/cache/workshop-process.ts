import { setPriority } from 'node:os';
import { buildDictionary } from '../../domain/cache/dictionary.ts';
import { withTables } from '../../domain/cache/entropy.ts';
import type { Candidate, Method } from '../../domain/cache/cost.ts';
import { createCodecs, type Encoding } from './codecs.ts';
import type { Dictionary } from './dictionary.ts';
import type { CodecName } from './envelope.ts';
import { createValues } from './values.ts';
import type { Answer, Build, Encode, Job, Measure } from './workshop.ts';

/**
 * The process behind `createWorkshop`: it does what takes long, one job after the other, at low priority. It knows no secret and no address,
 * and ends with whoever started it.
 */
const [zstd] = process.argv.slice(2);
const codecs = await createCodecs(zstd === undefined ? {} : { zstd: zstd as 'node' | 'napi' | 'wasm' | 'off' });
const values = createValues({ codecs });

try {
  setPriority(10);
} catch {
  // Then it competes with the rest.
}

process.on('disconnect', () => process.exit());
process.on('message', ({ id, job }: { id: number; job: Job }) => {
  let answer: Answer;
  try {
    answer = { id, done: done(job) };
  } catch (error) {
    answer = { id, failed: error instanceof Error ? error.message : String(error) };
  }
  process.send!(answer);
});

function done(job: Job): unknown {
  if ('build' in job) return built(job.build);
  const { dictionaries } = 'encode' in job ? job.encode : job.measure;
  const result = 'encode' in job ? encodeAll(job.encode) : measureAll(job.measure);
  // They may hold words of somebody who is erased, which this process is never told.
  for (const dictionary of dictionaries) codecs.forget(dictionary);
  return result;
}

/** Its tables are of samples that its content was not taken from, which it would know too well. */
function built({ samples, bytes }: Build): Uint8Array {
  const others = samples.filter((_, at) => at % 3 === 0);
  const content = buildDictionary(
    samples.filter((_, at) => at % 3 !== 0),
    { bytes },
  );
  return withTables(content, others);
}

function encodeAll({ plains, method, dictionaries }: Encode): Uint8Array[] {
  return plains.map(({ bytes, scope, dictionary }) =>
    values.write(bytes, scope, encodingOf(method, dictionary === undefined ? undefined : dictionaries[dictionary])),
  );
}

const encodingOf = ({ codec, level, dictionary }: Method, with_: Dictionary | undefined): Encoding => ({
  ...{ codec: codec as CodecName, level },
  dictionary: dictionary ? with_ : undefined,
});

/**
 * Every method has several turns of so long, each in the same order, and the quickest counts: what is called often is quicker, and a busy
 * moment makes one of them look slow.
 */
const TURNS = 3;
const TURN_MS = 5;
const MOST_ROUNDS = 100;

interface Trial {
  readonly stored: readonly Buffer[];
  readonly write: () => void;
  readonly read: () => void;
  writeMicros: number;
  readMicros: number;
}

function measureAll({ samples, dictionaries, methods }: Measure): Candidate[] {
  const trials = methods.map((method): Trial => {
    const ways = samples.map(({ bytes, dictionary }) => ({
      bytes,
      encoding: encodingOf(method, dictionary === undefined ? undefined : dictionaries[dictionary]),
    }));
    // Dictionaries are digested by the first that needs them.
    const stored = ways.map(({ bytes, encoding }) => values.write(bytes, '', encoding));
    const lookups = ways.map(
      ({ encoding }) =>
        () =>
          encoding.dictionary,
    );
    return {
      ...{ stored, writeMicros: Infinity, readMicros: Infinity },
      write: () => ways.forEach(({ bytes, encoding }) => values.write(bytes, '', encoding)),
      read: () => stored.forEach((one, index) => values.read(one, '', lookups[index]!)),
    };
  });
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const trial of trials) {
      trial.writeMicros = Math.min(trial.writeMicros, cpuMicros(trial.write));
      trial.readMicros = Math.min(trial.readMicros, cpuMicros(trial.read));
    }
  }
  return trials.map(({ stored, writeMicros, readMicros }, at) => ({
    ...methods[at]!,
    storedBytes: stored.map(({ length }) => length),
    writeMicros: writeMicros / samples.length,
    readMicros: readMicros / samples.length,
  }));
}

/** Of one round, by the processor's own account: how busy the machine is does not show in it. */
function cpuMicros(round: () => void): number {
  const before = process.cpuUsage();
  const rounds = repeat(round, TURN_MS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rounds;
}

function repeat(round: () => void, forMs: number): number {
  const until = performance.now() + forMs;
  let rounds = 0;
  do {
    round();
    rounds += 1;
  } while (rounds < MOST_ROUNDS && performance.now() < until);
  return rounds;
}
