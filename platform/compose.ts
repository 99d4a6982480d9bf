import { randomUUID } from 'node:crypto';
import { askAssistant } from '../activities/assist-ask.ts';
import { createActivities } from '../activities/create.ts';
import { createTokenActivities } from '../activities/credentials.ts';
import type { Deps, Measurement } from '../activities/deps.ts';
import { createLeadScorer } from '../activities/lead-scorer.ts';
import { createOwnModels } from '../activities/own-models.ts';
import { levelTimes } from '../activities/run-level.ts';
import { type TrainOrder, trainOwnModel } from '../activities/train-own-model.ts';
import { createHealth } from './health.ts';
import { kindsWith } from './cache-pins.ts';
import { composeLanguageModel, composeModelCalls, noLanguageModel } from './compose-assistant.ts';
import { composeMarket } from './compose-market.ts';
import { composeTokens, parkedReading } from './compose-tokens.ts';
import { composeWarming } from './compose-warming.ts';
import type { Config } from './config.ts';
import { healthChecks } from './health-checks.ts';
import { loadApiToken, loadHomeKeys } from './keys.ts';
import { createHighWater } from './high-water.ts';
import { createMarketReading } from './market-metrics.ts';
import { createMetrics } from './metrics.ts';
import { createPauses } from './pauses.ts';
import { record } from './record.ts';
import { createPreview } from './preview.ts';
import { noScoreModel } from './scoring.ts';
import { createSharedReading } from './shared-reading.ts';
import { createSealing, personHash, sha256 } from './secrets.ts';
import { temporalSecurity } from './temporal-security.ts';
import { warmRules } from './warm-rules.ts';
import { createUnsubscribeLinks } from './unsubscribe-links.ts';
import { mergeSnapshot } from '../domain/leads/merge-snapshot.ts';
import { isHumanMessage } from '../domain/leads/state-after.ts';
import { STUCK_AFTER_MS } from '../domain/ports/inbox.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { Log } from '../domain/ports/log.ts';
import { createCache } from '../integrations/cache/cache.ts';
import { createCodecs } from '../integrations/cache/codecs.ts';
import { createGhlCrm } from '../integrations/ghl/crm.ts';
import { loadKeys, vendorPublishedKey, verifySignature } from '../integrations/ghl/webhook-signature.ts';
import { startEngine } from '../integrations/onnx/engine.ts';
import { bundledModelFile } from '../integrations/onnx/model-file.ts';
import { createScoreModel } from '../integrations/onnx/score-model.ts';
import { createScoring } from '../integrations/onnx/scoring.ts';
import { createActivityStore } from '../integrations/postgres/activity.ts';
import { createConsentStore } from '../integrations/postgres/consent.ts';
import { createCrmActionStore } from '../integrations/postgres/crm-actions.ts';
import { createAssignmentStore } from '../integrations/postgres/assignments.ts';
import { createCrmRecordStore } from '../integrations/postgres/crm-records.ts';
import { createDraftStore } from '../integrations/postgres/drafts.ts';
import { keptLeads } from '../integrations/postgres/kept-leads.ts';
import { createListingStore } from '../integrations/postgres/kept-listings.ts';
import { createListingMatcher } from '../integrations/postgres/listing-matcher.ts';
import { keptScores } from '../integrations/postgres/kept-scores.ts';
import { createInboxStore } from '../integrations/postgres/inbox.ts';
import { createInboxTools } from '../integrations/postgres/inbox-tools.ts';
import { createLeadStore } from '../integrations/postgres/leads.ts';
import { createLearningStore } from '../integrations/postgres/lead-learning.ts';
import { createLocationStore } from '../integrations/postgres/locations.ts';
import { createMarketAlertStore } from '../integrations/postgres/market-alerts.ts';
import { createMarketFigureStore } from '../integrations/postgres/market-figures.ts';
import { createMarketStatus } from '../integrations/postgres/market-status.ts';
import { createOutboxStore } from '../integrations/postgres/outbox.ts';
import { createRegistryStore } from '../integrations/postgres/registry.ts';
import { createRestoreStore } from '../integrations/postgres/restores.ts';
import { createScoreStore, warmScores } from '../integrations/postgres/scores.ts';
import { createSequenceStore } from '../integrations/postgres/sequences.ts';
import { createSettingsStore } from '../integrations/postgres/settings.ts';
import { createSendingPauses } from '../integrations/postgres/sending-pauses.ts';
import { createSuppressionStore } from '../integrations/postgres/suppressions.ts';
import { createUnsettledSends } from '../integrations/postgres/unsettled-sends.ts';
import { createWishesUpkeep } from '../integrations/postgres/wishes-upkeep.ts';
import { createTenants } from '../integrations/postgres/tenants.ts';
import { keepMonths } from '../integrations/postgres/upkeep.ts';
import { createCallBudget } from '../integrations/redis/call-budget.ts';
import { createTemporalClient } from '../integrations/temporal/connection.ts';
import { createLeadActs, createLeadMailbox } from '../integrations/temporal/mailbox.ts';
import { createRescoring } from '../integrations/temporal/rescoring.ts';

