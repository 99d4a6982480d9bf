import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claudeKey } from '../../../cli/checks-claude.ts';
import { composeLanguageModel } from '../../../platform/compose-assistant.ts';
import { readConfig } from '../../../platform/config.ts';

const live = { LEADWRIGHT_MODE: 'live', GHL_APP_ID: 'app-1', GHL_PRIVATE_TOKEN: 'pit-token' } as const;

let server: Server;
let url: string;
/** The key of each call that came. */
const keys: (string | undefined)[] = [];

beforeAll(async () => {
  server = createServer((incoming, response) => {
    keys.push(incoming.headers.authorization);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: [], has_more: false, first_id: null, last_id: null }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function composed(env: Readonly<Record<string, string>>, claudeBaseUrl: string | undefined) {
  const said: string[] = [];
  const say = (_: object, message: string) => void said.push(message);
  const log = { debug: say, info: say, warn: say, error: say };
  const config = readConfig(env, '/srv');
  return { language: await composeLanguageModel(config, { claudeBaseUrl }, log), said };
}

describe('the language model of a process', () => {
  it.each([
    ['outside the sandbox without a key', live, 'https://api.anthropic.com'],
    ['in a sandbox that knows no stand-in', {}, undefined],
  ])('is absent %s, says so once, and is no fault', async (_, env, baseUrl) => {
    const { language, said } = await composed(env, baseUrl);
    expect(language).toMatchObject({ claude: null, modelUsage: null });
    expect(said).toEqual(['no key for Claude: there is no assistant, and all else works']);
    expect(await claudeKey(language)).toMatchObject({ verdict: 'pass' });
    await language.close();
  });

  it('is the vendor’s with a key outside the sandbox; its usage report takes another key', async () => {
    const config = readConfig({ ...live, ANTHROPIC_API_KEY: 'sk-1' }, '/srv');
    expect(config.anthropic).toEqual({ baseUrl: 'https://api.anthropic.com', apiKey: 'sk-1', adminKey: undefined });
    const { language, said } = await composed({ ...live, ANTHROPIC_API_KEY: 'sk-1' }, config.anthropic.baseUrl);
    expect(language.claude).not.toBeNull();
    expect(language.modelUsage).toBeNull();
    expect(said).toEqual([]);
    const { language: reporting } = await composed({ ...live, ANTHROPIC_ADMIN_KEY: 'sk-2' }, config.anthropic.baseUrl);
    expect(reporting).toMatchObject({
      claude: null,
      modelUsage: expect.anything(),
    });
  });

  it('gives the stand-in a key of its own, and a server that is named the key that is named', async () => {
    const { language: own } = await composed({ ANTHROPIC_API_KEY: 'sk-real' }, url);
    expect(await claudeKey(own)).toEqual({ verdict: 'pass', finding: 'answers, and takes our key' });
    const { language: named } = await composed({ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'sk-named' }, url);
    expect((await claudeKey(named)).finding).toContain('ANTHROPIC_ADMIN_KEY');
    expect(keys).toEqual(['Bearer sk-ant-sandbox', 'Bearer sk-named']);
    await Promise.all([own.close(), named.close()]);
  });
});
