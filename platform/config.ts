import { isAbsolute, join, resolve } from 'node:path';
import { homedir } from 'node:os';
import type { FigureAddress } from '../domain/market/followed-files.ts';
import { AppError } from '../domain/errors.ts';
import type { BenchKnobs } from './bench-knobs.ts';
import type { CachePins } from './cache-pins.ts';
import { type Environment, environment } from './config-environment.ts';
import { modeProblems } from './config-rules.ts';

/**
 * The only reader of the environment. Every problem is reported at once, by name; a value is never printed, since any of them may
 * be a secret. What each name means stands beside its schema in `config-environment.ts`, from which `docs/config.md` is generated.
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
  readonly anthropic: {
    /** Undefined in sandbox mode until the stand-in has its port. */
    readonly baseUrl: string | undefined;
    /** Undefined: there is no assistant, but in the sandbox, whose stand-in takes any. */
    readonly apiKey: string | undefined;
    /** Undefined: the vendor's usage report is not read. */
    readonly adminKey: string | undefined;
  };
  readonly reso: {
    readonly baseUrl: string | undefined;
    readonly token: string | undefined;
    readonly clientId: string | undefined;
    readonly clientSecret: string | undefined;
    readonly tokenUrl: string | undefined;
    /** Undefined: nobody may push events of the feed to us. */
    readonly pushToken: string | undefined;
  };
  /** Public files of figures that are fetched each day. */
  readonly figures: readonly FigureAddress[];
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
    anthropic: {
      baseUrl: env.ANTHROPIC_BASE_URL ?? (env.LEADWRIGHT_MODE === 'sandbox' ? undefined : 'https://api.anthropic.com'),
      apiKey: env.ANTHROPIC_API_KEY,
      adminKey: env.ANTHROPIC_ADMIN_KEY,
    },
    reso: {
      baseUrl: env.RESO_BASE_URL,
      token: env.RESO_TOKEN,
      clientId: env.RESO_CLIENT_ID,
      clientSecret: env.RESO_CLIENT_SECRET,
      tokenUrl: env.RESO_TOKEN_URL,
      pushToken: env.RESO_PUSH_TOKEN,
    },
    figures: env.MARKET_FIGURES,
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
