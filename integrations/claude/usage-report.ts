import { z } from 'zod';
import type { ModelUsageReport, ReportedUsage } from '../../domain/ports/model-usage.ts';
import { attempt, type Attempt } from './attempt.ts';
import { createClient, type ClientOptions } from './client.ts';
import { unpricedBy } from './usage.ts';

const tokens = z.int().min(0);

/** One kind of calls on one day; fields that we neither ask for nor need are let through. */
const row = z.object({
  model: z.string().nullable(),
  service_tier: z.string().nullable(),
  inference_geo: z.string().nullish(),
  uncached_input_tokens: tokens,
  cache_read_input_tokens: tokens,
  cache_creation: z.object({ ephemeral_5m_input_tokens: tokens, ephemeral_1h_input_tokens: tokens }),
  output_tokens: tokens,
  server_tool_use: z.object({ web_search_requests: tokens }).nullish(),
});

const page = z.object({
  data: z.array(z.object({ starting_at: z.iso.datetime({ offset: true }), results: z.array(row) })),
  has_more: z.boolean(),
  next_page: z.string().nullable(),
});

type Row = z.output<typeof row>;
type Page = z.output<typeof page>;

/** The vendor gives no more days than this at a time; longer spans come in pages. */
const MOST_DAYS = 31;
/** Ten years of them; a vendor that pages for ever must not keep us. */
const MOST_PAGES = 120;
const DAY_MS = 86_400_000;

/** @param options  with the key of an administrator, which is another than that of the calls */
export function createUsageReport(options: ClientOptions): ModelUsageReport & { close(): Promise<void> } {
  const client = createClient(options);
  return {
    async between(first, last, withinMs) {
      const read = await attempt(client, { withinMs }, async (sdk, call) => {
        const pages: Page[] = [];
        let next: string | null = '';
        while (next !== null && pages.length < MOST_PAGES) {
          const query = queryOf(first, last, next);
          // The vendor's client knows this route no longer; it still speaks to it as to any other.
          const read: Page = page.parse(await sdk.get('/v1/organizations/usage_report/messages', { ...call, query }));
          pages.push(read);
          next = read.has_more ? read.next_page : null;
        }
        return pages;
      });
      return reportOf(read);
    },
    close: client.close,
  };
}

function queryOf(first: string, last: string, page: string): Readonly<Record<string, unknown>> {
  return {
    starting_at: `${first}T00:00:00Z`,
    ending_at: new Date(Date.parse(`${last}T00:00:00Z`) + DAY_MS).toISOString(),
    bucket_width: '1d',
    limit: MOST_DAYS,
    group_by: ['model', 'service_tier', 'inference_geo'],
    ...(page === '' ? {} : { page }),
  };
}

function reportOf(read: Attempt<readonly Page[]>): Awaited<ReturnType<ModelUsageReport['between']>> {
  if ('failed' in read) return { kind: 'failed', code: read.failed.code };
  const days = read.value.flatMap(({ data }) =>
    data.map(({ starting_at, results }) => ({ day: new Date(starting_at).toISOString().slice(0, 10), results })),
  );
  return {
    kind: 'reported',
    rows: days.flatMap(({ day, results }) => results.flatMap((one) => (isPriced(one) ? [reported(day, one)] : []))),
    unpriced: days.filter(({ results }) => !results.every(isPriced)).map(({ day }) => day),
  };
}

type Priced = Row & { readonly model: string; readonly service_tier: ReportedUsage['tier'] };

function isPriced(row: Row): row is Priced {
  const { model, service_tier: tier, inference_geo, server_tool_use } = row;
  if (model === null || (tier !== 'standard' && tier !== 'batch')) return false;
  if ((server_tool_use?.web_search_requests ?? 0) > 0) return false;
  return unpricedBy({ inference_geo: inference_geo ?? null }, tier) === undefined;
}

/** Kinds of calls that differ in what costs the same stay rows of their own; who reads them adds them up. */
function reported(day: string, { model, service_tier: tier, ...counted }: Priced): ReportedUsage {
  return {
    day,
    model,
    tier,
    usage: {
      input: counted.uncached_input_tokens,
      read: counted.cache_read_input_tokens,
      write5m: counted.cache_creation.ephemeral_5m_input_tokens,
      write1h: counted.cache_creation.ephemeral_1h_input_tokens,
      output: counted.output_tokens,
    },
  };
}
