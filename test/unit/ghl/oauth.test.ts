import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createOAuth } from '../../../integrations/ghl/oauth.ts';
import { recordingLog } from '../../support/ghl-crm.ts';

const oauth = createOAuth({
  ...{
    baseUrl: 'http://127.0.0.1:9',
    marketplaceUrl: 'https://marketplace.example.com',
    appId: 'app',
    log: recordingLog(),
  },
  client: { id: 'client', secret: 'kept' },
});
afterAll(() => oauth.close());

const scopesOf = (agency: boolean): string[] =>
  (
    new URL(oauth.authorizeUrl('state', 'https://leads.example.com/oauth/ghl/callback', agency)).searchParams.get(
      'scope',
    ) ?? ''
  ).split(' ');

describe('the way to the marketplace', () => {
  it('asks for what the guide explains, permission by permission, and for nothing else', () => {
    const guide = readFileSync(new URL('../../../docs/gohighlevel.md', import.meta.url), 'utf8');
    const table = guide.split('\n').filter((line) => line.startsWith('| `'));
    const explained = [...table.join('\n').matchAll(/`([a-zA-Z/]+\.(?:readonly|write|read))`/g)].map(
      (match) => match[1] ?? '',
    );
    expect([...scopesOf(true)].sort()).toEqual([...new Set(explained)].sort());
    const forAgencies = scopesOf(true).filter((scope) => !scopesOf(false).includes(scope));
    expect(forAgencies).toEqual(['oauth.readonly', 'oauth.write']);
  });

  it('carries our id, where to come back to and the state, and never the secret', () => {
    const url = new URL(oauth.authorizeUrl('s t&te', 'https://leads.example.com/oauth/ghl/callback', false));
    expect(url.origin + url.pathname).toBe('https://marketplace.example.com/v2/oauth/chooselocation');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'client',
      redirect_uri: 'https://leads.example.com/oauth/ghl/callback',
      state: 's t&te',
    });
    expect(url.href).not.toContain('kept');
  });
});
