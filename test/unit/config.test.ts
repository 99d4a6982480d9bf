import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { configDoc } from '../../platform/config-doc.ts';
import { isLoopback } from '../../platform/config-rules.ts';
import { readConfig } from '../../platform/config.ts';

const real = {
  LEADWRIGHT_MODE: 'live',
  GHL_APP_ID: 'app-1',
  GHL_PRIVATE_TOKEN: 'pit-token',
} as const;

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'leadwright-config-'));
}

function refusal(env: Record<string, string>, cwd = '/srv'): string {
  try {
    readConfig(env, cwd);
  } catch (error) {
    expect(error).toMatchObject({ name: 'AppError', code: 'CONFIG_INVALID' });
    return (error as Error).message;
  }
  throw new Error('expected a refusal');
}

describe('configuration', () => {
  it('needs nothing at all in sandbox mode, and an empty value counts as unset', () => {
    const config = readConfig({ DATABASE_URL: '', PORT: '' }, '/srv/app');
    expect(config).toMatchObject({
      mode: 'sandbox',
      home: '/srv/app/.leadwright',
      host: '127.0.0.1',
      port: 8080,
      workerPort: 8081,
    });
    expect(config.databaseUrl).toBeUndefined();
    expect(config.temporal).toMatchObject({ namespace: 'default', tls: undefined });
  });

  it('reports every problem at once, by name, and prints no value', () => {
    const said = refusal({
      LEADWRIGHT_MODE: 'production-s3cret',
      PORT: '99999',
      DATABASE_URL: 'mysql://user:s3cret@db/x',
      REDIS_URL: 's3cret',
      LEADWRIGHT_API_TOKEN: 's3cret',
      LEADWRIGHT_PAUSES: 's3cret',
      LEADWRIGHT_BENCH: 's3cret=1',
    });
    for (const name of [
      'LEADWRIGHT_MODE',
      'PORT',
      'DATABASE_URL',
      'REDIS_URL',
      'LEADWRIGHT_API_TOKEN',
      'LEADWRIGHT_PAUSES',
      'LEADWRIGHT_BENCH',
    ]) {
      expect(said).toContain(name);
    }
    expect(said).not.toContain('s3cret');
  });

  it('wants one whole way to show an MLS feed who we are', () => {
    const url = { RESO_BASE_URL: 'https://feed.example.com/odata' };
    const client = {
      RESO_CLIENT_ID: 'id',
      RESO_CLIENT_SECRET: 's3cret',
      RESO_TOKEN_URL: 'https://feed.example.com/token',
    };
    expect(refusal({ ...real, ...url })).toContain('RESO_TOKEN');
    expect(refusal({ ...real, ...url, RESO_CLIENT_ID: 'id' })).toContain('RESO_CLIENT_SECRET');
    expect(refusal({ ...real, ...url, ...client, RESO_TOKEN: 's3cret' })).not.toContain('s3cret');
    expect(readConfig({ ...real, ...url, ...client }, '/srv').reso).toMatchObject({ clientId: 'id', token: undefined });
    expect(
      readConfig({ ...real, ...url, RESO_TOKEN: 't', RESO_PUSH_TOKEN: 'p'.repeat(16) }, '/srv').reso,
    ).toMatchObject({
      token: 't',
      pushToken: 'p'.repeat(16),
    });
    expect(refusal({ RESO_PUSH_TOKEN: 's3cret' })).not.toContain('s3cret');
  });

  it('follows public files whose address says whose they are, and repeats none of what may be a signature', () => {
    const files = 'fhfa=https://files.example.com/a.csv?sign=a=b  zhvi=https://files.example.com/a.csv';
    expect(readConfig({ ...real, MARKET_FIGURES: files }, '/srv').figures).toEqual([
      { source: 'fhfa', url: 'https://files.example.com/a.csv?sign=a=b' },
      { source: 'zhvi', url: 'https://files.example.com/a.csv' },
    ]);
    expect(readConfig({}, '/srv').figures).toEqual([]);
    for (const wrong of [
      'https://files.example.com/s3cret.csv',
      'mls=https://files.example.com/s3cret.csv',
      'fhfa=/s3cret.csv',
      'fhfa=file:///s3cret.csv',
      'fhfa=https://user:s3cret@files.example.com/a.csv',
      'fhfa=https://files.example.com/a.csv?s3cret fhfa=https://files.example.com/a.csv?other',
      `fhfa=https://files.example.com/s3cret${'a'.repeat(500)}.csv`,
    ]) {
      const said = refusal({ ...real, MARKET_FIGURES: wrong });
      expect(said).toContain('MARKET_FIGURES: expected zhvi, fhfa, redfin');
      expect(said).not.toContain('s3cret');
    }
    const near = 'fhfa=http://127.0.0.1:8080/a.csv';
    expect(readConfig({ MARKET_FIGURES: near }, '/srv').figures).toHaveLength(1);
    expect(refusal({ MARKET_FIGURES: files })).toContain('MARKET_FIGURES: in sandbox mode');
    expect(refusal({ ...real, MARKET_FIGURES: near })).toContain('MARKET_FIGURES: a vendor on this machine');
    expect(refusal({ ...real, MARKET_FIGURES: 'fhfa=http://files.example.com/a.csv' })).toContain('expected https');
  });

  it.each(['live', 'dry-run'])('refuses missing credentials in %s mode, all of them named', (mode) => {
    const said = refusal({ LEADWRIGHT_MODE: mode });
    expect(said).toContain('GHL_APP_ID');
    expect(said).toContain('GHL_PRIVATE_TOKEN');
  });

  it('takes an OAuth client in place of a private token', () => {
    const { GHL_PRIVATE_TOKEN: _, ...rest } = real;
    const config = readConfig({ ...rest, GHL_CLIENT_ID: 'id', GHL_CLIENT_SECRET: 'secret' }, '/srv');
    expect(config.ghl.baseUrl).toBe('https://services.leadconnectorhq.com');
  });

  it.each([
    'http://127.0.0.1:9',
    'http://localhost',
    'http://2130706433',
    'http://[::1]:80',
    'https://0x7f.1',
    'http://[::ffff:127.0.0.1]',
    'http://0.0.0.0',
    'https://a.localhost.',
  ])('refuses the vendor %s outside the sandbox', (url) => {
    expect(isLoopback(url)).toBe(true);
    expect(refusal({ ...real, GHL_BASE_URL: url })).toContain('GHL_BASE_URL');
    expect(refusal({ ...real, ANTHROPIC_BASE_URL: url })).toContain('ANTHROPIC_BASE_URL');
  });

  it('lets nothing leave the machine in sandbox mode', () => {
    expect(refusal({ GHL_BASE_URL: 'https://services.leadconnectorhq.com' })).toContain('GHL_BASE_URL');
    expect(readConfig({ GHL_BASE_URL: 'http://vendors:9000' }, '/srv').ghl.baseUrl).toBe('http://vendors:9000');
  });

  it('refuses the sandbox webhook key outside the sandbox, wherever the public half was copied to', () => {
    const home = folder();
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    mkdirSync(join(home, 'vendors', 'ghl', 'keys'), { recursive: true });
    writeFileSync(
      join(home, 'vendors', 'ghl', 'keys', 'ghl-webhook.private.pem'),
      privateKey.export({ type: 'pkcs8', format: 'pem' }),
    );
    const copy = join(folder(), 'copied.pem');
    writeFileSync(copy, publicKey.export({ type: 'spki', format: 'pem' }));
    const env = { ...real, LEADWRIGHT_HOME: home, GHL_WEBHOOK_KEYS_FILE: copy };
    expect(refusal(env)).toContain("sandbox's key");
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' });
    writeFileSync(copy, other);
    expect(readConfig(env, '/srv').ghl.webhookKeysFile).toBe(copy);
  });

  it('refuses a keys file that is missing or holds another kind of key', () => {
    expect(refusal({ GHL_WEBHOOK_KEYS_FILE: 'nowhere.pem' })).toContain('GHL_WEBHOOK_KEYS_FILE');
    const file = join(folder(), 'rsa.pem');
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(file, publicKey.export({ type: 'spki', format: 'pem' }));
    expect(refusal({ GHL_WEBHOOK_KEYS_FILE: file })).toContain('Ed25519');
  });

  it('has pauses and bench knobs in the sandbox only', () => {
    const knobs = {
      LEADWRIGHT_PAUSES: 'door.before-commit,send.after-claim',
      LEADWRIGHT_BENCH: 'taskDelayMs=20,serialLevels=true',
    };
    const config = readConfig(knobs, '/srv');
    expect(config.pauses).toEqual(['door.before-commit', 'send.after-claim']);
    expect(config.bench).toEqual({ taskDelayMs: 20, serialLevels: true, marketWalks: true, echoGuard: true });
    const said = refusal({ ...real, ...knobs });
    expect(said).toContain('LEADWRIGHT_PAUSES');
    expect(said).toContain('LEADWRIGHT_BENCH');
  });

  it('is described in docs/config.md exactly as the schema has it', () => {
    const file = new URL('../../docs/config.md', import.meta.url);
    if (process.env['LEADWRIGHT_WRITE_GENERATED']) writeFileSync(file, configDoc());
    expect(readFileSync(file, 'utf8')).toBe(configDoc());
  });
});
