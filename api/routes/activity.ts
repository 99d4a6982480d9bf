import { randomBytes } from 'node:crypto';
import { raw, type Request, type Response, Router } from 'express';
import { AppError } from '../../domain/errors.ts';
import type { LeadStore } from '../../domain/ports/leads.ts';
import type { LocationStore } from '../../domain/ports/locations.ts';
import type { Metrics } from '../../platform/metrics.ts';
import { sha256 } from '../../platform/secrets.ts';
import { type ActivityDoorDeps, type ActivityLimits, receiveActivity, siteOf } from '../activity-door.ts';
import { leadActivity, setActivityOutcome, setActivitySite, showActivitySite } from '../contract/activity.ts';
import { mount, ok } from '../mount.ts';
import { createRateLimit, type RateLimit } from '../rate-limit.ts';
import { knownLead, present } from './leads.ts';

export interface ActivityRouteDeps extends ActivityDoorDeps {
  readonly metrics: Pick<Metrics, 'activity' | 'doorAnswered'>;
  readonly locations: Pick<LocationStore, 'get'>;
  readonly leads: Pick<LeadStore, 'load'>;
  /** Absent: those of below. */
  readonly activityLimits?: { readonly ofAddress: RateLimit; readonly ofSite: RateLimit } | undefined;
}

/** Largest post that is read at all: 64 KiB, as much as a browser lets a page leave behind. */
const BODY_LIMIT = 65_536;
/** A page posts every few seconds at most; an office behind one address has many pages open. */
const OF_ADDRESS: RateLimit = { burst: 60, perSecond: 5 };
const OF_SITE: RateLimit = { burst: 500, perSecond: 50 };

/** What pages post, from anywhere: it stands before everything that needs the operator's token. */
export function activityDoorRoutes(deps: ActivityRouteDeps): Router {
  const router = Router();
  const now = (): number => deps.now().getTime();
  const limits: ActivityLimits = {
    ofAddress: createRateLimit(deps.activityLimits?.ofAddress ?? OF_ADDRESS, now),
    ofSite: createRateLimit(deps.activityLimits?.ofSite ?? OF_SITE, now),
  };
  const bytes = raw({ type: () => true, limit: BODY_LIMIT, inflate: false });
  const timed = (_req: Request, res: Response, next: () => void): void => {
    const began = performance.now();
    res.once('finish', () => deps.metrics.doorAnswered('activity', res.statusCode, (performance.now() - began) / 1000));
    next();
  };
  const path = '/webhooks/activity/:secret';
  router.options(path, async (req, res) => {
    await admitted(deps, limits, req, res);
    res.setHeader('Access-Control-Allow-Methods', 'POST');
    res.setHeader('Access-Control-Allow-Headers', 'content-type');
    res.setHeader('Access-Control-Max-Age', '86400');
    res.status(204).end();
  });
  router.post(path, timed, bytes, async (req, res) => {
    const site = await admitted(deps, limits, req, res);
    const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    res.status(202).json(await receiveActivity(deps, site, { raw: body, contentType: req.get('content-type') }));
  });
  return router;
}

/** The page may read the answer, a refusal of what it posted included; it is let in by its secret alone, and brings no cookie. */
async function admitted(deps: ActivityRouteDeps, limits: ActivityLimits, req: Request, res: Response) {
  const { secret = '' } = req.params as Record<string, string | undefined>;
  const origin = req.get('origin');
  const site = await siteOf(deps, limits, { secret, origin, address: req.ip ?? '' });
  if (origin !== undefined) {
    res.setHeader('Access-Control-Allow-Origin', origin);
    res.setHeader('Vary', 'Origin');
    res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  }
  return site;
}

const RECENT_MS = 90 * 86_400_000;

/** What people do with it: the address of a location's pages, a lead's behaviour, and what became of it. */
export function activityRoutes(deps: ActivityRouteDeps): Router {
  const router = Router();
  mount(router, showActivitySite, async ({ params }) => {
    await knownLocation(deps, params.locationId);
    const site = await deps.activity.site(params.locationId);
    return ok({ site: site === undefined ? null : { origins: site.origins, madeAt: site.madeAt } });
  });
  mount(router, setActivitySite, async ({ params: { locationId }, body }) => {
    await knownLocation(deps, locationId);
    const secret = randomBytes(24).toString('base64url');
    const { secretKept } = await deps.activity.setSite(locationId, {
      secretHash: sha256(secret),
      keepSecret: !body.newSecret,
      origins: body.origins,
    });
    const site = await deps.activity.site(locationId);
    const { origins, madeAt } = site ?? { origins: [], madeAt: deps.now().toISOString() };
    const shown = secretKept ? {} : { secret, path: `/webhooks/activity/${secret}` };
    return ok({ site: { origins, madeAt }, secretKept, ...shown });
  });
  mount(router, leadActivity, async ({ params, query }) => {
    await knownLead(deps.leads, params);
    const since = query.since ?? new Date(deps.now().getTime() - RECENT_MS).toISOString();
    return ok(await deps.activity.ofContact(params, { ...present(query), since }));
  });
  mount(router, setActivityOutcome, async ({ params: { eventId, ...ref }, body }) => {
    const outcome = { label: body.label, value: body.value ?? null, at: body.at };
    const result = await deps.activity.setOutcome(ref, eventId, outcome);
    if (result === 'absent') throw new AppError('ACTIVITY_UNKNOWN', 'expected an event of this lead');
    if (result === 'other') throw new AppError('OUTCOME_SET', 'expected an event without an outcome');
    return ok(outcome);
  });
  return router;
}

async function knownLocation({ locations }: Pick<ActivityRouteDeps, 'locations'>, locationId: string): Promise<void> {
  if ((await locations.get(locationId)) === undefined) {
    throw new AppError('LOCATION_NOT_FOUND', `expected an installed location, got ${locationId}`);
  }
}
