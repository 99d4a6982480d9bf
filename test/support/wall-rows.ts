import { createHash } from 'node:crypto';
import type { Pool } from '../../integrations/postgres/pool.ts';

/**
 * One row of a location for every table that has locations: what cannot be left out, written by the owner. A new table joins here,
 * or the walls around it are not tested and its test says so.
 */
export const rowsOf: Readonly<Record<string, (mark: string) => Record<string, unknown>>> = {
  activity_counts: () => ({ day: '2026-03-02', kind: 'page.view', events: 1 }),
  activity_hints: (m) => ({ person_hash: m, visitor: m }),
  activity_sites: (m) => ({ secret_hash: m }),
  activity_visitors: (m) => ({ visitor: m, seen_at: at }),
  appointments: (m) => ({ contact_id: m, appointment_id: m, ...news }),
  acts: (m) => ({ contact_id: m, act_id: m, action: 'pause', at }),
  agent_profiles: (m) => ({ agent_id: m, name: 'An agent', changed_at: at }),
  assist_jobs: (m) => ({ contact_id: m, job: 'read', inbox_id: id, asked_at: at, due_at: at }),
  analytics_events: (m) => ({ type: 'view', at: new Date().toISOString(), contact_id: m, detail: { listing: 'L1' } }),
  assignment_turns: () => ({ last_agent: 'an agent' }),
  assignments: (m) => ({ contact_id: m, state: 'given', mode: 'claim', since: at, planned: true }),
  coaching_sessions: (m) => ({ agent_id: m, held_on: '2026-03-02' }),
  consent_facts: (m) => ({
    ...{
      contact_id: m,
      kind: 'inquiry',
      at,
      source: 'operator',
      basis: 'a call',
      recorded_by: 'operator',
      once_key: m,
    },
  }),
  consent_records: (m) => ({
    ...{ contact_id: m, channel: 'sms', state: 'granted', written: true, source: 'tag', basis: 'tag:x', given_at: at },
    ...{ recorded_by: 'operator', once_key: m },
  }),
  consent_texts: (m) => ({
    ...{ version: m, words: 'I agree', channels: '{sms}', written: true, seller: 'Example Realty' },
    ...{ used_from: '2026-03-02', added_by: 'operator' },
  }),
  consents: (m) => ({ contact_id: m, channel: 'sms', state: 'granted', basis: 'tag:x', since: at }),
  conversations: (m) => ({ contact_id: `${m}-talk`, last_message_at: at, unread: 1 }),
  crm_actions: (m) => ({ contact_id: m, action_id: id, at, kind: 'tag.add', target: 'vip' }),
  crm_undos: (m) => ({ contact_id: m, action_id: id, asked_at: at }),
  credential_events: (m) => ({ at, kind: 'installed', version: 1, fingerprint: m }),
  credentials: () => ({ kind: 'oauth', version: 1, installed_at: at, issued_at: at }),
  crm_expected: (m) => ({ contact_id: m, write_key: m, kind: 'task', facts: '{}', at }),
  crm_notes: (m) => ({ contact_id: m, note_id: m, ...news }),
  crm_records: (m) => ({ kind: 'record', record_id: m, facts: '{}', ...news }),
  crm_tasks: (m) => ({ contact_id: m, task_id: m, ...news }),
  decisions: (m) => ({ contact_id: m, inbox_id: id, round: 0, at, verdict: '{}', decision: '{}', facts: '{}' }),
  email_events: (m) => ({ event_key: m, recipient_hash: m, event: 'opened', at }),
  feature_sets: (m) => ({ feature_set: m, features: '{}' }),
  enrolments: (m) => ({ contact_id: m, sequence_key: 'k', sequence_version: 1, document: '{}', enrolled_at: at }),
  gate_verdicts: (m) => ({ contact_id: m, send_id: id, at, open: true, facts: '{}', verdict: '{}' }),
  inbox: (m) => ({
    source: 'workflow',
    event_key: m,
    body_hash: 'h',
    type: 't',
    kind: 'k',
    body: Buffer.from('{}'),
    headers: '{}',
  }),
  lead_news: (m) => ({ contact_id: `${m}-news`, news: 1 }),
  lead_vectors: (m) => ({
    ...{ contact_id: m, news: 1, settings_version: 1, as_of: at, feature_set: m, vector: Buffer.alloc(4) },
  }),
  lead_search: (m) => ({ contact_id: m, tags: '{vip}', fields: '{"f": "v"}', words: ' elm street' }),
  leads: (m) => ({ contact_id: m, state_since: at, last_activity_at: at, created_at: at }),
  market_alerts: (m) => ({
    contact_id: m,
    listing_key: m,
    change: m,
    kind: 'new',
    market: m,
    as_of: at,
    decided_at: at,
  }),
  market_dead_letters: (m) => ({
    ...{
      market: m,
      resource: 'Property',
      record_key: m,
      reason: 'no-key',
      detail: 'expected a key',
      first_at: at,
      last_at: at,
    },
  }),
  market_drift: (m) => ({ market: m, at, resource: 'Property', field: 'ListPrice', kind: 'type', frozen: true }),
  market_feeds: (m) => ({ market: m, provider: 'reso' }),
  market_keys: (m) => ({ market: m, scan_id: m, resource: 'Property', record_key: m }),
  market_pages: (m) => ({ market: m, at, resource: 'Property', why: 'event', records: 1, changed: 1, dead: 0 }),
  market_push: (m) => ({ market: m, received_at: at, sequence: 1, resource: 'Property', record_key: m }),
  market_records: (m) => ({
    ...{ market: m, resource: 'Media', record_key: m, modified_at: at, raw: '{}', content_hash: m },
  }),
  lead_wishes: (m) => ({ contact_id: m, wish_hash: m, changed_at: at }),
  lead_wish_places: (m) => ({ place: m, most_cents: 1, contact_id: m }),
  listing_events: (m) => ({ listing_key: m, at, kind: 'new' }),
  listing_matches: (m) => ({ contact_id: m, listing_key: m, score: 0.5, reasons: '[]', matched_at: at }),
  listings: (m) => ({
    listing_key: m,
    status: 'active',
    property_type: 'residential',
    latitude: 30,
    longitude: -97,
    changed_at: at,
  }),
  location_acts: () => ({ status: 'paused', by: 'operator' }),
  locations: (m) => ({ name: 'Example Realty', settings: '{}', workflow_secret_hash: m }),
  messages: (m) => ({ contact_id: m, message_key: m, direction: 'inbound', channel: 'sms', body: 'elm street', at }),
  opportunities: (m) => ({ contact_id: m, opportunity_id: m, ...news }),
  outbox: (m) => ({
    contact_id: m,
    once_key: m,
    channel: 'sms',
    purpose: 'solicitation',
    content: '{}',
    claimed_at: at,
  }),
  registry_loads: () => ({ list: 'national', as_of: at, by: 'operator' }),
  registry_numbers: (m) => ({ load_id: id, number_hash: Buffer.from(m) }),
  replies_due: (m) => ({ contact_id: m, channel: 'sms', inbox_id: id, first_at: at, last_at: at, due_at: at }),
  model_answers: (m) => ({ call_key: m, contact_id: m, model: 'm', stop: 'end', words: 'elm street', at }),
  model_calls: (m) => ({
    ...{
      call_key: m,
      attempt: 1,
      contact_id: m,
      job: 'draft',
      model: 'm',
      batch: false,
      at,
      until: at,
      state: 'billed',
    },
    ...{ billed: 1, up_to: 1, prints: '{}', marks: '[]' },
  }),
  reply_drafts: (m) => ({
    ...{
      contact_id: m,
      answers: id,
      channel: 'sms',
      mode: 'draft',
      state: 'proposed',
      rung: 'draft',
      text: 'elm street',
    },
    ...{ created_at: at, expires_at: at },
  }),
  score_history: (m) => ({
    ...{ contact_id: m, scored_at: at, value: 50, confidence: 0.5, tier: 'cold', model: 'scorecard-1', as_of: at },
    ...{ feature_set: m, vector: Buffer.alloc(4) },
  }),
  score_models: (m) => ({
    ...{ model_hash: createHash('sha256').update(m).digest('hex'), name: m, file: Buffer.from(m), evidence: '{}' },
    ...{ added_at: at, speaks: false },
  }),
  sending_pauses: () => ({ channel: 'sms', why: 'w', tally: '{}', paused_at: at }),
  settings_versions: (m) => ({ version: m.length, settings: '{}', changes: '{}', changed_by: 'operator' }),
  suppressions: (m) => ({ person_hash: m, channel: 'sms', reason: 'opt-out', at }),
  timeline: (m) => ({ contact_id: m, at, kind: 'event', summary: 's', refs: '{}' }),
};

const at = '2026-03-02T15:00:00.000Z';
const news = { facts_at: '{}', known_at: at };
const id = '7d3f0c52-3c1b-4d9e-9a51-0d6a52f1c0aa';

/** `leads` and `feature_sets` come before what refers to them. */
export async function fillLocation(pool: Pick<Pool, 'query'>, locationId: string): Promise<void> {
  const first = (table: string): number => Number(table === 'leads' || table === 'feature_sets');
  const tables = Object.keys(rowsOf).sort((a, b) => first(b) - first(a));
  for (const table of tables) await insertRow(pool, table, locationId, `of-${locationId}`);
}

/** @param mark  goes into the row's keys: rows of one table and location differ by it */
export async function insertRow(
  pool: Pick<Pool, 'query'>,
  table: string,
  locationId: string,
  mark: string,
): Promise<void> {
  const row: Record<string, unknown> = { location_id: locationId, ...rowsOf[table]?.(mark) };
  const columns = Object.keys(row);
  await pool.query(
    `insert into ${table} (${columns.join(', ')}) values (${columns.map((_column, place) => `$${place + 1}`).join(', ')})`,
    Object.values(row),
  );
}
