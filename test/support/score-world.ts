import type { ChildProcess } from 'node:child_process';
import { createExplanations } from '../../activities/explanations.ts';
import { createLeadScorer } from '../../activities/lead-scorer.ts';
import { admitModel, createOwnModels } from '../../activities/own-models.ts';
import { type OwnTraining, type TrainOrder, trainOwnModel } from '../../activities/train-own-model.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { ScoreModel } from '../../domain/ports/score-model.ts';
import type { LeadScorer, OwnModel, ScoreStore } from '../../domain/ports/scores.ts';
import type { Evidence, Speaker } from '../../domain/scoring/cold-start.ts';
import { scoreByRules } from '../../domain/scoring/scorecard.ts';
import { spokenBy } from '../../domain/scoring/voice.ts';
import { sha256 } from '../../integrations/onnx/model-file.ts';
import { createScoring } from '../../integrations/onnx/scoring.ts';
import { createLearningStore } from '../../integrations/postgres/lead-learning.ts';
import { createScoreStore } from '../../integrations/postgres/scores.ts';
import type { TestDatabase } from './database.ts';
import { recordingLog } from './ghl-crm.ts';
import { watchedEngine } from './scoring-engine.ts';

/** Scores over a real database and the real engine; the rules answer by themselves. */
export interface ScoreWorld {
  readonly scores: ScoreStore;
  readonly scorer: LeadScorer;
  readonly rules: ScoreModel;
  /** Locations whose leads are to be scored anew, as far as anybody was told. */
  readonly told: readonly string[];
  /** How many explanations were worked out so far. */
  worked(): number;
  admit(locationId: string, model: OwnModel, evidence: Evidence): Promise<Speaker>;
  train(locationId: string, order: TrainOrder, now: string): Promise<OwnTraining>;
  close(): Promise<void>;
}

/** So long a test waits for a location's own model, whose process is started and loads it meanwhile. */
const PATIENT_MS = 20_000;

/** @param started  told of each scoring process as it begins */
export function scoreWorld(
  db: TestDatabase,
  started?: (child: ChildProcess) => unknown,
  answerMs: number = PATIENT_MS,
): ScoreWorld {
  const { engine } = watchedEngine({}, started);
  const scoring = createScoring(engine);
  const scores = createScoreStore(db.tenants);
  const rules: ScoreModel = {
    ...{ name: 'scorecard-1', healthy: true, close: () => Promise.resolve() },
    score: (facts) => Promise.resolve(facts.map((one) => ({ ...scoreByRules(one), model: 'scorecard-1' }))),
  };
  const told: string[] = [];
  const rescoring = { tell: async (locationId: string) => void told.push(locationId) };
  const own = createOwnModels({ scores, scoring, log: recordingLog() });
  const crm = { fieldIds: () => Promise.resolve({}) };
  let worked = 0;
  const explained = createExplanations((voice, answered) => {
    worked += 1;
    return spokenBy(voice, answered);
  });
  return {
    ...{ scores, rules, told },
    worked: () => worked,
    scorer: createLeadScorer({ scores, own, model: rules, crm, answerMs }, explained),
    admit: (locationId, model, evidence) =>
      admitModel({ scores, scoring, rescoring, now: () => new Date(), sha256 }, locationId, { ...model, evidence }),
    train: (locationId, order, now) =>
      trainOwnModel(
        {
          ...{ scores, scoring, rescoring, crm, now: () => new Date(now) },
          learning: createLearningStore(db.tenants),
          sha256: (data) => sha256(Buffer.from(data)),
        },
        locationId,
        order,
      ),
    close: () => engine.close(),
  };
}

/** Months of behaviour are kept from the present one on, so these leads live today. */
export const NOW = new Date().toISOString();

/** The instant so many minutes after `NOW`. */
export function later(minutes: number): string {
  return new Date(Date.parse(NOW) + minutes * 60_000).toISOString();
}

/** A stored lead that has viewed so many homes, wrote one text after ours, and wants to move. */
export async function storeLead(
  db: TestDatabase,
  { locationId, contactId }: LeadRef,
  { views = 3, timeline = 'soon', at = later(-24 * 60) } = {},
): Promise<void> {
  await db.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, qualification)
     values ($1, $2, $3, $3, $3, $4)`,
    [locationId, contactId, at, JSON.stringify({ timeline: { value: timeline, at, from: 'a text' } })],
  );
  await db.pool.query(
    `insert into messages (location_id, contact_id, message_key, direction, channel, body, at) values
     ($1, $2, 'ours', 'outbound', 'sms', 'Hello', $3), ($1, $2, 'theirs', 'inbound', 'sms', 'Is it still for sale?', $4)`,
    [locationId, contactId, at, later(-22 * 60)],
  );
  await view(db, { locationId, contactId }, views);
}

/** So many more homes viewed. */
export async function view(db: TestDatabase, { locationId, contactId }: LeadRef, views: number): Promise<void> {
  await db.pool.query(
    `insert into analytics_events (location_id, contact_id, type, at, detail)
     select $1, $2, 'property.view', $4::timestamptz - make_interval(mins => n), jsonb_build_object('listing', 'home-' || n, 'price', 400000)
     from generate_series(1, $3) as n`,
    [locationId, contactId, views, NOW],
  );
}

/** The location's site tells what its visitors do. */
export async function openSite(db: TestDatabase, locationId: string): Promise<void> {
  await db.pool.query(`insert into activity_sites (location_id, secret_hash, made_at) values ($1, $1, $2)`, [
    locationId,
    later(-60 * 24 * 60),
  ]);
}
