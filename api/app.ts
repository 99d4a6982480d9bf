import express, { type Express } from 'express';
import { AppError } from '../domain/errors.ts';
import type { Log } from '../domain/ports/log.ts';
import type { Health } from '../platform/health.ts';
import type { Metrics } from '../platform/metrics.ts';
import { bearer } from './bearer.ts';
import type { DoorDeps } from './door.ts';
import { problemHandler } from './errors.ts';
import { requestId } from './request-id.ts';
import { activityDoorRoutes, type ActivityRouteDeps, activityRoutes } from './routes/activity.ts';
import { assistantRoutes, type AssistantRouteDeps } from './routes/assistant.ts';
import { assistantCostRoutes, type AssistantCostRouteDeps } from './routes/assistant-cost.ts';
import { assignmentRoutes, type AssignmentRouteDeps } from './routes/assignment.ts';
import { healthRoutes, type ProbeDeps, probeRoutes } from './routes/health.ts';
import { inboxRoutes, type InboxRouteDeps } from './routes/inbox.ts';
import { type LeadActionRouteDeps, leadActionRoutes } from './routes/lead-actions.ts';
import { leadActRoutes, type LeadActRouteDeps } from './routes/lead-acts.ts';
import { type ConsentRouteDeps, consentRoutes } from './routes/consent.ts';
import { enrolmentRoutes, type EnrolmentRouteDeps } from './routes/enrolments.ts';
import { leadRoutes, type LeadRouteDeps } from './routes/leads.ts';
import { locationRoutes, type LocationRouteDeps } from './routes/locations.ts';
import { type MarketRouteDeps, marketRoutes } from './routes/market.ts';
import { marketPushRoutes, type MarketPushDeps } from './routes/market-push.ts';
import { oauthRoutes, type OAuthRouteDeps } from './routes/oauth.ts';
import { type PreviewRouteDeps, previewRoutes } from './routes/previews.ts';
import { scoreRoutes, type ScoreRouteDeps } from './routes/score.ts';
import { type SendingRouteDeps, sendingRoutes } from './routes/sending.ts';
import { type SendRouteDeps, sendRoutes } from './routes/sends.ts';
import { type SequenceRouteDeps, sequenceRoutes } from './routes/sequences.ts';
import { settingsRoutes, type SettingsRouteDeps } from './routes/settings.ts';
import { suppressionRoutes, type SuppressionRouteDeps } from './routes/suppressions.ts';
import { unsubscribeRoutes, type UnsubscribeRouteDeps } from './routes/unsubscribe.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { securityHeaders } from './security-headers.ts';

/** Everything the API works with; `platform/compose.ts` fills it in. */
export type ApiDeps = DoorDeps &
  MarketPushDeps &
  MarketRouteDeps &
  LeadRouteDeps &
  LeadActRouteDeps &
  LeadActionRouteDeps &
  ScoreRouteDeps &
  InboxRouteDeps &
  ActivityRouteDeps &
  SendRouteDeps &
  LocationRouteDeps &
  SendingRouteDeps &
  OAuthRouteDeps &
  SettingsRouteDeps &
  AssignmentRouteDeps &
  AssistantRouteDeps &
  AssistantCostRouteDeps &
  UnsubscribeRouteDeps &
  SuppressionRouteDeps &
  ConsentRouteDeps &
  EnrolmentRouteDeps &
  PreviewRouteDeps &
  SequenceRouteDeps & {
    readonly metrics: Metrics;
    readonly health: Health;
    /** How many proxies in front are believed when they say which address called; absent: none. */
    readonly trustedProxies?: number;
    /** Bearer token of the operator. */
    readonly apiToken: string;
  };

/**
 * The whole HTTP surface. The door stands first, so that its bodies stay raw bytes; everything under `/api` needs the token before
 * a byte of its body is read.
 */
export function createApp(deps: ApiDeps): Express {
  const app = newApp();
  app.set('trust proxy', deps.trustedProxies ?? 0);
  app.use(
    webhookRoutes(deps),
    activityDoorRoutes(deps),
    marketPushRoutes(deps),
    healthRoutes(deps),
    oauthRoutes(deps),
    unsubscribeRoutes(deps),
  );
  app.use('/api', bearer(deps.apiToken), express.json({ limit: 1_048_576, inflate: false }));
  app.use(
    leadRoutes(deps),
    leadActRoutes(deps),
    consentRoutes(deps),
    enrolmentRoutes(deps),
    previewRoutes(deps),
    leadActionRoutes(deps),
    scoreRoutes(deps),
    inboxRoutes(deps),
    sequenceRoutes(deps),
  );
  app.use(
    activityRoutes(deps),
    sendRoutes(deps),
    locationRoutes(deps),
    settingsRoutes(deps),
    sendingRoutes(deps),
    suppressionRoutes(deps),
    assignmentRoutes(deps),
    assistantRoutes(deps),
    assistantCostRoutes(deps),
    marketRoutes(deps),
  );
  return ended(app, deps.log, 'expected one of the documented routes');
}

/** For a process without an API: whether it lives, whether it can work, and what it counts. */
export function createProbeApp(deps: ProbeDeps & { readonly log: Log }): Express {
  return ended(newApp().use(probeRoutes(deps)), deps.log, 'expected /livez, /readyz or /metrics');
}

function newApp(): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  return app.use(requestId, securityHeaders);
}

/** What no route took is not found; what was thrown becomes a problem document. */
function ended(app: Express, log: Log, expected: string): Express {
  app.use(() => {
    throw new AppError('NOT_FOUND', expected);
  });
  return app.use(problemHandler(log));
}
