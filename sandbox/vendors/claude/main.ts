import { parseArgs } from 'node:util';
import { createClaudeStandin } from './server.ts';

/**
 * The Claude stand-in as a process: `main.ts --port N [--home DIR] [--seed N]`.
 * Prints `{"event":"listening","port":N}` on stdout once it serves; port 0 takes any free one. SIGTERM and SIGINT end it with 0.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      home: { type: 'string' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [port, seed] = [Number(values.port), Number(values.seed)];
  if (!Number.isInteger(port) || port < 0 || port > 65_535 || !Number.isInteger(seed)) {
    process.stderr.write('usage: main.ts --port N [--home DIR] [--seed N]\n');
    process.exit(2);
  }
  const standin = await createClaudeStandin({ port, seed, ...(values.home !== undefined && { home: values.home }) });
  process.stdout.write(`${JSON.stringify({ event: 'listening', port: standin.port })}\n`);
  const stop = (): void => void standin.close().then(() => process.exit(0));
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `The Claude stand-in cannot listen: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
