import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below what a system gives to outgoing connections and to whoever asks for any port (from 32,768 on Linux, 49,152 elsewhere): a port
 * that is free here stays so until its server has started.
 */
const FIRST = 20_000;
const BEYOND = 32_768;
/** Then anything will do. */
const TRIES = 100;

/** Ports handed out by this process: two servers that start side by side must not be given the same one. */
const given = new Set<number>();

/** A port on 127.0.0.1: the preferred one when it is free, else any that is. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  for (let tries = 0; ; tries += 1) {
    const port = await listenOnce(tries < TRIES ? randomInt(FIRST, BEYOND) : 0);
    if (port !== undefined && !given.has(port)) {
      given.add(port);
      return port;
    }
  }
}

export async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : undefined));
    });
  });
}
