import { Router } from 'express';
import type { LeadStore } from '../../domain/ports/leads.ts';
import type { SuppressionStore } from '../../domain/ports/suppressions.ts';
import { leadSuppressions } from '../contract/suppressions.ts';
import { mount, ok } from '../mount.ts';
import { knownLead } from './leads.ts';

export interface SuppressionRouteDeps {
  readonly leads: Pick<LeadStore, 'load'>;
  readonly suppressions: Pick<SuppressionStore, 'ofLead'>;
}

/** Looked up by lead: nobody has to write an address into a URL. */
export function suppressionRoutes(deps: SuppressionRouteDeps): Router {
  const router = Router();
  mount(router, leadSuppressions, async ({ params }) => {
    await knownLead(deps.leads, params);
    return ok({ items: await deps.suppressions.ofLead(params) });
  });
  return router;
}
