import { createServer } from 'node:net';
import { Failure } from './failure.ts';

export function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** What to say when a port cannot be had. `name`: the setting that chooses it. */
export function portTaken(
  { host, port, name = 'PORT' }: { readonly host: string; readonly port: number; readonly name?: string },
  cause?: unknown,
): Failure {
  return new Failure(`${host}:${port} is taken by another program, or may not be used.`, {
    code: 'PORT_TAKEN',
    ways: [`choose another port: --port N, or ${name}`, 'end the program that uses it'],
    cause,
  });
}
