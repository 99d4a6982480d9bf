import { randomBytes } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createTokenActivities, type TokenDeps } from '../../activities/credentials.ts';
import type { TokenRefresher } from '../../domain/ports/credentials.ts';
import type { TokenHolder } from '../../domain/ports/tokens.ts';
import { createOAuth } from '../../integrations/ghl/oauth.ts';
import { createCredentialStore } from '../../integrations/postgres/credentials.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { createInstallStore } from '../../integrations/postgres/installs.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import { createSealing, sha256 } from '../../platform/secrets.ts';
import { createTestDatabase } from './database.ts';
import { recordingLog } from './ghl-crm.ts';
import { type Answered, control, ledger, removeHome, startStandIn } from './ghl-standin.ts';
import { noRefresher, storedTokens } from './tokens.ts';

export type TokenWorld = Awaited<ReturnType<typeof startTokenWorld>>;

const CLIENT = { id: 'client-of-the-test', secret: 'secret-of-the-test' };
const REDIRECT = 'http://127.0.0.1:9/oauth/ghl/callback';
const APP_ID = '5a4db0c50000000000000001';

/** Everything that has to do with tokens, against a database of its own and the stand-in's OAuth. */
export async function startTokenWorld() {
  const database = await createTestDatabase();
  const standIn = await startStandIn(undefined, { movableClock: true });
  const masterKey = randomBytes(32);
  const sealing = createSealing(masterKey);
  const log = recordingLog();
  const { tenants } = database;
  const credentials = createCredentialStore(tenants, sealing);
  const installs = createInstallStore(tenants);
  const locations = createLocationStore(tenants, sealing);
  const inbox = createInboxStore(tenants);
  const oauth = createOAuth({ baseUrl: standIn.url, marketplaceUrl: standIn.url, appId: APP_ID, client: CLIENT, log });
  const measured: string[] = [];
  await control(standIn, 'app', { clientId: CLIENT.id, clientSecret: CLIENT.secret, redirectUris: [REDIRECT] });
  await control(standIn, 'limits', { disabled: true });

  /** The product's activities; what a test cares about in its own way comes with `over`. */
  function activities(over: Partial<TokenDeps> = {}, refresher: TokenRefresher = noRefresher) {
    return createTokenActivities({
      ...{ credentials, installs, locations, inbox, oauth, log, sha256, refresher },
      tokens: storedTokens(credentials, refresher),
      crm: { location: (id) => Promise.resolve({ name: `Realty ${id.slice(-1)}`, timezone: null, companyId: null }) },
      pauses: { at: () => Promise.resolve() },
      now: () => new Date(),
      nobodysSecret: () => sha256(randomBytes(32)),
      measure: ({ outcome }) => void measured.push(outcome),
      ...over,
    });
  }

  /** As a person in a browser does it: chosen at the vendor, the code exchanged, the pair stored. */
  async function installByClick(id: string): Promise<TokenHolder> {
    const chosen = new URL(oauth.authorizeUrl('state', REDIRECT, true));
    chosen.searchParams.set('_approve', id);
    const back = await fetch(chosen, { redirect: 'manual' });
    const code = new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const answer = await oauth.exchangeCode(code, REDIRECT);
    if (answer.kind === 'refused') throw new Error('the code was refused');
    const now = new Date().toISOString();
    const { holder, companyId } = answer;
    if (holder.kind === 'location') await expectLocation(holder.id, companyId);
    await credentials.install(holder, 'oauth', answer.grant, now);
    return holder;
  }

  async function expectLocation(locationId: string, companyId: string | null): Promise<boolean> {
    const workflowSecretHash = sha256(randomBytes(32));
    const location = { locationId, companyId, settings: defaultSettings, workflowSecretHash };
    return (await installs.expect(location, new Date().toISOString())) === 'waits';
  }

  return {
    ...{ database, tenants, standIn, credentials, installs, locations, inbox, oauth, log, measured, activities },
    installByClick,
    expectLocation,
    /** What another process needs to renew a token of this world. */
    forChild: (locationId: string) => ({
      ...{ appUrl: database.appUrl, vendorUrl: standIn.url, masterKey: masterKey.toString('base64'), locationId },
      client: CLIENT,
    }),
    /** As a Temporal worker runs it, once. */
    run: <T>(work: () => Promise<T>): Promise<T> =>
      new MockActivityEnvironment(undefined, { logger: new DefaultLogger('ERROR') }).run(work),
    /** A location at the vendor, of an agency. */
    async location(
      companyId = `com${randomBytes(8).toString('hex')}`,
    ): Promise<{ locationId: string; companyId: string }> {
      const locationId = `loc${randomBytes(8).toString('hex')}`;
      await control(standIn, 'locations', {
        id: locationId,
        companyId,
        name: 'Example Realty',
        timezone: 'America/New_York',
      });
      return { locationId, companyId };
    },
    vendor: (route: string, body: object) => control(standIn, route, body),
    /** Calls of the token route with this kind of grant that the vendor answered well. */
    async refreshes(): Promise<number> {
      const { calls } = await ledger(standIn);
      return [...(calls as Answered)].filter(isRefresh).length;
    },
    /** Does the vendor take this token? */
    async taken(locationId: string, token: string | undefined): Promise<boolean> {
      const headers = { authorization: `Bearer ${token}`, version: '2021-07-28' };
      return (await fetch(`${standIn.url}/locations/${locationId}`, { headers })).status === 200;
    },
    async events(holder: TokenHolder): Promise<string[]> {
      const [table, column] =
        holder.kind === 'location' ? ['credential_events', 'location_id'] : ['company_events', 'company_id'];
      const { rows } = await database.pool.query<{ told: string }>(
        `select kind || ' ' || version as told from ${table} where ${column} = $1 order by id`,
        [holder.id],
      );
      return rows.map(({ told }) => told);
    },
    async close() {
      await oauth.close();
      await standIn.end('SIGTERM');
      removeHome(standIn);
      await database.drop();
    },
  };
}

function isRefresh(call: Answered): boolean {
  const { path, status, body } = call as unknown as {
    path: string;
    status: number;
    body: { grant_type?: string } | null;
  };
  return path === '/oauth/token' && status === 200 && body?.grant_type === 'refresh_token';
}
