import { loadApiToken } from '../../platform/keys.ts';
import { apiEnv } from './db-api.ts';
import { type DbWorld, openDbWorld } from './db-world.ts';
import { endProcess, startProduct } from './product.ts';
import {
  type AskedScores,
  type LeadScoringFigures,
  measureLeadScoring,
  measureScoreRequests,
} from './scoring-leads.ts';
import type { Summary } from './summary.ts';

export interface StoredFigures {
  readonly stored: LeadScoringFigures;
  /** `POST /api/score`, each lead without a vector from before. */
  readonly asked: Summary & { readonly failed: number };
}

/** Leads of a seeded database, scored and stored, and then asked for one by one through the API. */
export async function measureStored(
  { leads, seconds }: { readonly leads: number; readonly seconds: number },
  say: (line: string) => void,
): Promise<StoredFigures> {
  const world = await openDbWorld(leads, { say });
  try {
    say('leads: ids to scores, and to what is stored');
    const stored = await measureLeadScoring(world);
    say(`POST /api/score: 50 a second, for ${seconds} s`);
    return { stored, asked: await askedOf(world, seconds) };
  } finally {
    await world.close();
  }
}

async function askedOf(world: DbWorld, seconds: number): Promise<StoredFigures['asked']> {
  const lead = await coldLeads(world, 50 * seconds);
  const { child, ready } = await startProduct(['api'], world.home, apiEnv(world));
  try {
    const url = (ready as { urls: { api: string } }).urls.api;
    return await measureScoreRequests({ ...lead, seconds, url, token: loadApiToken(world.home, undefined) });
  } finally {
    await endProcess(child);
  }
}

async function coldLeads(world: DbWorld, most: number): Promise<Pick<AskedScores, 'locationId' | 'contactIds'>> {
  const { rows } = await world.owner.query<{ locationId: string; contactIds: string[] }>(
    `select location_id as "locationId", (array_agg(contact_id order by contact_id))[1:$1] as "contactIds" from leads
     where deleted_at is null group by 1 order by count(*) desc, 1 limit 1`,
    [most],
  );
  const { locationId, contactIds } = rows[0]!;
  await world.owner.query('delete from lead_vectors where location_id = $1', [locationId]);
  return { locationId, contactIds };
}
