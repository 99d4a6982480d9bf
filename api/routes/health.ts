import { Router } from 'express';
import type { Health } from '../../platform/health.ts';
import type { Metrics } from '../../platform/metrics.ts';
import { docsPage, livez, metricsText, openApiJson, readyz } from '../contract/health.ts';
import { docsHtml } from '../docs-page.ts';
import { mount, ok } from '../mount.ts';
import { openApi } from '../openapi.ts';

export interface ProbeDeps {
  readonly health: Health;
  readonly metrics: Metrics;
}

/** What probes, scrapers and readers of the API ask for; none of it needs a token, none of it names anybody. */
export function healthRoutes(deps: ProbeDeps): Router {
  const router = Router();
  router.use(probeRoutes(deps));
  const description = openApi();
  mount(router, openApiJson, () => Promise.resolve(ok(description)));
  const page = docsHtml();
  router.get(docsPage.path, (_req, res) => {
    res.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    res.type('html').send(page);
  });
  return router;
}

/** What every process answers, whatever its role. */
export function probeRoutes({ health, metrics }: ProbeDeps): Router {
  const router = Router();
  mount(router, livez, () => Promise.resolve(ok({ status: 'ok' })));
  mount(router, readyz, async () => {
    const readiness = await health.ready();
    return { status: readiness.status === 'ready' ? 200 : 503, body: readiness };
  });
  router.get(metricsText.path, async (_req, res) => {
    res.setHeader('Content-Type', metrics.contentType);
    res.send(await metrics.text());
  });
  return router;
}
