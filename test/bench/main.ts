import { parseArgs } from 'node:util';
import { print, type Report } from './report.ts';

/** A bench by name: measures and answers what it found. `say` is for progress, on stderr. */
type Bench = (options: { readonly quick: boolean; readonly say: (line: string) => void }) => Promise<Report>;

/** Loaded when asked for: one bench's packages are no business of another. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  webhook: async () => (await import('./webhook.ts')).webhookBench,
};

/**
 * `npm run bench -- NAME [--json] [--quick]`. A bench measures and prints; whether a figure is good enough is said beside it and does
 * not fail the run.
 * @returns exit code: 0 measured, 1 the work could not be done or a promise was broken while measuring, 2 wrong usage
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    strict: false,
    options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
  });
  const known = Object.keys(benches);
  const strange = Object.keys(values).filter((name) => name !== 'json' && name !== 'quick');
  const [name = '', ...more] = positionals;
  const load = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (load === undefined || more.length > 0 || strange.length > 0) {
    process.stderr.write(`usage: npm run bench -- NAME [--json] [--quick]\nNAME is one of: ${known.join(', ')}\n`);
    return 2;
  }
  const bench = await load();
  const report = await bench({
    quick: values['quick'] === true,
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
