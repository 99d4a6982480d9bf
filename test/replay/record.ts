/**
 * Records the histories anew: `node --import tsx test/replay/record.ts [name…]`. Only when a scenario is added: a history that is here
 * stands for leads whose workflows run somewhere, and a change that cannot replay it must go behind `patched`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { createLeadEnv } from '../support/lead-env.ts';
import { playWith } from '../support/lead-play.ts';
import { scenarios } from './scenarios.ts';

const folder = new URL('histories/', import.meta.url);

async function main(wanted: readonly string[]): Promise<void> {
  const env = await createLeadEnv();
  try {
    await mkdir(folder, { recursive: true });
    const play = playWith(env);
    for (const [name, live] of Object.entries(scenarios)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const { locationId, contactId } = await live(env, play);
      const handle = play.handle({ locationId, contactId });
      const { runId } = (await handle.describe()).raw.workflowExecutionInfo?.execution ?? {};
      let recorded = 0;
      for (let run: string | undefined = runId ?? undefined; run !== undefined; recorded += 1) {
        const history = await env.client.workflow.getHandle(handle.workflowId, run).fetchHistory();
        await save(recorded === 0 ? name : `${name}.run-before`, historyToJSON(history));
        run = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
      }
      process.stdout.write(`${name}: ${recorded} run(s)\n`);
      await play.endAll();
    }
  } finally {
    await env.close();
  }
}

/** One event per line, without the names and paths of the machine; packed when it is long. */
async function save(name: string, history: string | { events?: unknown[] }): Promise<void> {
  const { events = [] } = (typeof history === 'string' ? JSON.parse(history) : history) as { events?: unknown[] };
  const lines = events.map((event) =>
    JSON.stringify(event)
      .replaceAll(/"identity":"[^"]*"/g, '"identity":"worker"')
      .replaceAll(/"stackTrace":"(?:[^"\\]|\\.)*"/g, '"stackTrace":""'),
  );
  const text = `{"events":[\n${lines.join(',\n')}\n]}\n`;
  if (lines.length < 500) await writeFile(new URL(`${name}.json`, folder), text);
  else await writeFile(new URL(`${name}.json.gz`, folder), gzipSync(text, { level: 9 }));
}

await main(process.argv.slice(2));
process.exit(0);
