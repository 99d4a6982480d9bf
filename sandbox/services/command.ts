import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { RunAs } from './process.ts';
import { serviceError } from './errors.ts';
import type { Progress } from './daemon.ts';

export interface CommandOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly input?: string;
  readonly runAs?: RunAs | undefined;
  readonly timeoutMs: number;
  /** Called every few seconds with the seconds gone by and the command's last line of output. */
  readonly tick?: (seconds: number, lastLine: string) => void;
}

const TICK_MS = 3_000;

/**
 * Runs a command to its end.
 * @returns what it wrote to standard output
 * @throws when it cannot be run, fails or takes too long; the message holds the end of its output
 */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let output = '';
    let seen = '';
    const child = spawn(command, args, {
      env: options.env,
      cwd: options.cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.runAs ?? {}),
    });
    const ticker = setInterval(() => {
      const lastLine = stripVTControlCharacters(seen).trimEnd().split('\n').at(-1) ?? '';
      options.tick?.(Math.round((performance.now() - began) / 1000), lastLine);
    }, TICK_MS);
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
    const done = () => {
      clearInterval(ticker);
      clearTimeout(timer);
    };
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      seen = (seen + chunk.toString()).slice(-4000);
    });
    child.stderr.on('data', (chunk: Buffer) => (seen = (seen + chunk.toString()).slice(-4000)));
    // A command that ends without reading its input is judged by its exit, not by our broken pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.once('error', (error) => {
      done();
      reject(serviceError(`${command} cannot be run: ${error.message}`, [], error));
    });
    child.once('close', (code, signal) => {
      done();
      if (code === 0) return resolve(output);
      const how = signal ? `was ended by ${signal}` : `failed with ${code}`;
      reject(
        serviceError(`${command} ${args[0] ?? ''} ${how}: ${seen.trimEnd().split('\n').slice(-8).join('\n')}`, []),
      );
    });
  });
}

/** Progress lines of a long command: what runs, for how long, and its last words. */
export function ticking(progress: Progress, what: string): (seconds: number, lastLine: string) => void {
  return (seconds, lastLine) => progress(`${what} (${seconds} s)${lastLine ? `: ${lastLine.slice(0, 100)}` : ''}`);
}

/** The full path of a program on PATH, or undefined. */
export async function findOnPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const file = join(folder, name);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
