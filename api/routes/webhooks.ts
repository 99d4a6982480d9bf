import { raw, Router, type Request, type Response } from 'express';
import type { Metrics } from '../../platform/metrics.ts';
import { receiveMarketplace, receiveWorkflow, type Delivery, type DoorAnswer, type DoorDeps } from '../door.ts';

/** Largest body that is read at all: 1 MiB. */
const BODY_LIMIT = 1_048_576;

/** HTTP of the door: bytes and headers in, status out; what is accepted and why stands in `door.ts`. */
export function webhookRoutes(deps: DoorDeps & { readonly metrics: Pick<Metrics, 'doorAnswered'> }): Router {
  const router = Router();
  // Bytes as they came, whatever they claim to be; a compressed body is refused, since it may unfold without end.
  const bytes = raw({ type: () => true, limit: BODY_LIMIT, inflate: false });
  const timed = (door: 'marketplace' | 'workflow') => (_req: Request, res: Response, next: () => void) => {
    const began = performance.now();
    res.once('finish', () => deps.metrics.doorAnswered(door, res.statusCode, (performance.now() - began) / 1000));
    next();
  };
  router.post('/webhooks/ghl', timed('marketplace'), bytes, async (req, res) => {
    answer(res, await receiveMarketplace(deps, deliveryOf(req, undefined)));
  });
  router.post(
    ['/webhooks/ghl/workflow', '/webhooks/ghl/workflow/:secret'],
    timed('workflow'),
    bytes,
    async (req, res) => {
      const inPath = (req.params as Record<string, string | undefined>)['secret'];
      answer(res, await receiveWorkflow(deps, deliveryOf(req, inPath ?? req.get('x-webhook-secret'))));
    },
  );
  return router;
}

function answer(res: Response, { eventId, duplicate }: DoorAnswer): void {
  res.status(duplicate ? 200 : 202).json({ status: 'accepted', eventId, duplicate });
}

function deliveryOf(req: Request, secret: string | undefined): Delivery {
  return {
    raw: Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0),
    contentType: req.get('content-type'),
    signature: req.get('x-ghl-signature'),
    secret,
    headers: keptHeaders(req),
  };
}

/** By name, never by exclusion: an unknown header may be a secret. */
function keptHeaders(req: Request): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ['content-type', 'user-agent', 'traceparent']) {
    const value = req.get(name);
    if (value !== undefined) kept[name] = value.slice(0, 500);
  }
  return kept;
}
