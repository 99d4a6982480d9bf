import { raw, type Request, Router } from 'express';
import { AppError } from '../../domain/errors.ts';
import type { FeedRef } from '../../domain/market/feed.ts';
import { readPushed } from '../../domain/market/pushed.ts';
import type { MarketRuns } from '../../domain/ports/market-runs.ts';
import type { MarketStore } from '../../domain/ports/market-store.ts';
import type { Metrics } from '../../platform/metrics.ts';
import { sameToken } from '../bearer.ts';
import { type Storing, untilStored } from '../until-stored.ts';

export interface MarketPushDeps extends Storing {
  readonly markets: { readonly store: Pick<MarketStore, 'acceptPush'>; readonly runs: Pick<MarketRuns, 'wake'> };
  /** Undefined: no feed may push. */
  readonly pushToken: string | undefined;
  readonly metrics: Pick<Metrics, 'doorAnswered'>;
  readonly now: () => Date;
}

/** Largest push that is read at all: 1 MiB. */
const BODY_LIMIT = 1_048_576;

/**
 * What an MLS pushes (RCP-28). The token comes before a byte of the body is read; it is answered once the events are committed, and their feed
 * is woken after that. Should that fail, the next poll finds them.
 */
export function marketPushRoutes(deps: MarketPushDeps): Router {
  const router = Router();
  const isOurs = sameToken(deps.pushToken);
  const path = '/webhooks/reso/:locationId/:market';
  router.post(path, (req, res, next) => {
    const began = performance.now();
    res.once('finish', () => deps.metrics.doorAnswered('market', res.statusCode, (performance.now() - began) / 1000));
    if (!isOurs(req)) throw new AppError('PUSH_TOKEN', 'expected Authorization: Bearer with the token of the push');
    next();
  });
  router.post(path, raw({ type: () => true, limit: BODY_LIMIT, inflate: false }), async (req, res) => {
    const { locationId = '', market = '' } = req.params as Record<string, string | undefined>;
    const events = eventsOf(req);
    const named = { locationId, market };
    const stored = await untilStored(
      deps,
      { what: 'the events', lost: 'a push could not be stored; the vendor is asked to come again', named },
      () => deps.markets.store.acceptPush(named, events, deps.now().toISOString()),
    );
    if (stored === null) throw new AppError('NOT_FOUND', 'expected a market of an installed location');
    res.status(200).json({ status: 'accepted', events: events.length, fresh: stored.fresh });
    if (stored.fresh > 0) wake(deps, stored.feed);
  });
  return router;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function eventsOf(req: Request) {
  if (!/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(req.get('content-type') ?? '')) {
    throw new AppError('CONTENT_TYPE', 'expected application/json');
  }
  let text: string;
  try {
    text = utf8.decode(Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0));
  } catch {
    // The cause could only repeat the body's bytes.
    throw new AppError('BODY_MALFORMED', 'expected UTF-8');
  }
  const read = readPushed(text);
  if (read.kind === 'malformed') throw new AppError('BODY_MALFORMED', read.why);
  return read.events;
}

function wake({ markets, log }: MarketPushDeps, feed: FeedRef): void {
  markets.runs.wake(feed).catch((error: unknown) => {
    log.warn({ err: error, ...feed }, 'pushed events wait for the next poll');
  });
}
