/**
 * Records the histories anew: `node --import tsx test/replay/record.ts [name…]`. Only when a scenario is added: a history that is here
 * stands for workflows that run somewhere, and a change that cannot replay it must go behind `patched`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { createAssistantEnv } from '../support/assistant-env.ts';
import { createLeadEnv } from '../support/lead-env.ts';
import { playWith } from '../support/lead-play.ts';
import { createMarketLife } from '../support/market-life.ts';
import { createNightEnv } from '../support/night-env.ts';
import { createRescoreEnv } from '../support/rescore-env.ts';
import { createTokenEnv } from '../support/token-env.ts';
import { createWarmEnv } from '../support/warm-env.ts';
import { assistantScenarios } from './assistant-scenarios.ts';
import { marketScenarios } from './market-scenarios.ts';
import { nightScenarios, rescoreScenarios, scenarios, tokenScenarios, warmScenarios } from './scenarios.ts';

const folder = new URL('histories/', import.meta.url);

async function main(wanted: readonly string[]): Promise<void> {
  const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
  await mkdir(folder, { recursive: true });
  if (Object.keys(scenarios).some(isWanted)) await recordLeads(isWanted);
  if (Object.keys(assistantScenarios).some(isWanted)) await recordAssisted(isWanted);
  if (Object.keys(tokenScenarios).some(isWanted)) await recordTokens(isWanted);
  if (Object.keys(rescoreScenarios).some(isWanted)) await recordScores(isWanted);
  if (Object.keys(warmScenarios).some(isWanted)) await recordWarm(isWanted);
  if (Object.keys(nightScenarios).some(isWanted)) await recordNights(isWanted);
  if (Object.keys(marketScenarios).some(isWanted)) await recordMarket(isWanted);
}

async function recordLeads(isWanted: (name: string) => boolean): Promise<void> {
  const env = await createLeadEnv();
  try {
    const play = playWith(env);
    for (const [name, live] of Object.entries(scenarios)) {
      if (!isWanted(name)) continue;
      const { locationId, contactId } = await live(env, play);
      await saveRuns(name, env.client, play.handle({ locationId, contactId }).workflowId);
      await play.endAll();
    }
  } finally {
    await env.close();
  }
}

async function recordAssisted(isWanted: (name: string) => boolean): Promise<void> {
  const world = await createAssistantEnv();
  try {
    for (const [name, live] of Object.entries(assistantScenarios)) {
      if (!isWanted(name)) continue;
      const { locationId, contactId } = await live(world);
      await saveRuns(name, world.env.client, world.play.handle({ locationId, contactId }).workflowId);
      await world.play.endAll();
    }
  } finally {
    await world.close();
  }
}

async function recordTokens(isWanted: (name: string) => boolean): Promise<void> {
  const env = await createTokenEnv();
  try {
    for (const [name, live] of Object.entries(tokenScenarios)) {
      if (isWanted(name)) await saveRuns(name, env.time.env.client, env.handleOf(await live(env)).workflowId);
    }
  } finally {
    await env.close();
  }
}

async function recordScores(isWanted: (name: string) => boolean): Promise<void> {
  const env = await createRescoreEnv();
  try {
    for (const [name, live] of Object.entries(rescoreScenarios)) {
      if (isWanted(name)) await saveRuns(name, env.time.env.client, env.handleOf(await live(env)).workflowId);
    }
  } finally {
    await env.close();
  }
}

async function recordWarm(isWanted: (name: string) => boolean): Promise<void> {
  const env = await createWarmEnv();
  try {
    for (const [name, live] of Object.entries(warmScenarios)) {
      if (isWanted(name)) await saveRuns(name, env.time.env.client, env.handleOf(await live(env)).workflowId);
    }
  } finally {
    await env.close();
  }
}

async function recordNights(isWanted: (name: string) => boolean): Promise<void> {
  const env = await createNightEnv();
  try {
    for (const [name, live] of Object.entries(nightScenarios)) {
      if (isWanted(name)) await saveRuns(name, env.time.env.client, env.handleOf(await live(env)).workflowId);
    }
  } finally {
    await env.close();
  }
}

async function recordMarket(isWanted: (name: string) => boolean): Promise<void> {
  const life = await createMarketLife();
  try {
    for (const [name, live] of Object.entries(marketScenarios)) {
      if (isWanted(name)) await saveRuns(name, life.client, await live(life));
    }
  } finally {
    await life.close();
  }
}

/** The last run, and the one that it goes on from. */
async function saveRuns(name: string, { workflow }: Pick<Client, 'workflow'>, workflowId: string): Promise<void> {
  const { runId } = await workflow.getHandle(workflowId).describe();
  let recorded = 0;
  for (let run: string | undefined = runId; run !== undefined; recorded += 1) {
    const history = await workflow.getHandle(workflowId, run).fetchHistory();
    await save(recorded === 0 ? name : `${name}.run-before`, historyToJSON(history));
    run = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
  }
  process.stdout.write(`${name}: ${recorded} run(s)\n`);
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
