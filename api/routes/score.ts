import { Router } from 'express';
import type { LeadStore } from '../../domain/ports/leads.ts';
import type { ScoreModel } from '../../domain/ports/score-model.ts';
import type { ScoreFacts } from '../../domain/scoring/score.ts';
import type { Route } from '../contract/route.ts';
import { scoreLeads } from '../contract/score.ts';
import { mount, ok } from '../mount.ts';
import { knownLead, present } from './leads.ts';

export interface ScoreRouteDeps {
  readonly leads: Pick<LeadStore, 'load' | 'scoreFacts'>;
  readonly model: ScoreModel;
  readonly now: () => Date;
}

/** Stored leads are read a few at a time: one request must not take every connection of the pool. */
const READS_AT_ONCE = 4;

export function scoreRoutes(deps: ScoreRouteDeps): Router {
  const router = Router();
  mount(router, scoreLeads, async ({ body }) => {
    const now = deps.now().toISOString();
    const facts: ScoreFacts[] = [];
    for (let start = 0; start < body.leads.length; start += READS_AT_ONCE) {
      const some = body.leads.slice(start, start + READS_AT_ONCE);
      facts.push(...(await Promise.all(some.map((lead) => factsOf(deps, lead, now)))));
    }
    const scores = await deps.model.score(facts);
    return ok({
      model: deps.model.name,
      healthy: deps.model.healthy,
      scores: scores.map(({ reasons, ...score }, index) => ({
        ...present({ id: body.leads[index]?.id }),
        ...score,
        ...(body.reasons ? { reasons } : {}),
      })),
    });
  });
  return router;
}

type Asked = Parameters<
  Parameters<typeof mount<unknown, unknown, BodyOf<typeof scoreLeads>>>[2]
>[0]['body']['leads'][number];
type BodyOf<R> = R extends Route<unknown, unknown, infer B> ? B : never;

async function factsOf(deps: ScoreRouteDeps, asked: Asked, now: string): Promise<ScoreFacts> {
  if ('locationId' in asked) {
    const ref = { locationId: asked.locationId, contactId: asked.contactId };
    await knownLead(deps.leads, ref);
    return deps.leads.scoreFacts(ref, now);
  }
  const { id: _ours, asOf, ...facts } = asked;
  return { ...present(facts), asOf: asOf ?? now };
}
