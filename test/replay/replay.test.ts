import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { workflowBundle } from '../../workers/bundle.ts';
import { quietRuntime } from '../support/lead-worker.ts';
import { assistantScenarios } from './assistant-scenarios.ts';
import { marketScenarios } from './market-scenarios.ts';
import { nightScenarios, rescoreScenarios, scenarios, tokenScenarios, warmScenarios } from './scenarios.ts';

interface RecordedEvent {
  readonly eventType: string;
  readonly [attributes: string]: unknown;
}
interface RecordedHistory {
  readonly events: readonly RecordedEvent[];
}

const folder = join(import.meta.dirname, 'histories');
const files = new Map(readdirSync(folder).map((file) => [file.replace(/\.json(\.gz)?$/, ''), file]));
const names = [...files.keys()].sort();

let codePath: string;

beforeAll(async () => {
  quietRuntime();
  ({ codePath } = await workflowBundle(join(tmpdir(), 'leadwright-test-bundles')));
});

function recorded(name: string): RecordedHistory {
  const file = files.get(name);
  if (file === undefined) throw new Error(`no history of ${name} was recorded`);
  const bytes = readFileSync(join(folder, file));
  return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as RecordedHistory;
}

/** Replays against the workflow code as it is now; answers the names of the errors, by history. */
async function replay(histories: Readonly<Record<string, RecordedHistory>>): Promise<Record<string, string | null>> {
  const workflows = Object.entries(histories).map(([name, history]) => ({ workflowId: name, history }));
  const outcomes: Record<string, string | null> = {};
  for await (const result of Worker.runReplayHistories({ workflowBundle: { codePath } }, workflows)) {
    outcomes[result.workflowId] = result.error === undefined ? null : result.error.name;
  }
  return outcomes;
}

/** The same history with words of the first event of a type exchanged. */
function altered(history: RecordedHistory, type: string, change: (event: string) => string): RecordedHistory {
  const at = history.events.findIndex(({ eventType }) => eventType === type);
  if (at < 0) throw new Error(`the history has no ${type}`);
  const before = JSON.stringify(history.events[at]);
  const after = change(before);
  if (after === before) throw new Error('nothing was changed');
  return { events: history.events.with(at, JSON.parse(after) as RecordedEvent) };
}

/** A local activity's name stands in its marker, inside a payload. */
function renameLocal(from: string, to: string): (event: string) => string {
  return (event) =>
    event.replaceAll(/"data":"([^"]+)"/g, (_all, data: string) => {
      const text = Buffer.from(data, 'base64').toString('utf8').replaceAll(`"${from}"`, `"${to}"`);
      return `"data":"${Buffer.from(text).toString('base64')}"`;
    });
}

describe('workflows that began under earlier code', () => {
  it('go on under the code as it is: every recorded history replays', async () => {
    const outcomes = await replay(Object.fromEntries(names.map((name) => [name, recorded(name)])));
    expect(outcomes).toEqual(Object.fromEntries(names.map((name) => [name, null])));
  });

  it('are recorded for every scenario, the run before a fresh start included', () => {
    const all = {
      ...{ ...scenarios, ...assistantScenarios, ...tokenScenarios },
      ...{ ...rescoreScenarios, ...warmScenarios, ...nightScenarios, ...marketScenarios },
    };
    expect(names).toEqual(expect.arrayContaining(Object.keys(all)));
    const afresh = ['', 'assistant-', 'tokens-', 'scores-', 'market-'].map((whose) => `${whose}continue-as-new`);
    for (const name of afresh) {
      const before = recorded(`${name}.run-before`).events;
      expect(before.at(-1)?.eventType).toBe('EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW');
    }
  });

  it('would be found out if the code had changed under them', async () => {
    const whole = recorded('welcome-to-its-end');
    const tokens = recorded('tokens-to-their-end');
    const scores = recorded('scores-to-their-end');
    const assisted = recorded('assistant-approved');
    const warm = recorded('kept-warm');
    const night = recorded('night-looked-for');
    const market = recorded('market-poll-and-walk');
    const backfill = recorded('market-backfilled');
    const figures = recorded('figures-fetched');
    const outcomes = await replay({
      unchanged: whole,
      'other first step': altered(whole, 'EVENT_TYPE_MARKER_RECORDED', renameLocal('work', 'worked')),
      'other activity': altered(whole, 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED', (event) =>
        event.replace('"name":"touch"', '"name":"contact"').replace('"name":"applyPlan"', '"name":"contact"'),
      ),
      'other asking of the assistant': altered(assisted, 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED', (event) =>
        event.replace('"name":"touch"', '"name":"contact"').replace('"name":"applyPlan"', '"name":"contact"'),
      ),
      'other look at the tokens': altered(tokens, 'EVENT_TYPE_MARKER_RECORDED', renameLocal('tokenStanding', 'tokens')),
      'other way to renew': altered(tokens, 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED', (event) =>
        event.replace('"name":"followInstall"', '"name":"renewToken"'),
      ),
      'other step of a pass': altered(scores, 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED', (event) =>
        event.replace('"name":"rescoreSome"', '"name":"rescoreAll"'),
      ),
      'other look of keep-warm': altered(warm, 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED', (event) =>
        event.replace('"name":"lookWarm"', '"name":"pingWarm"'),
      ),
      'other step of a night': altered(night, 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED', (event) =>
        event.replace('"name":"sendNight"', '"name":"lookNight"'),
      ),
      'other step of a poll': altered(market, 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED', (event) =>
        event.replace('"name":"pollMarket"', '"name":"walkMarket"'),
      ),
      'other step of a backfill': altered(backfill, 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED', (event) =>
        event.replace('"name":"backfillMarket"', '"name":"pollMarket"'),
      ),
      'other way to fetch figures': altered(figures, 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED', (event) =>
        event.replace('"name":"refreshFigures"', '"name":"pollMarket"'),
      ),
    });
    expect(outcomes).toEqual({
      unchanged: null,
      'other first step': 'DeterminismViolationError',
      'other activity': 'DeterminismViolationError',
      'other asking of the assistant': 'DeterminismViolationError',
      'other look at the tokens': 'DeterminismViolationError',
      'other way to renew': 'DeterminismViolationError',
      'other step of a pass': 'DeterminismViolationError',
      'other look of keep-warm': 'DeterminismViolationError',
      'other step of a night': 'DeterminismViolationError',
      'other step of a poll': 'DeterminismViolationError',
      'other step of a backfill': 'DeterminismViolationError',
      'other way to fetch figures': 'DeterminismViolationError',
    });
  });
});
