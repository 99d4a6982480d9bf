import { Router } from 'express';
import { AppError } from '../../domain/errors.ts';
import type { ScoreModel } from '../../domain/ports/score-model.ts';
import type { LeadScorer } from '../../domain/ports/scores.ts';
import { worded } from '../../domain/scoring/said.ts';
import type { Score, ScoreFacts } from '../../domain/scoring/score.ts';
import { budgetTells, spokenByRules } from '../../domain/scoring/voice.ts';
import type { Route } from '../contract/route.ts';
import { scoreLeads } from '../contract/score.ts';
import { mount, ok } from '../mount.ts';
import { present } from './leads.ts';

export interface ScoreRouteDeps {
  readonly model: ScoreModel;
  readonly scorer: Pick<LeadScorer, 'stored'>;
  readonly now: () => Date;
}

export function scoreRoutes(deps: ScoreRouteDeps): Router {
  const router = Router();
  mount(router, scoreLeads, async ({ body }) => {
    const now = deps.now().toISOString();
    const given = body.leads.flatMap((lead, place) => ('locationId' in lead ? [] : [{ lead, place }]));
    const scores = await storedScores(deps, body, now);
    const facts = given.map(({ lead }) => factsOf(lead, now));
    const byFacts = facts.length === 0 ? [] : await deps.model.score(facts);
    given.forEach(({ place }, i) => scores.set(place, spokenByRules(byFacts[i]!, budgetTells(facts[i]!))));
    return ok({
      model: deps.model.name,
      healthy: deps.model.healthy,
      scores: body.leads.map(({ id }, place) => {
        const { reasons, ...score } = scores.get(place)!;
        return { ...present({ id }), ...score, ...(body.reasons ? { reasons: worded(reasons) } : {}) };
      }),
    });
  });
  return router;
}

type Body = BodyOf<typeof scoreLeads>;
type BodyOf<R> = R extends Route<unknown, unknown, infer B> ? B : never;
type GivenFacts = Exclude<Body['leads'][number], { readonly locationId: string }>;

function factsOf({ id: _ours, asOf, ...facts }: GivenFacts, now: string): ScoreFacts {
  return { ...present(facts), asOf: asOf ?? now };
}

/** Stored leads, by their place in the request; those of one location are read at once. @throws AppError LEAD_UNKNOWN */
async function storedScores(deps: ScoreRouteDeps, { leads, reasons }: Body, asOf: string): Promise<Map<number, Score>> {
  const places = new Map<string, { readonly place: number; readonly contactId: string }[]>();
  leads.forEach((lead, place) => {
    if (!('locationId' in lead)) return;
    const { locationId, contactId } = lead;
    const known = places.get(locationId);
    if (known === undefined) places.set(locationId, [{ place, contactId }]);
    else known.push({ place, contactId });
  });
  const scores = new Map<number, Score>();
  for (const [locationId, asked] of places) {
    const contactIds = [...new Set(asked.map(({ contactId }) => contactId))];
    const found = await deps.scorer.stored(locationId, contactIds, { asOf, reasons });
    const of = new Map(contactIds.map((contactId, i) => [contactId, found[i]]));
    for (const { place, contactId } of asked) {
      const given = of.get(contactId) ?? undefined;
      if (given === undefined) {
        throw new AppError('LEAD_UNKNOWN', `leads.${place}: expected a known lead, got ${contactId} of ${locationId}`);
      }
      scores.set(place, given.score);
    }
  }
  return scores;
}
