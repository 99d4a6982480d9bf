import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, readConfig } from '../platform/config.ts';
import { type ReadyLine, readAppFile } from './app-file.ts';
import { Failure } from './failure.ts';
import type { Io } from './output.ts';

export interface ClientOptions {
  readonly home?: string;
  /** Base address of the API, instead of the one that `start` wrote down. */
  readonly api?: string;
}

/** What the verbs know of the installation that they talk to. */
export interface Installation {
  readonly config: Config;
  /** Where `start` runs or last ran. */
  readonly app: ReadyLine | undefined;
  readonly apiUrl: string;
  readonly token: string | undefined;
}

/** What is absent is left out; a list is a parameter that is given several times. */
type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export interface Client {
  readonly installation: Installation;
  get<T>(path: string, query?: Query): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
  /** Undefined where the answer is 404. */
  find<T>(path: string): Promise<T | undefined>;
}

/** Finds address and token: what was given, what the environment says, what `start` wrote into the home folder. */
function installationOf(io: Io, options: ClientOptions): Installation {
  const config = readConfig(withHome(io.env, options.home), io.cwd);
  const app = readAppFile(config.home);
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return {
    config,
    app,
    apiUrl: (options.api ?? app?.urls.api ?? `http://${host}:${config.port}`).replace(/\/$/, ''),
    token: config.apiToken ?? keptToken(config.home) ?? app?.apiToken,
  };
}

export function withHome(env: Io['env'], home: string | undefined): Io['env'] {
  return home === undefined ? env : { ...env, LEADWRIGHT_HOME: home };
}

export function connect(io: Io, options: ClientOptions): Client {
  const installation = installationOf(io, options);
  const ask = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await reach(installation.apiUrl, path, {
      method,
      headers: {
        accept: 'application/json',
        ...(installation.token === undefined ? {} : { authorization: `Bearer ${installation.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return response;
  };
  return {
    installation,
    get: async <T>(path: string, query = {}) => answer<T>(await ask('GET', withQuery(path, query))),
    post: async <T>(path: string, body?: unknown) => answer<T>(await ask('POST', path, body)),
    put: async <T>(path: string, body: unknown) => answer<T>(await ask('PUT', path, body)),
    patch: async <T>(path: string, body: unknown) => answer<T>(await ask('PATCH', path, body)),
    find: async <T>(path: string) => {
      const response = await ask('GET', path);
      if (response.status !== 404) return answer<T>(response);
      await response.arrayBuffer();
      return undefined;
    },
  };
}

/** @throws Failure when nobody answers there, saying how to start somebody */
export async function reach(base: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${base}${path}`, { redirect: 'manual', signal: AbortSignal.timeout(30_000), ...init });
  } catch (cause) {
    throw new Failure(`Nobody answers at ${base}.`, {
      code: 'API_UNREACHABLE',
      ways: ['start it: npm start', 'or say where it runs: --home DIR, or --api URL'],
      cause,
    });
  }
}

async function answer<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as T;
  throw problemOf(response.status, text);
}

/** Our own problem documents carry a code and what to do next; anything else is somebody else's server. */
export function problemOf(status: number, text: string): Failure {
  let problem: { code?: unknown; detail?: unknown; title?: unknown; hint?: unknown } = {};
  try {
    problem = JSON.parse(text) as typeof problem;
  } catch {
    return new Failure(`The server answered ${status} without saying why; is it Leadwright?`, {
      code: `HTTP_${status}`,
    });
  }
  const said = [problem.title, problem.detail].filter((part) => typeof part === 'string' && part !== '');
  return new Failure(said.length > 0 ? said.join(': ') : `The server answered ${status}.`, {
    code: typeof problem.code === 'string' ? problem.code : `HTTP_${status}`,
    ways: typeof problem.hint === 'string' ? [problem.hint] : [],
  });
}

function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => [name, String(one)] as [string, string]),
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

function keptToken(home: string): string | undefined {
  const path = join(home, 'keys', 'api-token');
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}
