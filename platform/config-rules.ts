import { createPublicKey, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { figureAddresses } from './config-figures.ts';

type Given = Readonly<Record<string, string | undefined>>;

/**
 * What the three modes demand beyond the shape of each value. Sandbox: vendors are stand-ins near by, so nothing leaves the
 * machine. Dry-run and live: real credentials, real vendors, and never a webhook key whose private half lies on this machine,
 * since anybody with the sandbox could then forge events.
 * @returns problems by name, without any value; empty when all is well
 */
export function modeProblems(given: Given, cwd: string): string[] {
  const mode = given['LEADWRIGHT_MODE'] ?? 'sandbox';
  const keys = webhookKeys(given, cwd);
  if (mode === 'sandbox') return [...keys.problems, ...strangers(given), ...feedProblems(given, mode)];
  // Any other word is reported by the schema, and must not be repeated here.
  if (mode !== 'live' && mode !== 'dry-run') return keys.problems;
  return [
    ...keys.problems,
    ...realWorldProblems(given, mode),
    ...feedProblems(given, mode),
    ...sandboxKeyProblems(given, keys.found, cwd, mode),
  ];
}

const vendorUrls = [
  'GHL_BASE_URL',
  'GHL_MARKETPLACE_URL',
  'ANTHROPIC_BASE_URL',
  'RESO_BASE_URL',
  'RESO_TOKEN_URL',
] as const;

/** Where we would ask, each by its name in the environment. */
function asked(given: Given): readonly (readonly [name: string, url: string])[] {
  const files = figureAddresses(given['MARKET_FIGURES'] ?? '') ?? [];
  return [
    ...vendorUrls.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]] as const])),
    ...files.map(({ url }) => ['MARKET_FIGURES', url] as const),
  ];
}

function strangers(given: Given): string[] {
  return asked(given)
    .filter(([, url]) => !isNear(url))
    .map(([name]) => `${name}: in sandbox mode a vendor must be on this machine or its private network`);
}

function realWorldProblems(given: Given, mode: string): string[] {
  const problems: string[] = [];
  if (!given['GHL_APP_ID']) problems.push(`GHL_APP_ID: required in ${mode} mode`);
  const oauth = given['GHL_CLIENT_ID'] && given['GHL_CLIENT_SECRET'];
  if (!given['GHL_PRIVATE_TOKEN'] && !oauth) {
    problems.push(`GHL_PRIVATE_TOKEN: required in ${mode} mode, or GHL_CLIENT_ID with GHL_CLIENT_SECRET`);
  }
  for (const [name, url] of asked(given)) {
    if (isLoopback(url)) problems.push(`${name}: a vendor on this machine is refused in ${mode} mode`);
    else if (!/^https:\/\//i.test(url)) problems.push(`${name}: expected https in ${mode} mode`);
  }
  if (given['LEADWRIGHT_PUBLIC_URL'] !== undefined && !given['LEADWRIGHT_PUBLIC_URL'].startsWith('https://')) {
    problems.push(`LEADWRIGHT_PUBLIC_URL: expected https in ${mode} mode`);
  }
  for (const name of ['LEADWRIGHT_PAUSES', 'LEADWRIGHT_BENCH']) {
    if (given[name] !== undefined) problems.push(`${name}: works in sandbox mode only`);
  }
  return problems;
}

/** One way to show the feed who we are, and the whole of it. */
function feedProblems(given: Given, mode: string): string[] {
  const client = ['RESO_CLIENT_ID', 'RESO_CLIENT_SECRET', 'RESO_TOKEN_URL'].filter((name) => given[name] !== undefined);
  if (client.length > 0 && given['RESO_TOKEN'] !== undefined) {
    return ['RESO_TOKEN: expected a token or an OAuth client, not both'];
  }
  if (client.length === 1 || client.length === 2) {
    return [`${client.join(', ')}: expected RESO_CLIENT_ID, RESO_CLIENT_SECRET and RESO_TOKEN_URL together`];
  }
  const way = client.length === 3 || given['RESO_TOKEN'] !== undefined;
  if (mode !== 'sandbox' && given['RESO_BASE_URL'] !== undefined && !way) {
    return ['RESO_BASE_URL: expected RESO_TOKEN or an OAuth client with it'];
  }
  return [];
}

function sandboxKeyProblems(given: Given, found: readonly KeyObject[], cwd: string, mode: string): string[] {
  const home = resolve(cwd, given['LEADWRIGHT_HOME'] ?? '.leadwright');
  const folders = [
    join(home, 'keys'),
    ...listed(join(home, 'vendors')).map((vendor) => join(home, 'vendors', vendor, 'keys')),
  ];
  const ours = folders.flatMap(privateHalves).map(fingerprint);
  return found.some((key) => ours.includes(fingerprint(key)))
    ? [`GHL_WEBHOOK_KEYS_FILE: holds the sandbox's key, which is refused in ${mode} mode`]
    : [];
}

function webhookKeys(given: Given, cwd: string): { found: KeyObject[]; problems: string[] } {
  const file = given['GHL_WEBHOOK_KEYS_FILE'];
  if (file === undefined) return { found: [], problems: [] };
  try {
    const found = publicKeys(readFileSync(resolve(cwd, file), 'utf8'));
    const usable = found.length > 0 && found.every((key) => key.asymmetricKeyType === 'ed25519');
    return { found, problems: usable ? [] : ['GHL_WEBHOOK_KEYS_FILE: expected Ed25519 public keys in PEM'] };
  } catch {
    // The cause may quote the file; its name in the problem says enough.
    return { found: [], problems: ['GHL_WEBHOOK_KEYS_FILE: expected a readable PEM file with Ed25519 public keys'] };
  }
}

function publicKeys(pem: string): KeyObject[] {
  const blocks = pem.match(/-----BEGIN [A-Z ]+-----[\s\S]+?-----END [A-Z ]+-----/g) ?? [];
  return blocks.map((block) => createPublicKey(block));
}

/** Public keys whose private half lies in the folder. */
function privateHalves(folder: string): KeyObject[] {
  const names = listed(folder).filter((name) => name.endsWith('.pem'));
  return names.flatMap((name) => {
    const pem = readFileSync(join(folder, name), 'utf8');
    return pem.includes('PRIVATE KEY') ? publicKeys(pem) : [];
  });
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function fingerprint(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).toString('base64');
}

/** WHATWG URLs write every spelling of an IPv4 address in dots, so one pattern covers `2130706433` and `0x7f.1`. */
export function isLoopback(value: string): boolean {
  const host = hostOf(value);
  if (host === undefined) return false;
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    /^127\./.test(host) ||
    host === '0.0.0.0' ||
    /^\[(::1?|::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}|::ffff:0:0)\]$/.test(host)
  );
}

/** Loopback, or a single-label name as container networks use: neither leaves the machine's own network. */
function isNear(value: string): boolean {
  const host = hostOf(value);
  return host === undefined || isLoopback(value) || /^[a-z][a-z0-9_-]*$/.test(host);
}

function hostOf(value: string): string | undefined {
  return URL.canParse(value) ? new URL(value).hostname.replace(/\.$/, '') : undefined;
}
