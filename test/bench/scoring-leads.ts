import { performance } from 'node:perf_hooks';
import type { LeadScorer, ScoreStore } from '../../domain/ports/scores.ts';
import { createLeadScorer } from '../../activities/lead-scorer.ts';
import { admitModel, createOwnModels } from '../../activities/own-models.ts';
import { scoreByRules } from '../../domain/scoring/scorecard.ts';
import { startEngine } from '../../integrations/onnx/engine.ts';
import { sha256 } from '../../integrations/onnx/model-file.ts';
import { createScoring } from '../../integrations/onnx/scoring.ts';
import { createScoreStore } from '../../integrations/postgres/scores.ts';
import { createTenants } from '../../integrations/postgres/tenants.ts';
import { recordingLog } from '../support/ghl-crm.ts';
import { enough, madeUpModel } from '../support/own-model.ts';
import type { DbWorld } from './db-world.ts';
import { summarise, type Summary } from './summary.ts';

/** As many as one statement reads and one writes. */
const CHUNK = 500;

export interface LeadScoringFigures {
  readonly leads: number;
  /** Leads a second: from ids to scores, with vectors from before. */
  readonly warm: Summary;
  /** From ids to what is stored: nothing known from before, a fifth changed, all changed. */
  readonly cold: number;
  readonly fifthChanged: number;
  readonly allChanged: number;
}

/**
 * The leads of the largest location of a seeded database, by a trained model: read, scored and stored through the product's own login.
 * Every pass but the first finds vectors from before; those of leads that changed are made anew.
 */
export async function measureLeadScoring(world: DbWorld, { most = 20_000 } = {}): Promise<LeadScoringFigures> {
  const log = recordingLog();
  const tenants = createTenants(world.appUrl, { max: 4, applicationName: 'bench scoring', statementMs: 60_000 });
  const engine = startEngine(log);
  try {
    const scores = createScoreStore(tenants);
    const scoring = createScoring(engine);
    const { locationId, contactIds } = await largest(world, most);
    const scorer = scorerOf(scores, createOwnModels({ scores, scoring, log }));
    const [now, rescoring] = [() => new Date(), { tell: () => Promise.resolve() }];
    await admitModel({ scores, scoring, rescoring, now, sha256 }, locationId, {
      ...madeUpModel('bench-1', 1),
      evidence: enough,
    });
    const pass = (asOf: string) => passOf(scorer, locationId, contactIds, asOf);
    await world.owner.query('delete from lead_vectors where location_id = $1', [locationId]);
    await forget(world, locationId);
    const at = Date.parse(await newest(world, locationId));
    const instant = (minutes: number): string => new Date(at + minutes * 60_000).toISOString();
    const cold = await pass(instant(0));
    const warm: number[] = [];
    for (let repeat = 1; repeat <= 5; repeat++)
      warm.push(await readOf(scorer, locationId, contactIds, instant(repeat)));
    await touch(
      world,
      locationId,
      contactIds.filter((_id, i) => i % 5 === 0),
    );
    const fifthChanged = await pass(instant(10));
    await touch(world, locationId, contactIds);
    const allChanged = await pass(instant(20));
    return { leads: contactIds.length, warm: summarise(warm), cold, fifthChanged, allChanged };
  } finally {
    await engine.close();
    await tenants.close();
  }
}

function scorerOf(scores: ScoreStore, own: ReturnType<typeof createOwnModels>): LeadScorer {
  return createLeadScorer({
    ...{ scores, own },
    crm: { fieldIds: () => Promise.resolve({}) },
    model: {
      ...{ name: 'scorecard-1', healthy: true, close: () => Promise.resolve() },
      score: (facts) => Promise.resolve(facts.map((one) => ({ ...scoreByRules(one), model: 'scorecard-1' }))),
    },
  });
}

