import { generateKeyPairSync, randomBytes, randomUUID, sign, verify } from 'node:crypto';
import { createApp, type ApiDeps } from '../../api/app.ts';
import { createLocationLookup } from '../../api/location-lookup.ts';
import { startServer } from '../../api/server.ts';
import { createLeadScorer } from '../../activities/lead-scorer.ts';
import { createOwnModels } from '../../activities/own-models.ts';
import { AppError } from '../../domain/errors.ts';
import { mergeSnapshot } from '../../domain/leads/merge-snapshot.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import { isHumanMessage } from '../../domain/leads/state-after.ts';
import type { CrmCatalog } from '../../domain/ports/crm.ts';
import type { Dispatchable } from '../../domain/ports/inbox.ts';
import type { UnsubscribeLinks } from '../../domain/ports/unsubscribe-links.ts';
import { createOAuth } from '../../integrations/ghl/oauth.ts';
import { bundledModelFile } from '../../integrations/onnx/model-file.ts';
import { createScoreModel } from '../../integrations/onnx/score-model.ts';
import { createActivityStore } from '../../integrations/postgres/activity.ts';
import { createAssignmentStore } from '../../integrations/postgres/assignments.ts';
import { createConsentStore } from '../../integrations/postgres/consent.ts';
import { createCrmActionStore } from '../../integrations/postgres/crm-actions.ts';
import { createCredentialStore } from '../../integrations/postgres/credentials.ts';
import { createDraftStore } from '../../integrations/postgres/drafts.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { createInstallStore } from '../../integrations/postgres/installs.ts';
import { createModelLedger } from '../../integrations/postgres/model-ledger.ts';
import { createInboxTools } from '../../integrations/postgres/inbox-tools.ts';
import { keptLeads } from '../../integrations/postgres/kept-leads.ts';
import { createListingStore } from '../../integrations/postgres/kept-listings.ts';
import { keptScores } from '../../integrations/postgres/kept-scores.ts';
import { createLeadStore } from '../../integrations/postgres/leads.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createMarketFigureStore } from '../../integrations/postgres/market-figures.ts';
import { createMarketStatus } from '../../integrations/postgres/market-status.ts';
import { createOutboxStore } from '../../integrations/postgres/outbox.ts';
import { createScoreStore } from '../../integrations/postgres/scores.ts';
import { startEngine } from '../../integrations/onnx/engine.ts';
import { createScoring } from '../../integrations/onnx/scoring.ts';
import { createRegistryStore } from '../../integrations/postgres/registry.ts';
import { createSequenceStore } from '../../integrations/postgres/sequences.ts';
import { createSettingsStore } from '../../integrations/postgres/settings.ts';
import { createSendingPauses } from '../../integrations/postgres/sending-pauses.ts';
import { createSuppressionStore } from '../../integrations/postgres/suppressions.ts';
import { createUnsettledSends } from '../../integrations/postgres/unsettled-sends.ts';
import { createTenants } from '../../integrations/postgres/tenants.ts';
import { createHealth } from '../../platform/health.ts';
import { createLogger } from '../../platform/logger.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { createPreview } from '../../platform/preview.ts';
import { personHash, sha256 } from '../../platform/secrets.ts';
import { createUnsubscribeLinks } from '../../platform/unsubscribe-links.ts';
import { cuttableProxy } from './cuttable-proxy.ts';
import { createTestDatabase } from './database.ts';
import { marketSide, PUSH_TOKEN } from './market-side.ts';
import { patientTimes } from './parts.ts';
import { productCache } from './product-cache.ts';
import { testSealing } from './tokens.ts';

export type ApiWorld = Awaited<ReturnType<typeof startApiWorld>>;

export const APP_ID = '68f0c2d94b7a1e35d6c80a11';
const TOKEN = 'token-of-the-test-operator';
export const LOCATION = 'Rk3TqLw8mZp2VbN6sYhD';
export const CONTACT = 'uW7kHs2PqXn4TzLb9cVe';
export const SECRET = 'workflow-secret-of-the-location';
export const OAUTH_CLIENT = { id: 'client-of-the-test', secret: 'secret-of-the-test' };
export const SITE_SECRET = 'activity-secret-of-the-location';

/**
 * The API over a real server, on a database of its own that the test can take away. The workflow side is recorded: what is handed on,
 * and what acts are told.
 * @param vendorUrl  of the CRM whose OAuth is spoken to; nobody is there unless told
 */
