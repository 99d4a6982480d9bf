import { Agent, fetch, type RequestInit, type Response } from 'undici';

export type { Response };

/** Servers close what has been idle for seconds, and end with their process: a call that is being written to such a connection is lost. */
const dispatcher = new Agent({ pipelining: 0 });

/** A call by a connection of its own. */
export function fetchAnew(url: string | URL, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, dispatcher });
}
