import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy before a real server, with which a test takes that server away and gives it back. */
export interface CuttableProxy {
  readonly port: number;
  /** How often bytes came that were swallowed. */
  swallowed(): number;
  /** Cuts what is open and refuses what comes. */
  cut(): void;
  /** Takes connections and bytes and never passes them on: a server that hangs. */
  swallow(): void;
  /** Passes everything again. */
  restore(): void;
  close(): Promise<void>;
}

export async function cuttableProxy(target: { host: string; port: number }): Promise<CuttableProxy> {
  let mode: 'pass' | 'cut' | 'swallow' = 'pass';
  let swallowed = 0;
  const sockets = new Set<Socket>();

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  }

  const server = createServer((client) => {
    keep(client);
    if (mode === 'cut') return void client.destroy();
    if (mode === 'swallow') return void client.on('data', () => (swallowed += 1));
    const upstream = connect(target);
    keep(upstream);
    client.on('data', (bytes) => (mode === 'pass' ? upstream.write(bytes) : (swallowed += 1)));
    upstream.on('data', (bytes) => mode === 'pass' && client.write(bytes));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endAll = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    swallowed: () => swallowed,
    cut() {
      mode = 'cut';
      endAll();
    },
    swallow() {
      mode = 'swallow';
    },
    restore() {
      // What was swallowed is lost for good: those connections are useless.
      if (mode === 'swallow') endAll();
      mode = 'pass';
    },
    async close() {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
