import type { Command } from 'commander';
import { usage } from './failure.ts';

/** Options of every verb that talks to a running Leadwright. */
export interface TalkOptions {
  readonly json?: true;
  readonly home?: string;
  readonly api?: string;
}

export function talks(command: Command): Command {
  return json(command)
    .option('--home <dir>', 'home folder of the installation (LEADWRIGHT_HOME)')
    .option('--api <url>', 'address of the API, instead of the one that start wrote down');
}

export function json(command: Command): Command {
  return command.option('--json', 'exactly one JSON document on stdout');
}

/** @throws usage failure naming the option */
export function wholeNumber(name: string, text: string, min: number, max: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= min && number <= max)) throw usage(`${name}: expected a whole number from ${min} to ${max}`);
  return number;
}

/** For an option that may be given several times. */
export function severally(one: string, before: readonly string[]): readonly string[] {
  return [...before, one];
}
