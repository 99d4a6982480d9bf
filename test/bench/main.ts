import { parseArgs } from 'node:util';
import { print, type Report } from './report.ts';

/** What a bench is told. `say` is for progress, on stderr. */
interface Asked {
  readonly quick: boolean;
  readonly full: boolean;
  readonly home: string | undefined;
  readonly drop: string | undefined;
  readonly data: string | undefined;
  readonly say: (line: string) => void;
}

interface Bench {
  /** Options that it takes besides `--json` and `--quick`. */
  readonly takes: readonly ('full' | 'home' | 'drop' | 'data')[];
  /** Loads it when asked for: one bench's packages are no business of another. */
  readonly load: () => Promise<(asked: Asked) => Promise<Report>>;
}

const benches: Readonly<Record<string, Bench>> = {
  webhook: { takes: [], load: async () => (await import('./webhook.ts')).webhookBench },
  ghl: { takes: [], load: async () => (await import('./ghl.ts')).ghlBench },
  'follow-up': { takes: [], load: async () => (await import('./follow-up.ts')).followUpBench },
  db: { takes: ['full', 'home', 'drop'], load: async () => (await import('./db.ts')).dbBench },
  cache: { takes: [], load: async () => (await import('./cache.ts')).cacheBench },
  assistant: { takes: [], load: async () => (await import('./assistant.ts')).assistantBench },
  claude: { takes: [], load: async () => (await import('./claude.ts')).claudeBench },
  market: { takes: [], load: async () => (await import('./market.ts')).marketBench },
  scoring: { takes: ['data'], load: async () => (await import('./scoring.ts')).scoringBench },
};

const USAGE = `usage: npm run bench -- NAME [--json] [--quick]
NAME is one of: ${Object.keys(benches).join(', ')}
db also takes --full (a million leads), --home FOLDER (where the seeded database is, or shall be)
and --drop INDEX (only: who pays when this index is gone)
scoring also takes --data FOLDER (where the public data sets are that do not come with the project)
`;

/**
 * `npm run bench -- NAME`. A bench measures and prints; whether a figure is good enough is said beside it and does not fail the run.
 * @returns exit code: 0 measured, 1 the work could not be done or a promise was broken while measuring, 2 wrong usage
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    strict: false,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean' },
      home: { type: 'string' },
      drop: { type: 'string' },
      data: { type: 'string' },
    },
  });
  const [name = '', ...more] = positionals;
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
  const taken: readonly string[] = ['json', 'quick', ...(bench?.takes ?? [])];
  const wrong = Object.entries(values).some(([option, value]) => !taken.includes(option) || value === '');
  if (bench === undefined || more.length > 0 || wrong || (values['full'] === true && values['quick'] === true)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const report = await (
    await bench.load()
  )({
    quick: values['quick'] === true,
    full: values['full'] === true,
    home: text(values['home']),
    drop: text(values['drop']),
    data: text(values['data']),
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  process.stdout.write(values['json'] === true ? `${JSON.stringify(report)}\n` : print(report));
  return report.promises.kept ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
// The figures are told: what a measured part has left open keeps nobody waiting.
process.stdout.write('', () => process.exit());
