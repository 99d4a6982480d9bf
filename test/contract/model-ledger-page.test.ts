import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { shownPrompt } from '../generate/assistant-prompt.ts';
import { order } from '../support/claude-standin.ts';
import { createModelWorld, type ModelWorld } from '../support/model-world.ts';

const PAGE = new URL('../../docs/assistant.md', import.meta.url);
const BEGIN = '<!-- ledger: UPDATE_LEDGER_PAGE=1 with test/contract/model-ledger-page.test.ts -->';
const END = '<!-- end of ledger -->';

interface Row {
  readonly attempt: number;
  readonly state: string;
  readonly failure: string | null;
  readonly billed: number;
  readonly up_to: number;
  readonly tokens: readonly number[] | null;
  readonly counterfactual: number | null;
}

let world: ModelWorld;

beforeAll(async () => {
  world = await createModelWorld();
  await world.fresh();
});
afterAll(async () => {
  await world.close();
});

it('the page shows the rows of a call as the ledger holds them', async () => {
  const lines: string[] = [];
  const note = async (when: string): Promise<void> => {
    const { rows } = await world.db.pool.query<Row>('select * from model_calls where call_key = $1 order by attempt', [
      'draft:shown',
    ]);
    lines.push(...rows.map((row) => lineOf(when, row)));
  };
  const { call } = world.worker({
    pauses: { at: (point) => (point === 'model.before-send' ? note('before a byte is sent') : Promise.resolve()) },
  });
  const locationId = await world.location();
  const prompt = shownPrompt();
  await call(world.orderOf(locationId, { contactId: 'c-0', callKey: 'draft:before', prompt }));
  await order(world.standin, 'faults', { match: { path: '/v1/messages' }, times: 1, status: 529 });
  await call(world.orderOf(locationId, { contactId: 'c-1', callKey: 'draft:shown', prompt }));
  await note('once it is answered');
  expect(lines).toHaveLength(5);
  const shown = [HEAD, RULE, ...lines].join('\n');
  const page = await readFile(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const [, after] = (rest ?? '').split(END);
  const now = `${before}${BEGIN}\n\n${shown}\n\n${END}${after}`;
  if (process.env.UPDATE_LEDGER_PAGE === '1') await writeFile(PAGE, now);
  expect(page).toBe(now);
});

const HEAD =
  '| When | attempt | state | failure | billed | up to | input / read / write 5 m / write 1 h / output | without a cache |';
const RULE = '|---|---|---|---|---|---|---|---|';

function lineOf(when: string, row: Row): string {
  const { attempt, state, failure, billed, up_to: upTo, tokens, counterfactual } = row;
  const cells = [when, attempt, state, failure ?? '', billed, upTo, tokens?.join(' / ') ?? '', counterfactual ?? ''];
  return `| ${cells.join(' | ')} |`;
}
