import { Router } from 'express';
import { costReport } from '../../domain/assistant/cost-report.ts';
import type { ModelLedger } from '../../domain/ports/model-ledger.ts';
import { assistantCost } from '../contract/assistant-cost.ts';
import { mount, ok } from '../mount.ts';

export interface AssistantCostRouteDeps {
  readonly modelLedger: Pick<ModelLedger, 'cost'>;
  readonly now: () => Date;
}

const DAY_MS = 86_400_000;

export function assistantCostRoutes({ modelLedger, now }: AssistantCostRouteDeps): Router {
  const router = Router();
  mount(router, assistantCost, async ({ query: { locationId, days } }) => {
    const first = new Date(now().getTime() - (days - 1) * DAY_MS).toISOString().slice(0, 10);
    const rows = await modelLedger.cost(`${first}T00:00:00.000Z`, locationId);
    return ok({ locationId: locationId ?? null, days, ...costReport(rows) });
  });
  return router;
}
