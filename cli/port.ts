import { createServer } from 'node:net';
import { Failure } from './failure.ts';

export function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** What to say when the API's port cannot be had. */
export function portTaken({ host, port }: { readonly host: string; readonly port: number }, cause?: unknown): Failure {
  return new Failure(`${host}:${port} is taken by another program, or may not be used.`, {
    code: 'PORT_TAKEN',
    ways: ['choose another port: --port N, or PORT', 'end the program that uses it'],
    cause,
  });
}
