import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

const PATIENCE_MS = 2_000;

/**
 * Does a Postgres at this address take connections? Asks as `pg_isready` does: opens the protocol and reads the first answer.
 * A wish for a password is a yes; the error "starting up" or "shutting down" (SQLSTATE 57P03) is a no.
 */
export async function postgresAnswers(host: string, port: number): Promise<boolean> {
  const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const hello = Buffer.alloc(8);
  hello.writeInt32BE(8 + parameters.length, 0);
  hello.writeInt32BE(3 << 16, 4);
  const answer = await exchange(connect({ host, port }), Buffer.concat([hello, parameters]));
  if (answer === undefined) return false;
  return answer[0] === 'R'.charCodeAt(0) || (answer[0] === 'E'.charCodeAt(0) && !answer.includes('C57P03\0'));
}

/** Does a Redis (or Valkey) at this address answer? One that asks for a password answers. */
export async function redisAnswers(url: string): Promise<boolean> {
  const { protocol, hostname: host, port: given } = new URL(url);
  const port = Number(given || 6379);
  const socket = protocol === 'rediss:' ? connectTls({ host, port, servername: host }) : connect({ host, port });
  const answer = await exchange(socket, Buffer.from('PING\r\n'));
  return answer !== undefined && /^(\+PONG|-NOAUTH)/.test(answer.toString());
}

/** Sends one message and takes the first bytes that come back; undefined when nothing does. */
function exchange(socket: Socket, message: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const finish = (answer: Buffer | undefined) => {
      resolve(answer);
      socket.destroy();
    };
    socket.setTimeout(PATIENCE_MS, () => finish(undefined));
    socket.once('error', () => finish(undefined));
    socket.once('close', () => finish(undefined));
    socket.once('data', finish);
    socket.write(message);
  });
}

/**
 * Does a Temporal server at this address serve the namespace? Calls DescribeNamespace, which goes through its store; both
 * messages are small enough to be written by hand, so that no client is needed to look.
 * @param address host:port, without TLS
 */
export async function temporalAnswers(address: string, namespace: string): Promise<boolean> {
  const name = Buffer.from(namespace);
  // Field 1, a string; before it gRPC's own frame: not compressed, four bytes of length.
  const message = Buffer.concat([Buffer.from([0x0a, name.length]), name]);
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(message.length, 1);
  const path = '/temporal.api.workflowservice.v1.WorkflowService/DescribeNamespace';
  return (await grpcStatus(address, path, Buffer.concat([frame, message]))) === 0;
}

/** The gRPC status of one call, or undefined when it was not answered. */
function grpcStatus(address: string, path: string, body: Buffer): Promise<number | undefined> {
  return new Promise((resolve) => {
    const session = connectHttp2(`http://${address}`);
    let status: number | undefined;
    const finish = () => {
      resolve(status);
      session.destroy();
    };
    const read = (headers: Record<string, unknown>) => {
      if (headers['grpc-status'] !== undefined) status = Number(headers['grpc-status']);
    };
    session.setTimeout(PATIENCE_MS, finish);
    session.once('error', finish);
    const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
    const call = session.request(headers);
    call.on('response', read);
    call.on('trailers', read);
    call.once('error', finish);
    call.once('close', finish);
    call.resume();
    call.end(body);
  });
}

/** Does an HTTP server answer this address with a success? */
export async function httpAnswers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    // Not answering is this function's other answer.
    return false;
  }
}
