import { Listr } from 'listr2';
import { type Io, paint } from './output.ts';

export interface Step {
  readonly title: string;
  /** `say` tells what is going on right now, one line at a time. */
  readonly run: (say: (line: string) => void) => Promise<void>;
}

/**
 * Runs steps one after another and shows how they get on: a live list on a terminal, plain lines on stderr everywhere else.
 * @throws what the failed step threw; those after it are not begun
 */
export async function runSteps(
  io: Io,
  steps: readonly Step[],
  options: { readonly plain?: boolean } = {},
): Promise<void> {
  if (options.plain || !io.terminal) return plainly(io, steps);
  const tasks = steps.map(({ title, run }) => ({
    title,
    task: (_context: unknown, task: { output: string }) =>
      run((line) => {
        task.output = line;
      }),
  }));
  // A signal is for whoever ends what the steps have begun; the list of itself would exit at once.
  const listed = { concurrent: false, registerSignalListeners: false, rendererOptions: { collapseErrors: false } };
  await new Listr(tasks, listed).run();
}

async function plainly(io: Io, steps: readonly Step[]): Promise<void> {
  for (const { title, run } of steps) {
    io.err(`${paint(io, 'dim', '…')} ${title}\n`);
    await run((line) => io.err(`    ${line}\n`));
  }
}
