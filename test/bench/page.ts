import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Report } from './report.ts';

export type Cell = string | number;

export function table(head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function controlsTable({ control }: Report): string {
  return table(
    ['Control', 'Figure', 'As it is', 'So', ''],
    Object.values(control).map(({ what, metric, normal, value, worse }) => [
      ...[what, `\`${metric}\``, normal, value],
      worse ? 'seen' : '**not seen**',
    ]),
  );
}

/**
 * Writes a bench's part of docs/benchmarks.md, between its marks, from the file of samples that a run names at its end: the first argument of
 * the program.
 */
export function writePart(bench: string, pageOf: (report: Report, measured: never) => string): void {
  const file = process.argv[2];
  if (file === undefined) throw new Error('expected the file of samples that a run of the bench names at its end');
  const { report, measured } = JSON.parse(readFileSync(file, 'utf8')) as { report: Report; measured: never };
  const page = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
  const text = readFileSync(page, 'utf8');
  const [begin, end] = [`<!-- ${bench} -->`, `<!-- /${bench} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no place between ${begin} and ${end}.`);
  writeFileSync(page, `${text.slice(0, from)}${begin}\n${pageOf(report, measured)}\n${text.slice(to)}`);
}
