import { Command, CommanderError } from 'commander';
import { asFailure, type Failure, usage } from './failure.ts';
import { type Io, paint, printJson, wantsColour } from './output.ts';
import { addAssistant } from './commands/assistant.ts';
import { addAssistantCost } from './commands/assistant-cost.ts';
import { addCache } from './commands/cache.ts';
import { addConsent } from './commands/consent.ts';
import { addDatabase } from './commands/db.ts';
import { addLeads } from './commands/leads.ts';
import { addLocations } from './commands/locations.ts';
import { addMarket } from './commands/market.ts';
import { addModel } from './commands/model.ts';
import { addProcesses } from './commands/processes.ts';
import { addSends } from './commands/sends.ts';
import { addSeed } from './commands/seed.ts';
import { addSequences } from './commands/sequences.ts';
import { addSettings } from './commands/settings.ts';
import { addSwitches } from './commands/switches.ts';
import { addValidate } from './commands/validate.ts';
import { addWebhooks } from './commands/webhooks.ts';

/**
 * Runs one command.
 * @param args  without node and script
 * @returns 0 done, 1 a check failed or the work could not be done, 2 wrong usage
 */
export async function main(args: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const program = newProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has told people already what was wrong, and ends `--help` this way too.
    if (error instanceof CommanderError && (error.exitCode === 0 || !args.includes('--json'))) {
      return error.exitCode === 0 ? 0 : 2;
    }
    const failure = error instanceof CommanderError ? usage(error.message) : asFailure(error);
    if (args.includes('--json'))
      printJson(io, { error: { code: failure.code, message: failure.message, ways: failure.ways } });
    else io.err(failureText(io, failure));
    return failure.exitCode;
  }
}

/** Entry of the launcher: the real process around `main`. */
export async function runProcess(): Promise<void> {
  const terminal = process.stdout.isTTY;
  // `leadwright leads list | head` closes the pipe early: nobody reads on, and that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  process.exitCode = await main(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    terminal,
    colour: wantsColour(process.env, terminal),
    env: process.env,
    cwd: process.cwd(),
  });
}

export interface Registry {
  readonly program: Command;
  readonly io: Io;
  /** For commands that have an answer to print and yet did not succeed. */
  readonly exitWith: (code: 0 | 1) => void;
}

function newProgram(io: Io, exitWith: Registry['exitWith']): Command {
  const program = new Command('leadwright')
    .description('Durable lead automation for real-estate teams on GoHighLevel')
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHasColors: () => io.colour,
      getErrHasColors: () => io.colour,
    })
    .showHelpAfterError('(leadwright --help, or --help after any verb, says more)')
    .showSuggestionAfterError();
  const registry = { program, io, exitWith };
  addProcesses(registry);
  addWebhooks(registry);
  addLeads(registry);
  addAssistantCost(addAssistant(registry), io);
  addSwitches(registry);
  addLocations(registry);
  addSettings(registry);
  addConsent(registry);
  addSequences(registry);
  addMarket(registry);
  addModel(registry);
  addValidate(registry);
  addDatabase(registry);
  addCache(registry);
  addSends(registry);
  addSeed(registry);
  inherit(program);
  return program;
}

/** Subcommands take over exit and output settings only when told to at their making; told here once for all. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inherit(child);
  }
}

function failureText(io: Io, failure: Failure): string {
  const ways = failure.ways.map((way) => `  - ${way}\n`).join('');
  return `${paint(io, 'red', 'failed:')} ${failure.message}\n${ways}`;
}
