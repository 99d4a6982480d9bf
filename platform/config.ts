import { isAbsolute, join, resolve } from 'node:path';
import { homedir } from 'node:os';
import { z } from 'zod';
import { AppError } from '../domain/errors.ts';
import { type BenchKnobs, benchKnobs } from './bench-knobs.ts';
import { cachePinList, type CachePins } from './cache-pins.ts';
import { modeProblems } from './config-rules.ts';

/**
 * The only reader of the environment. Every problem is reported at once, by name; a value is never printed, since any of them may
 * be a secret. What each name means stands beside its schema, and `docs/config.md` is generated from here.
 */
export interface Config {
  readonly mode: 'sandbox' | 'dry-run' | 'live';
  /** Absolute path: databases, logs, keys. */
  readonly home: string;
  /** Absolute path: server binaries shared between checkouts. */
  readonly cache: string;
  /** What browsers call us, e.g. behind a proxy; undefined: host and port. */
  readonly publicUrl: string | undefined;
  readonly host: string;
  readonly port: number;
  /** Where a worker that runs alone answers probes and scrapers. */
  readonly workerPort: number;
  /** How many proxies stand in front, each of which adds the address that it was called from. */
  readonly trustedProxies: number;
  /** Of the owner of the schema. */
  readonly databaseUrl: string | undefined;
  /** Of the product's processes; undefined: `migrate` makes a login for them. */
  readonly databaseAppUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly temporal: {
    readonly address: string | undefined;
    readonly namespace: string;
    readonly uiUrl: string | undefined;
    readonly apiKey: string | undefined;
    readonly tls: TemporalTls | undefined;
  };
  readonly ghl: {
    /** Undefined in sandbox mode until the stand-in has its port. */
    readonly baseUrl: string | undefined;
    readonly appId: string | undefined;
    readonly clientId: string | undefined;
    readonly clientSecret: string | undefined;
    readonly privateToken: string | undefined;
    /** Where people choose what to install into; undefined in sandbox mode: the stand-in. */
    readonly marketplaceUrl: string | undefined;
    /** Undefined: the sandbox's own key, or the vendor's published one in the other modes. */
    readonly webhookKeysFile: string | undefined;
  };
  readonly anthropic: { readonly baseUrl: string | undefined; readonly apiKey: string | undefined };
  readonly reso: {
    readonly baseUrl: string | undefined;
    readonly token: string | undefined;
    readonly clientId: string | undefined;
    readonly clientSecret: string | undefined;
    readonly tokenUrl: string | undefined;
  };
  readonly apiToken: string | undefined;
  /** How kinds of the cache are to be stored whatever its cost model would choose. */
  readonly cachePins: CachePins;
  /** Points at which the process stops and waits; empty outside the sandbox. */
  readonly pauses: readonly string[];
  /** Negative controls of the benches; as they should be outside the sandbox: no delay, side by side, the guard on. */
  readonly bench: BenchKnobs;
}

export interface TemporalTls {
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly serverName: string | undefined;
}