async function largest(world: DbWorld, most: number): Promise<{ locationId: string; contactIds: readonly string[] }> {
  const { rows } = await world.owner.query<{ locationId: string }>(
    'select location_id as "locationId" from leads group by 1 order by count(*) desc, 1 limit 1',
  );
  const { locationId } = rows[0]!;
  const found = await world.owner.query<{ contactId: string }>(
    'select contact_id as "contactId" from leads where location_id = $1 and deleted_at is null order by contact_id limit $2',
    [locationId, most],
  );
  return { locationId, contactIds: found.rows.map(({ contactId }) => contactId) };
}

/** A score of later than any stored one: the seed's are dated, too. */
async function newest(world: DbWorld, locationId: string): Promise<string> {
  const { rows } = await world.owner.query<{ at: string }>(
    `select greatest(max(scored_at), max(last_activity_at), now()) as at from leads where location_id = $1`,
    [locationId],
  );
  return rows[0]!.at;
}

/** So that every lead of the first pass gets another score. */
async function forget(world: DbWorld, locationId: string): Promise<void> {
  await world.owner.query('update leads set score = null, tier = null, scored_at = null where location_id = $1', [
    locationId,
  ]);
}

/** Something is heard that changes the score: another timeline. */
async function touch(world: DbWorld, locationId: string, contactIds: readonly string[]): Promise<void> {
  await world.owner.query(
    `update leads set qualification = jsonb_set(qualification, '{timeline}', jsonb_build_object('value',
        case qualification -> 'timeline' ->> 'value' when 'soon' then 'immediate' else 'soon' end, 'at', now(), 'from', 'bench'))
     where location_id = $1 and contact_id = any ($2)`,
    [locationId, contactIds],
  );
}

/** Leads a second. */
async function passOf(
  scorer: LeadScorer,
  locationId: string,
  contactIds: readonly string[],
  asOf: string,
): Promise<number> {
  return perSecond(contactIds, (chunk) => scorer.rescore(locationId, chunk, { asOf }));
}

async function readOf(
  scorer: LeadScorer,
  locationId: string,
  contactIds: readonly string[],
  asOf: string,
): Promise<number> {
  return perSecond(contactIds, (chunk) => scorer.stored(locationId, chunk, { asOf }));
}

/** Two chunks at a time, so that the database reads while the engine scores. */
async function perSecond(
  contactIds: readonly string[],
  work: (chunk: readonly string[]) => Promise<unknown>,
): Promise<number> {
  const chunks = Array.from({ length: Math.ceil(contactIds.length / CHUNK) }, (_one, i) =>
    contactIds.slice(i * CHUNK, (i + 1) * CHUNK),
  );
  const began = performance.now();
  const lane = async (): Promise<void> => {
    for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) await work(chunk);
  };
  await Promise.all([lane(), lane()]);
  return (contactIds.length / (performance.now() - began)) * 1_000;
}

export interface AskedScores {
  /** Where the API answers, and the token that it takes. */
  readonly url: string;
  readonly token: string;
  readonly locationId: string;
  /** Each is asked for once: none of them has a vector from before. */
  readonly contactIds: readonly string[];
  readonly perSecond?: number;
  readonly seconds?: number;
}

/**
 * One lead after another through `POST /api/score`, open loop: requests begin at their time whether the ones before are answered or not, and
 * each is timed from when it should have begun. Milliseconds.
 */
export async function measureScoreRequests(asked: AskedScores): Promise<Summary & { readonly failed: number }> {
  const { url, token, locationId, contactIds, perSecond: rate = 50, seconds = 60 } = asked;
  const began = performance.now() + 100;
  let failed = 0;
  const one = async (contactId: string, i: number): Promise<number> => {
    const due = began + (i * 1_000) / rate;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const answer = await fetch(`${url}/api/score`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ leads: [{ locationId, contactId }] }),
    });
    await answer.arrayBuffer();
    if (!answer.ok) failed += 1;
    return performance.now() - due;
  };
  const times = await Promise.all(contactIds.slice(0, rate * seconds).map(one));
  return { ...summarise(times), failed };
}
