import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** The least a stand-in is: a port, a home folder, and an answer at its control plane. It counts its starts in its home. */
const { values } = parseArgs({ options: { port: { type: 'string' }, home: { type: 'string' } } });
const home = values.home as string;
mkdirSync(home, { recursive: true });
const file = join(home, 'starts');
const starts = Number(readOr(file, '0')) + 1;
writeFileSync(file, String(starts));

createServer((request, response) => {
  response.statusCode = request.url === '/_sandbox/state' ? 200 : 404;
  response.end(JSON.stringify({ starts }));
}).listen(Number(values.port), '127.0.0.1');

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}
