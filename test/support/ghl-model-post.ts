import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from './random.ts';

/**
 * A post office between the vendor and the product: takes each webhook as it was signed, holds it for a while, delivers it out of
 * order and some of them twice, and comes again when the product does not take it, as the vendor would.
 */
export interface PostOffice {
  readonly url: string;
  readonly delivered: { events: number; deliveries: number; twice: number; overtaken: number; refused: number };
  /** Nothing is held any more. */
  idle(): boolean;
  close(): Promise<void>;
}

export async function openPostOffice(options: {
  readonly doorUrl: string;
  /** Of its own: whoever else drew from it would draw between webhooks, which come when they come. */
  readonly random: Random;
  /** Each delivery waits up to so long: whatever came within that time may overtake it. */
  readonly holdMs: number;
  /** Share of events that are delivered twice. */
  readonly twice: number;
}): Promise<PostOffice> {
  const { doorUrl, random, holdMs, twice } = options;
  const delivered = { events: 0, deliveries: 0, twice: 0, overtaken: 0, refused: 0 };
  let held = 0;
  let newest = 0;
  let closed = false;

  async function deliver(number: number, body: Buffer, headers: Record<string, string>): Promise<void> {
    held += 1;
    try {
      await pause(random.below(holdMs + 1));
      if (number < newest) delivered.overtaken += 1;
      newest = Math.max(newest, number);
      for (let wait = 200; !closed; wait = Math.min(wait * 2, 5_000)) {
        const status = await fetch(doorUrl, { method: 'POST', headers, body: new Uint8Array(body) })
          .then(async (response) => (await response.arrayBuffer(), response.status))
          .catch(() => 0);
        if (status >= 200 && status < 300) break;
        delivered.refused += 1;
        if (status !== 0 && status !== 429 && status < 500) throw new Error(`the door answered ${status}`);
        await pause(wait);
      }
      delivered.deliveries += 1;
    } finally {
      held -= 1;
    }
  }

  const failures: unknown[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      response.end('{}');
      delivered.events += 1;
      const number = delivered.events;
      const times = random.chance(twice) ? 2 : 1;
      if (times === 2) delivered.twice += 1;
      for (let time = 0; time < times; time += 1) {
        deliver(number, Buffer.concat(chunks), kept(request.headers)).catch(
          (error: unknown) => void failures.push(error),
        );
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    delivered,
    idle() {
      if (failures.length > 0) throw failures[0] as Error;
      return held === 0;
    },
    async close() {
      closed = true;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function kept(headers: IncomingHttpHeaders): Record<string, string> {
  return { 'content-type': 'application/json', 'x-ghl-signature': String(headers['x-ghl-signature']) };
}
