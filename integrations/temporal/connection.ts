import { Client, Connection } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';
import { AppError } from '../../domain/errors.ts';

export interface TemporalOptions {
  readonly address: string;
  readonly namespace: string;
  readonly apiKey?: string;
  readonly tls?: ConnectionOptions['tls'];
}

/**
 * A client that connects when it is first used, so that a process starts and keeps its door open while Temporal is away.
 * No gzip: the server is near, and payloads are ids.
 */
export function createTemporalClient(options: TemporalOptions): {
  client: Client;
  /** Rejects when the server does not answer that it serves. */
  ping(): Promise<void>;
  close(): Promise<void>;
} {
  const connection = Connection.lazy({
    address: options.address,
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
  });
  const client = new Client({ connection, namespace: options.namespace });
  return {
    client,
    ping: async () => {
      await connection.withDeadline(Date.now() + 1_500, () => connection.healthService.check({}));
    },
    close: () => connection.close(),
  };
}

/** Every call has a deadline; a Temporal that does not answer is one error code, never a hang. */
export async function within<T>(client: Client, timeoutMs: number, call: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + timeoutMs, call);
  } catch (error) {
    throw new AppError('TEMPORAL_UNAVAILABLE', 'Temporal did not take the call in time', { cause: error });
  }
}
