import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createPool, poolPlace, stored } from '../../integrations/postgres/pool.ts';

/** Lets everybody in and ends the connection in the same breath, as a server does that is stopped while a client connects. */
let server: Server;

beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    // The first packet is the client's greeting.
    socket.once('data', () => socket.end(Buffer.concat([authenticated(), ready(), ended()])));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => void server.close());

it('is an error of the statement when a connection ends with the bytes that opened it, not the end of the process', async () => {
  const { port } = server.address() as AddressInfo;
  const pool = createPool(`postgres://somebody@127.0.0.1:${port}/leadwright`, { max: 2, applicationName: 'test' });
  const unheard: unknown[] = [];
  const hear = (error: unknown): void => void unheard.push(error);
  process.on('uncaughtException', hear);
  try {
    const { client, release } = await poolPlace(pool).checkout();
    await expect(client.query('select 1')).rejects.toThrow();
    release();
    await expect(pool.query('select 1')).rejects.toThrow();
    expect(unheard).toEqual([]);
    expect(pool.totalCount).toBe(0);
  } finally {
    process.off('uncaughtException', hear);
    await pool.end();
  }
});

it.each(['ECONNREFUSED', 'ENETUNREACH', 'ENETDOWN', 'EHOSTDOWN', 'EAI_FAIL'])(
  'takes %s for a database that is away, not for a fault of what was asked',
  async (code) => {
    const broken = stored(() => Promise.reject(Object.assign(new Error('of the network'), { code })));
    await expect(broken).rejects.toMatchObject({ code: 'STORE_AWAY' });
  },
);

function packet(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function authenticated(): Buffer {
  return packet('R', Buffer.alloc(4));
}

function ready(): Buffer {
  return packet('Z', Buffer.from('I'));
}

function ended(): Buffer {
  const fields = ['SFATAL', 'C57P01', 'Mterminating connection due to administrator command'];
  return packet('E', Buffer.from(`${fields.join('\0')}\0\0`));
}
