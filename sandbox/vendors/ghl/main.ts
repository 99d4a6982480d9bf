import { parseArgs } from 'node:util';
import { createStandIn } from './server.ts';

/**
 * The GHL stand-in as a process: `main.ts --port N --home DIR`.
 * Prints `{"event":"listening","port":N}` on stdout once it serves; port 0 takes any free one. SIGTERM and SIGINT end it with 0.
 */
function main(): void {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, home: { type: 'string' } } });
  const port = Number(values.port);
  if (values.home === undefined || !Number.isInteger(port) || port < 0 || port > 65_535) {
    process.stderr.write('usage: main.ts --port N --home DIR\n');
    process.exit(2);
  }
  const standIn = createStandIn(values.home);
  standIn.server.on('error', (error) => {
    process.stderr.write(`The GHL stand-in cannot listen on port ${port}: ${error.message}\n`);
    process.exit(1);
  });
  standIn.server.listen(port, '127.0.0.1', () => {
    const address = standIn.server.address();
    if (address === null || typeof address === 'string') return;
    process.stdout.write(`${JSON.stringify({ event: 'listening', port: address.port })}\n`);
  });
  const stop = (): void => void standIn.close().then(() => process.exit(0));
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main();