/**
 * Reads and checks the configuration.
 * @param env  e.g. `process.env`; an empty value counts as unset
 * @param cwd  relative paths start here
 * @throws AppError CONFIG_INVALID listing every problem, without any value
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, cwd: string): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(given);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.') || 'environment'}: ${issue.message}`);
  problems.push(...modeProblems(given, cwd));
  if (!parsed.success || problems.length > 0) throw new AppError('CONFIG_INVALID', problems.join('\n'));
  return shaped(parsed.data, cwd);
}

const text = z.string();
const url = (protocols: readonly string[]): z.ZodType<string, string> =>
  z.string().refine((value) => protocols.includes(protocolOf(value)), {
    message: `expected a URL with ${protocols.map((name) => `${name}//`).join(' or ')}`,
  });
const http = url(['http:', 'https:']);
const port = z
  .string()
  .refine((value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535, 'expected a port from 0 to 65535')
  .transform(Number);

/** Name → schema; `meta` carries the documented default, the meaning and the group. */
export const environment = z.object({
  LEADWRIGHT_MODE: z
    .enum(['sandbox', 'dry-run', 'live'], { message: 'expected sandbox, dry-run or live' })
    .default('sandbox')
    .meta({
      shown: '`sandbox`',
      means:
        '`sandbox`: stand-ins, nothing leaves the machine. `dry-run`: reads live, writes end as `recorded`, never `sent`, but for the preview of a sequence that somebody of the team asks for on their own phone. `live`. The last two refuse missing credentials, loopback vendors and the sandbox’s webhook key.',
    }),
  LEADWRIGHT_HOME: text
    .default('.leadwright')
    .meta({ shown: '`.leadwright/` in the working directory', means: 'Local state: databases, logs, keys.' }),
  LEADWRIGHT_CACHE: text.optional().meta({
    shown: '`~/.cache/leadwright`',
    means: 'Downloaded or built server binaries, shared between checkouts.',
  }),
  PORT: port.default(8080).meta({ shown: '8080', means: 'Port of the API and the dashboard; 0 takes a free one.' }),
  WORKER_PORT: port.default(8081).meta({
    shown: '8081',
    means:
      'Port on which `leadwright worker` answers `/livez`, `/readyz` and `/metrics`; 0 takes a free one. `start` has one port for all.',
  }),
  LEADWRIGHT_TRUSTED_PROXIES: z.coerce
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .meta({
      shown: '0',
      means:
        'Proxies in front of the API that add to `X-Forwarded-For`. Posts of pages are limited by address; with a number that is too ' +
        'low all pages share the address of the proxy, with one that is too high anybody can make addresses up.',
    }),
  HOST: text
    .default('127.0.0.1')
    .meta({ shown: '127.0.0.1', means: 'Address the API, or a worker that runs alone, listens on.' }),
  LEADWRIGHT_PUBLIC_URL: http.optional().meta({
    shown: '`http://HOST:PORT`',
    means:
      'What browsers call us. GoHighLevel sends people back to `/oauth/ghl/callback` there, and links in e-mails lead to `/u/` there for years: ' +
      'in `dry-run` and `live` no e-mail that solicits goes out without it. For the API and for workers.',
  }),
  DATABASE_URL: url(['postgres:', 'postgresql:']).optional().meta({
    shown: 'unset: a local server is started',
    means: 'PostgreSQL to use, as the owner of the schema, who may create roles.',
    secret: true,
  }),
  DATABASE_APP_URL: url(['postgres:', 'postgresql:']).optional().meta({
    shown: 'a login that `migrate` makes',
    means:
      'The same database as the product’s processes see it: a login that owns nothing. See operations.md, *The walls of the database*.',
    secret: true,
  }),
  REDIS_URL: url(['redis:', 'rediss:'])
    .optional()
    .meta({ shown: 'unset: a local server is started', means: 'Redis to use; all works without.', secret: true }),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/]+:\d{1,5}$/, 'expected host:port')
    .optional()
    .meta({ shown: 'unset: a local server is started', means: 'Temporal frontend, `host:port`.' }),
  TEMPORAL_NAMESPACE: text.default('default').meta({ shown: '`default`', means: 'Namespace of the workflows.' }),
  TEMPORAL_UI_URL: http.optional().meta({ shown: 'the local UI', means: 'Where links to workflows lead.' }),
  TEMPORAL_API_KEY: text.optional().meta({ shown: 'unset', means: 'Key for Temporal Cloud.', secret: true }),
  TEMPORAL_TLS_CA_FILE: text.optional().meta({ shown: 'unset', means: 'PEM file of the authority to trust.' }),
  TEMPORAL_TLS_CERT_FILE: text.optional().meta({ shown: 'unset', means: 'PEM file of the client certificate.' }),
  TEMPORAL_TLS_KEY_FILE: text.optional().meta({ shown: 'unset', means: 'PEM file of the client key.' }),
  TEMPORAL_TLS_SERVER_NAME: text.optional().meta({ shown: 'unset', means: 'Name expected in its certificate.' }),
  GHL_BASE_URL: http.optional().meta({
    shown: 'sandbox: the stand-in; else `https://services.leadconnectorhq.com`',
    means: 'GoHighLevel’s API.',
  }),
  GHL_APP_ID: text
    .optional()
    .meta({ shown: 'sandbox: the stand-in’s', means: 'Our app; events of others are refused.' }),
  GHL_CLIENT_ID: text.optional().meta({ shown: 'unset', means: 'OAuth client, together with its secret.' }),
  GHL_CLIENT_SECRET: text.optional().meta({ shown: 'unset', means: 'Secret of the OAuth client.', secret: true }),
  GHL_PRIVATE_TOKEN: text.optional().meta({
    shown: 'unset',
    means:
      'Private integration token of a location that `locations add` installs without naming one; `dry-run` and `live` want it where there is no OAuth client.',
    secret: true,
  }),
  GHL_MARKETPLACE_URL: http.optional().meta({
    shown: 'sandbox: the stand-in; else `https://marketplace.gohighlevel.com`',
    means: 'Where people choose what to install into.',
  }),
  GHL_WEBHOOK_KEYS_FILE: text.optional().meta({
    shown: 'sandbox: its own key; else the vendor’s published Ed25519 key',
    means: 'PEM file with one or more public keys, any of which may verify a webhook.',
  }),
  ANTHROPIC_BASE_URL: http.optional().meta({ shown: 'sandbox: the stand-in', means: 'Claude’s API.' }),
  ANTHROPIC_API_KEY: text.optional().meta({ shown: 'sandbox: the stand-in’s', means: 'Key for Claude.', secret: true }),
  RESO_BASE_URL: http.optional().meta({ shown: 'sandbox: the stand-in', means: 'The MLS feed.' }),
  RESO_TOKEN: text.optional().meta({ shown: 'unset', means: 'Token of the feed.', secret: true }),
  RESO_CLIENT_ID: text.optional().meta({ shown: 'unset', means: 'Instead of a token, with the next two.' }),
  RESO_CLIENT_SECRET: text.optional().meta({ shown: 'unset', means: 'Secret of the feed’s client.', secret: true }),
  RESO_TOKEN_URL: http.optional().meta({ shown: 'unset', means: 'Where the feed issues tokens.' }),
  LEADWRIGHT_API_TOKEN: z.string().min(16, 'expected at least 16 characters').optional().meta({
    shown: 'generated into the home folder, printed in the banner',
    means: 'Bearer token of the first operator.',
    secret: true,
  }),
  LEADWRIGHT_CACHE_PIN: cachePinList,
  LEADWRIGHT_PAUSES: z
    .string()
    .transform((list) => list.split(',').map((point) => point.trim()))
    .refine((points) => points.every((point) => /^[a-z-]+\.[a-z-]+$/.test(point)), {
      message: 'expected a comma list of points such as door.before-commit',
    })
    .default([])
    .meta({
      shown: 'unset',
      means:
        'Sandbox only: points at which the process waits until its file in `pauses/` of the home folder is removed.',
    }),
  LEADWRIGHT_BENCH: z
    .string()
    .transform((list, context) =>
      benchKnobs(list, () =>
        context.addIssue('expected taskDelayMs=N, serialLevels=true|false and echoGuard=true|false'),
      ),
    )
    .default({ taskDelayMs: 0, serialLevels: false, echoGuard: true })
    .meta({
      shown: 'unset',
      means:
        'Sandbox only: negative controls of the benches, e.g. `taskDelayMs=20,serialLevels=true`. `echoGuard=false` works what our own writes bring back like news.',
    }),
});