export async function startApiWorld({
  activityLimits,
  unsubscribeLimit,
  vendorUrl = 'http://127.0.0.1:9',
  onCommitted,
}: Pick<ApiDeps, 'activityLimits' | 'unsubscribeLimit'> & {
  vendorUrl?: string;
  onCommitted?: (row: Dispatchable) => void;
} = {}) {
  const database = await createTestDatabase();
  const real = new URL(database.appUrl);
  const proxy = await cuttableProxy({ host: real.hostname, port: Number(real.port) });
  const throughProxy = new URL(database.appUrl);
  throughProxy.host = `127.0.0.1:${proxy.port}`;
  const tenants = createTenants(throughProxy.href, {
    ...{ max: 10, applicationName: 'api-test' },
    // What a test swallows is let go when these are over.
    ...{ connectMs: 20_000, statementMs: 20_000 },
  });
  const lines: string[] = [];
  const log = createLogger({ level: 'debug', stream: { write: (line) => void lines.push(line) } });
  const key = randomBytes(32);
  const sealing = testSealing();
  const unsubscribeLinks: UnsubscribeLinks = createUnsubscribeLinks(key, () => server.url);
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const locations = createLocationStore(tenants, sealing);
  const credentials = createCredentialStore(tenants, sealing);
  const oauth = createOAuth({
    ...{ baseUrl: vendorUrl, marketplaceUrl: vendorUrl, appId: APP_ID, log },
    client: OAUTH_CLIENT,
  });
  const committed: Dispatchable[] = [];
  const acts: { action: string; inboxId: string }[] = [];
  const workflow = { away: false };
  // The machine is shared with others' tests: only those that are about it lower it.
  const patience = { ms: 60_000 };
  const woken: string[] = [];
  const rescored: string[] = [];
  const market = marketSide(tenants);
  const world = { catalog: emptyCatalog };
  const cache = productCache();
  const metrics = createMetrics({ cache });
  const model = await createScoreModel({ modelFile: bundledModelFile, log });
  const leads = keptLeads(createLeadStore(tenants, { mergeSnapshot, isHumanMessage }), tenants, cache);
  const inbox = createInboxStore(tenants);
  // Levels 0 to 3 ask for no more than this of what activities have.
  const scores = keptScores(createScoreStore(tenants), tenants, cache);
  const engine = startEngine(log);
  const own = createOwnModels({ scores, scoring: createScoring(engine), log });
  const scorer = createLeadScorer({ scores, own, model, crm: { fieldIds: () => Promise.resolve({}) } });
  const levels = {
    ...{ model, scorer, log, now: () => new Date(), crm: { fieldIds: () => Promise.resolve({}) } },
    times: patientTimes,
    bench: { taskDelayMs: 0, serial: false, echoGuard: true },
    assistant: { present: false },
  } as unknown as Parameters<typeof createPreview>[0];
  const preview = createPreview(levels, sealing, throughProxy.href);
  const deps: ApiDeps = {
    inbox,
    leads,
    listings: createListingStore(tenants, cache),
    locations,
    credentials,
    installs: createInstallStore(tenants),
    oauth,
    publicUrl: () => server.url,
    nobodysSecret: () => sha256(randomBytes(32)),
    outbox: createOutboxStore(tenants),
    settings: createSettingsStore(tenants),
    assignments: createAssignmentStore(tenants),
    actions: createCrmActionStore(tenants),
    drafts: createDraftStore(tenants),
    modelLedger: createModelLedger(tenants),
    sequences: createSequenceStore(tenants.house),
    activity: createActivityStore(tenants),
    activityLimits,
    inboxTools: createInboxTools(tenants),
    unsettled: createUnsettledSends(tenants),
    preview,
    model,
    scores,
    scorer,
    markets: market.markets,
    pushToken: PUSH_TOKEN,
    marketStatus: createMarketStatus(tenants),
    marketFigures: createMarketFigureStore(tenants.house),
    rescoring: { tell: async (locationId) => void rescored.push(locationId) },
    lookup: createLocationLookup(locations),
    get patienceMs() {
      return patience.ms;
    },
    appId: APP_ID,
    apiToken: TOKEN,
    links: { temporalUiUrl: 'http://127.0.0.1:8233', namespace: 'default', crmAppUrl: 'https://app.example.com' },
    verify: (raw, header) => {
      if (header === undefined || header === 'N/A') return 'missing';
      return verify(null, raw, publicKey, Buffer.from(header, 'base64')) ? 'ok' : 'invalid';
    },
    hashPerson: (address) => personHash(key, address),
    unsubscribeLinks,
    unsubscribeLimit,
    suppressions: createSuppressionStore(tenants),
    sendingPauses: createSendingPauses(tenants),
    consent: createConsentStore(tenants, { personHash: (address) => personHash(key, address), sha256 }),
    registry: createRegistryStore(tenants),
    acts: {
      draft: async (_ref, verdict, { inboxId }) => {
        if (workflow.away) throw new AppError('TEMPORAL_UNAVAILABLE', 'away in this test');
        acts.push({ action: verdict, inboxId });
      },
      act: async (_ref, action, { inboxId }) => {
        if (workflow.away) throw new AppError('TEMPORAL_UNAVAILABLE', 'away in this test');
        acts.push({ action, inboxId });
        return {
          state:
            action === 'pause'
              ? 'paused'
              : action === 'stop'
                ? 'stopped'
                : action === 'takeOver'
                  ? 'taken-over'
                  : 'active',
        };
      },
    },
    askAssistant: () => Promise.resolve(undefined),
    crm: {
      location: () => Promise.resolve({ name: 'Bayline Realty', timezone: 'America/New_York', companyId: null }),
      catalog: () => Promise.resolve(world.catalog),
    },
    onCommitted: (row) => {
      committed.push(row);
      onCommitted?.(row);
    },
    onResumed: (locationId) => void woken.push(locationId ?? 'all'),
    health: createHealth([
      { name: 'postgres', required: true, probe: async () => (await tenants.house.query('select 1'), 'ok') },
    ]),
    metrics,
    pauses: { at: () => Promise.resolve() },
    log,
    now: () => new Date(),
  };
  await locations.add({
    locationId: LOCATION,
    companyId: null,
    name: 'Bayline Realty',
    timezone: 'America/New_York',
    token: 'pit-test',
    settings: defaultSettings,
    workflowSecretHash: sha256(SECRET),
  });
  await deps.activity.setSite(LOCATION, {
    secretHash: sha256(SITE_SECRET),
    keepSecret: false,
    origins: undefined,
  });
  const server = await startServer(createApp(deps), { host: '127.0.0.1', port: 0 });

  return {
    ...server,
    deps,
    cache,
    credentials,
    unsubscribeLinks,
    tenants,
    inbox,
    pool: database.pool,
    proxy,
    committed,
    woken,
    rescored,
    market,
    /** What the CRM says that the location has. */
    setCatalog: (catalog: CrmCatalog) => void (world.catalog = catalog),
    acts,
    workflow,
    /** How long the door and the routes wait. */
    patience,
    scores,
    scorer,
    /** Everything that was logged, as text. */
    logged: () => lines.join(''),
    sign: (body: string | Buffer) => sign(null, Buffer.from(body), privateKey).toString('base64'),
    /** Posts a signed marketplace event. */
    post(event: object | string | Buffer, headers: Record<string, string> = {}) {
      const body =
        typeof event === 'string' || Buffer.isBuffer(event) ? Buffer.from(event) : Buffer.from(JSON.stringify(event));
      return fetch(`${server.url}/webhooks/ghl`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-ghl-signature': sign(null, body, privateKey).toString('base64'),
          ...headers,
        },
        body,
      });
    },
    api: (method: string, path: string, body?: unknown) =>
      fetch(`${server.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    async rows(): Promise<{ type: string; event_key: string; verdict: string }[]> {
      return (await database.pool.query('select type, event_key, verdict from inbox order by received_at')).rows;
    },
    async stop() {
      await server.close(0);
      proxy.restore();
      await Promise.all([model.close(), engine.close(), oauth.close()]);
      await Promise.all([tenants.close(), preview.close()]);
      await proxy.close();
      await database.drop();
    },
  };
}

const emptyCatalog: CrmCatalog = {
  ...{ customFields: [], pipelines: [], users: [], calendars: [], workflows: [], numbers: [], tags: [] },
};

/** A complete marketplace event, fresh unless told otherwise. */
export function marketplaceEvent(over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: 'ContactCreate',
    appId: APP_ID,
    locationId: LOCATION,
    id: CONTACT,
    firstName: 'Dana',
    phone: '+18135550142',
    email: 'dana.whitfield@example.com',
    tags: ['Hit List'],
    webhookId: randomUUID(),
    timestamp: new Date().toISOString(),
    ...over,
  };
}
