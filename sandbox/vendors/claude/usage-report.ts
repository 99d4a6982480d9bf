import { invalid } from './refusal.ts';
import type { Row, Store } from './store.ts';
import type { Json } from './wire.ts';

const WIDTHS: Readonly<Record<string, number>> = { '1m': 60_000, '1h': 3_600_000, '1d': 86_400_000 };
const MOST: Readonly<Record<string, number>> = { '1m': 1_440, '1h': 168, '1d': 31 };
/** What may be grouped by, and the invoice's word for it. */
const GROUPS = {
  model: 'model',
  workspace_id: 'workspaceId',
  api_key_id: 'apiKeyId',
  service_tier: 'service_tier',
  inference_geo: 'inference_geo',
} as const;
type Group = keyof typeof GROUPS;

/**
 * `GET /v1/organizations/usage_report/messages` and its successor `…/analytics/usage_report`: tokens in time buckets, whose page
 * token is the start of the next bucket. What was not billed is in none.
 */
export function usageReport(store: Store, organizationId: string, query: Json, nowMs: number): Json {
  const width = String(query['bucket_width'] ?? '1d');
  const step = WIDTHS[width];
  if (step === undefined) throw invalid("bucket_width: Input should be '1m', '1h' or '1d'");
  const from = momentOf(query['page'] ?? query['starting_at'], 'starting_at', undefined, step);
  const until = momentOf(query['ending_at'], 'ending_at', nowMs + step, step);
  const limit = Math.min(Number(query['limit'] ?? (width === '1d' ? 7 : width === '1h' ? 24 : 60)), MOST[width] ?? 31);
  const groups = wordsOf(query, 'group_by');
  const stranger = groups.find((name) => !(name in GROUPS));
  if (stranger !== undefined) throw invalid(`group_by: Input should be one of ${Object.keys(GROUPS).join(', ')}`);
  const models = wordsOf(query, 'models');
  const rows = [...store.all('invoice')].filter(
    (row) =>
      row['organizationId'] === organizationId &&
      (row['outcome'] === 'whole' || row['outcome'] === 'broken') &&
      (models.length === 0 || models.includes(String(row['model']))),
  );
  const data: Json[] = [];
  let start = from;
  for (; start < until && data.length < limit; start += step) {
    const within = rows.filter(({ at }) => Date.parse(String(at)) >= start && Date.parse(String(at)) < start + step);
    data.push({ starting_at: iso(start), ending_at: iso(start + step), results: results(within, groups as Group[]) });
  }
  const more = start < until;
  return { data, has_more: more, next_page: more ? iso(start) : null, data_refreshed_at: iso(nowMs) };
}

function results(rows: readonly Row[], groups: readonly Group[]): readonly Json[] {
  const grouped = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(groups.map((group) => row[GROUPS[group]]));
    grouped.set(key, [...(grouped.get(key) ?? []), row]);
  }
  return [...grouped.values()].map((same) => {
    const sum = (of: (usage: Usage) => number) => same.reduce((total, row) => total + of(row['usage'] as Usage), 0);
    const named = Object.fromEntries(
      Object.entries(GROUPS).map(([group, field]) => [
        group,
        groups.includes(group as Group) ? same[0]?.[field] : null,
      ]),
    );
    return {
      uncached_input_tokens: sum((usage) => usage.input_tokens),
      cache_creation: {
        ephemeral_1h_input_tokens: sum((usage) => usage.cache_creation.ephemeral_1h_input_tokens),
        ephemeral_5m_input_tokens: sum((usage) => usage.cache_creation.ephemeral_5m_input_tokens),
      },
      cache_read_input_tokens: sum((usage) => usage.cache_read_input_tokens),
      output_tokens: sum((usage) => usage.output_tokens),
      server_tool_use: { web_search_requests: 0 },
      requests: same.length,
      context_window: null,
      ...named,
    };
  });
}

interface Usage {
  readonly input_tokens: number;
  readonly cache_creation: { readonly ephemeral_1h_input_tokens: number; readonly ephemeral_5m_input_tokens: number };
  readonly cache_read_input_tokens: number;
  readonly output_tokens: number;
}

/** The start of the bucket that the moment lies in. */
function momentOf(value: unknown, name: string, otherwise: number | undefined, step: number): number {
  const moment = value === undefined ? otherwise : Date.parse(String(value));
  if (moment === undefined) throw invalid(`${name}: Field required`);
  if (Number.isNaN(moment)) throw invalid(`${name}: Input should be a valid datetime`);
  return Math.floor(moment / step) * step;
}

function wordsOf(query: Json, name: string): readonly string[] {
  const value = query[name] ?? query[`${name}[]`] ?? [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

const iso = (ms: number): string => new Date(ms).toISOString();
