import { parseArgs } from 'node:util';
import { VENDORS } from './profiles.ts';
import { createResoStandin } from './server.ts';
import { isVendor } from './world.ts';

/**
 * The RESO stand-in as a process: `main.ts --port N [--home DIR] [--vendor reso]`.
 * Prints `{"event":"listening","port":N}` on stdout once it serves; port 0 takes any free one. SIGTERM and SIGINT end it with 0.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      home: { type: 'string' },
      vendor: { type: 'string', default: 'reso' },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535 || !isVendor(values.vendor)) {
    process.stderr.write(`usage: main.ts --port N [--home DIR] [--vendor ${VENDORS.join('|')}]\n`);
    process.exit(2);
  }
  const { home, vendor } = values;
  const standin = await createResoStandin({ port, vendor, ...(home !== undefined && { home }) });
  process.stdout.write(`${JSON.stringify({ event: 'listening', port: standin.port })}\n`);
  const stop = (): void => void standin.close().then(() => process.exit(0));
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`The RESO stand-in cannot listen: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
