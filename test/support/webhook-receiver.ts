import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly raw: Buffer;
  readonly signature: string | undefined;
  readonly event: Readonly<Record<string, unknown>>;
}

/** A receiver of webhooks that answers with these statuses, the last one for ever. */
export interface Receiver {
  readonly url: string;
  statuses: number[];
  received: Received[];
  /** Waits until what has come in is enough. */
  until(enough: (received: readonly Received[]) => boolean): Promise<void>;
  types(): string[];
  close(): void;
}

export async function startReceiver(): Promise<Receiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const signature = request.headers['x-ghl-signature'] as string | undefined;
      receiver.received.push({ raw, signature, event: JSON.parse(raw.toString()) as Received['event'] });
      const { statuses } = receiver;
      response.writeHead((statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 200).end();
      server.emit('received');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    statuses: [202],
    received: [],
    until: async (enough) => {
      while (!enough(receiver.received)) await once(server, 'received');
    },
    types: () => receiver.received.map(({ event }) => String(event['type'])).sort(),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return receiver;
}