type Environment = z.output<typeof environment>;

function shaped(env: Environment, cwd: string): Config {
  const path = (value: string): string => (isAbsolute(value) ? value : resolve(cwd, value));
  const file = (value: string | undefined): string | undefined => (value === undefined ? undefined : path(value));
  return {
    mode: env.LEADWRIGHT_MODE,
    home: path(env.LEADWRIGHT_HOME),
    cache: path(env.LEADWRIGHT_CACHE ?? join(homedir(), '.cache', 'leadwright')),
    publicUrl: env.LEADWRIGHT_PUBLIC_URL?.replace(/\/+$/, ''),
    host: env.HOST,
    port: env.PORT,
    workerPort: env.WORKER_PORT,
    trustedProxies: env.LEADWRIGHT_TRUSTED_PROXIES,
    databaseUrl: env.DATABASE_URL,
    databaseAppUrl: env.DATABASE_APP_URL,
    redisUrl: env.REDIS_URL,
    temporal: {
      address: env.TEMPORAL_ADDRESS,
      namespace: env.TEMPORAL_NAMESPACE,
      uiUrl: env.TEMPORAL_UI_URL,
      apiKey: env.TEMPORAL_API_KEY,
      tls: tlsOf(env, file),
    },
    ghl: {
      baseUrl:
        env.GHL_BASE_URL ?? (env.LEADWRIGHT_MODE === 'sandbox' ? undefined : 'https://services.leadconnectorhq.com'),
      appId: env.GHL_APP_ID,
      clientId: env.GHL_CLIENT_ID,
      clientSecret: env.GHL_CLIENT_SECRET,
      privateToken: env.GHL_PRIVATE_TOKEN,
      marketplaceUrl:
        env.GHL_MARKETPLACE_URL ??
        (env.LEADWRIGHT_MODE === 'sandbox' ? undefined : 'https://marketplace.gohighlevel.com'),
      webhookKeysFile: file(env.GHL_WEBHOOK_KEYS_FILE),
    },
    anthropic: { baseUrl: env.ANTHROPIC_BASE_URL, apiKey: env.ANTHROPIC_API_KEY },
    reso: {
      baseUrl: env.RESO_BASE_URL,
      token: env.RESO_TOKEN,
      clientId: env.RESO_CLIENT_ID,
      clientSecret: env.RESO_CLIENT_SECRET,
      tokenUrl: env.RESO_TOKEN_URL,
    },
    apiToken: env.LEADWRIGHT_API_TOKEN,
    cachePins: env.LEADWRIGHT_CACHE_PIN,
    pauses: env.LEADWRIGHT_PAUSES,
    bench: env.LEADWRIGHT_BENCH,
  };
}

function tlsOf(env: Environment, file: (value: string | undefined) => string | undefined): TemporalTls | undefined {
  const tls = {
    caFile: file(env.TEMPORAL_TLS_CA_FILE),
    certFile: file(env.TEMPORAL_TLS_CERT_FILE),
    keyFile: file(env.TEMPORAL_TLS_KEY_FILE),
    serverName: env.TEMPORAL_TLS_SERVER_NAME,
  };
  return Object.values(tls).some((value) => value !== undefined) ? tls : undefined;
}

function protocolOf(value: string): string {
  return URL.canParse(value) ? new URL(value).protocol : '';
}