/** Where the servers of this run are; from the configuration, or from what was started on this machine. */
export interface Endpoints {
  /** As the product's login, which owns nothing. */
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly temporalAddress: string;
  readonly temporalUiUrl: string | undefined;
  readonly ghlBaseUrl: string;
  /** Undefined: no language model is asked. */
  readonly claudeBaseUrl: string | undefined;
  /** Undefined: there is no market feed. */
  readonly resoBaseUrl: string | undefined;
  readonly appId: string;
  /** PEM of the keys that webhooks may be signed with; undefined: the vendor's published one. */
  readonly webhookKeysPem: string | undefined;
}

/** Connections of the tenants' pool that stay open, and know their largest statement from the start. */
const KEPT_CONNECTIONS = 4;

export type Product = Awaited<ReturnType<typeof compose>>;

/**
 * The one place that wires ports to adapters. Everything a process needs, whatever its role; connections open when first used.
 * @param models  false: neither of the two kinds of models is loaded, for a process that has nothing to do with leads
 */
export async function compose(config: Config, endpoints: Endpoints, log: Log, { models = true } = {}) {
  const keys = loadHomeKeys(config.home);
  // What may be refused comes before what stays open: a process that does not start must be able to end.
  const signingKeys = loadKeys(endpoints.webhookKeysPem ?? vendorPublishedKey);
  const engine = startEngine(log);
  const model = models ? await createScoreModel({ modelFile: bundledModelFile, engine, log }) : noScoreModel;
  const codecs = await createCodecs();
  const tenants = createTenants(endpoints.databaseUrl, {
    max: 16,
    min: KEPT_CONNECTIONS,
    applicationName: 'leadwright',
    onIdleError: (error) => log.warn({ err: error }, 'an idle database connection broke; it is replaced'),
  });
  const inbox = createInboxStore(tenants);
  const sealing = createSealing(keys.masterKey);
  const locations = createLocationStore(tenants, sealing);
  const parked = parkedReading(locations);
  const budget = createCallBudget({ redisUrl: endpoints.redisUrl, log });
  if (codecs.absent.length > 0)
    log.info(
      { absent: codecs.absent.map(({ name, reason }) => `${name}: ${reason}`) },
      'what the cache would have compressed with is not all there',
    );
  const kinds = kindsWith(config.cachePins);
  const cache = createCache({ redisUrl: endpoints.redisUrl, kinds, codecs, tell: log });
  const marketStatus = createMarketStatus(tenants);
  const metrics = createMetrics({
    cache,
    stuck: createSharedReading(async () => (await inbox.stuck(STUCK_AFTER_MS)).events),
    callsLeft: budget.lowest,
    parked,
    market: createMarketReading(locations, marketStatus),
  });
  const temporal = createTemporalClient({
    address: endpoints.temporalAddress,
    namespace: config.temporal.namespace,
    ...temporalSecurity(config),
  });
  const masterKey = keys.masterKey;
  const access = composeTokens({ config, endpoints, log, masterKey }, { tenants, sealing, temporal: temporal.client });
  const language = models ? await composeLanguageModel(config, endpoints, log) : noLanguageModel;
  const crm = createGhlCrm({ baseUrl: endpoints.ghlBaseUrl, tokens: access.tokens, budget, log, cache });
  const hashPerson = (address: string): string => personHash(keys.personKey, address);
  const stores = {
    inbox,
    leads: keptLeads(createLeadStore(tenants, { mergeSnapshot, isHumanMessage }), tenants, cache),
    listings: createListingStore(tenants, cache),
    matcher: createListingMatcher(tenants, () => new Date()),
    wishes: createWishesUpkeep(tenants, () => new Date()),
    alerts: createMarketAlertStore(tenants),
    marketFigures: createMarketFigureStore(tenants.house),
    marketStatus,
    sequences: createSequenceStore(tenants.house),
    outbox: createOutboxStore(tenants),
    records: createCrmRecordStore(tenants),
    actions: createCrmActionStore(tenants),
    restores: createRestoreStore(tenants),
    activity: createActivityStore(tenants),
    inboxTools: createInboxTools(tenants),
    unsettled: createUnsettledSends(tenants),
    suppressions: createSuppressionStore(tenants),
    sendingPauses: createSendingPauses(tenants),
    consent: createConsentStore(tenants, { personHash: hashPerson, sha256 }),
    registry: createRegistryStore(tenants),
    locations,
    settings: createSettingsStore(tenants),
    assignments: createAssignmentStore(tenants),
    scores: keptScores(createScoreStore(tenants), tenants, cache),
    drafts: createDraftStore(tenants),
  };
  const scoring = createScoring(engine);
  const own = createOwnModels({ scores: stores.scores, scoring, log });
  const scorer = createLeadScorer({ scores: stores.scores, own, model, crm });
  const rescoring = createRescoring(temporal.client);
  const mailbox = createLeadMailbox(temporal.client);
  let servedAt: string | undefined;
  const unsubscribeLinks = createUnsubscribeLinks(keys.personKey, () => config.publicUrl ?? servedAt);
  const shared = {
    pauses: createPauses({ home: config.home, points: config.pauses, log }),
    log,
    now: () => new Date(),
    measure: (what: Measurement) => record(metrics, what),
  };
  const modelCalls = composeModelCalls(language, tenants, { ...shared, locations });
  const follows = { ...stores, ...shared, model: language.claude, ledger: modelCalls.ledger, sha256 };
  const warm = composeWarming(modelCalls.call, { tenants, temporal: temporal.client }, follows);
  const markets = composeMarket(
    { config, endpoints },
    { tenants, temporal: temporal.client },
    { ...stores, ...shared, mailbox, newId: randomUUID, sha256 },
  );
  const deps: Deps = {
    ...stores,
    crm,
    cache,
    model,
    scorer,
    ...shared,
    assistant: { present: language.claude !== null, call: warm.call },
    mode: config.mode,
    newId: randomUUID,
    sha256,
    personHash: hashPerson,
    unsubscribeLinks,
    times: levelTimes,
    bench: { ...config.bench, serial: config.bench.serialLevels },
  };
  const tokenActivities = createTokenActivities({
    ...access,
    ...deps,
    measure: ({ outcome }) => metrics.token(outcome),
  });
  const activities = createActivities(deps);
  const preview = createPreview(deps, sealing, endpoints.databaseUrl);
  const health = createHealth(
    healthChecks({
      ...{ locations, parked, model, standing: modelCalls.standing, ping: temporal.ping, house: tenants.house },
      cache: endpoints.redisUrl === undefined ? null : cache,
    }),
  );
  let warming: Promise<void> | undefined;

  async function warmAll(): Promise<void> {
    warmRules();
    try {
      await warmScores(tenants, KEPT_CONNECTIONS);
    } catch (error) {
      log.warn({ err: error }, 'database connections could not be opened ahead; they open when first used');
    }
  }

  return {
    config,
    endpoints,
    log,
    ...stores,
    ...access,
    tenants,
    highWater: createHighWater({ home: config.home, place: tenants.house, log }),
    cache,
    crm,
    language,
    modelLedger: modelCalls.ledger,
    keepModelLedger: modelCalls.keepLedger,
    sweepModelCalls: modelCalls.sweepLedger,
    assistant: deps.assistant,
    askAssistant: (ref: LeadRef, text: string) => askAssistant(deps, ref, text),
    model,
    scoring,
    scorer,
    rescoring,
    markets,
    pushToken: config.reso.pushToken,
    trainOwnModel: (locationId: string, order: TrainOrder) =>
      trainOwnModel({ ...deps, learning: createLearningStore(tenants), scoring, rescoring, sha256 }, locationId, order),
    mailbox,
    preview,
    acts: createLeadActs(temporal.client),
    metrics,
    health,
    pauses: deps.pauses,
    temporal: temporal.client,
    apiToken: loadApiToken(config.home, config.apiToken),
    verify: (raw: Buffer, header: string | undefined) => verifySignature(raw, header, signingKeys),
    hashPerson: deps.personHash,
    unsubscribeLinks,
    /** Where this process itself is reached. In the sandbox that is where people reach us; elsewhere only the configuration knows. */
    serve: (url: string) => {
      if (config.mode === 'sandbox') servedAt = url;
    },
    keepMonths: () => keepMonths(tenants.house),
    /** So that the first leads that are read are like all others. Nobody waits for it; where it fails, they take their time. */
    warm: (): Promise<void> => (warming ??= warmAll()),
    now: deps.now,
    activities: {
      ...activities,
      leads: { ...activities.leads, ...tokenActivities },
      claude: { ...activities.claude, ...warm.activities },
      market: markets.activities,
    },
    close: async () => {
      await Promise.allSettled([
        engine.close(),
        crm.close(),
        language.close(),
        access.oauth.close(),
        markets.source.close(),
        temporal.close(),
      ]);
      await Promise.allSettled([budget.close(), cache.close()]);
      await Promise.all([tenants.close(), preview.close()]);
    },
  };
}
