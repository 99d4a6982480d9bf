import { z } from 'zod';
import { benchKnobs } from './bench-knobs.ts';
import { cachePinList } from './cache-pins.ts';
import { figureAddressList } from './config-figures.ts';

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
  ANTHROPIC_BASE_URL: http.optional().meta({
    shown: 'sandbox: the stand-in; else `https://api.anthropic.com`',
    means: 'Claude’s API.',
  }),
  ANTHROPIC_API_KEY: text.optional().meta({
    shown: 'sandbox: the stand-in takes any; else unset',
    means: 'Key for Claude. Without one rules read, templates and people answer, and all else works.',
    secret: true,
  }),
  ANTHROPIC_ADMIN_KEY: text.optional().meta({
    shown: 'sandbox: the stand-in takes any; else unset',
    means:
      'Key that may read the organization’s usage report, against which the ledger of calls is held every day. Without one what may have been billed stays in doubt.',
    secret: true,
  }),
  RESO_BASE_URL: http.optional().meta({
    shown: 'sandbox: the stand-in',
    means: 'Service root of the MLS feed, a RESO Web API: what stands before `/Property` and `/$metadata`.',
  }),
  RESO_TOKEN: text.optional().meta({ shown: 'unset', means: 'Bearer token of the feed.', secret: true }),
  RESO_CLIENT_ID: text
    .optional()
    .meta({ shown: 'unset', means: 'OAuth client instead of a token, with the next two.' }),
  RESO_CLIENT_SECRET: text.optional().meta({ shown: 'unset', means: 'Secret of the feed’s client.', secret: true }),
  RESO_TOKEN_URL: http.optional().meta({ shown: 'unset', means: 'Where the feed issues tokens.' }),
  RESO_PUSH_TOKEN: z.string().min(16, 'expected at least 16 characters').optional().meta({
    shown: 'unset: nothing is taken',
    means: 'Bearer token with which the feed may push its events to us (RESO RCP-28).',
    secret: true,
  }),
  MARKET_FIGURES: figureAddressList,
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
        context.addIssue('expected taskDelayMs=N, and true or false for serialLevels, echoGuard and marketWalks'),
      ),
    )
    .default({ taskDelayMs: 0, serialLevels: false, echoGuard: true, marketWalks: true })
    .meta({
      shown: 'unset',
      means:
        'Sandbox only: negative controls of the benches, e.g. `taskDelayMs=20,serialLevels=true`. `echoGuard=false` works what our own writes bring back like news; `marketWalks=false` never compares a feed as a whole.',
    }),
});

export type Environment = z.output<typeof environment>;

function protocolOf(value: string): string {
  return URL.canParse(value) ? new URL(value).protocol : '';
}
