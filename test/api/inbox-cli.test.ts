import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { main } from '../../cli/main.ts';
import { type ApiWorld, CONTACT, LOCATION, startApiWorld } from '../support/api-world.ts';
import { until } from '../support/until.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.pool.query('truncate inbox, inbox_acts, outbox, replays, replay_events'));

/** Runs one command against the API of the test. */
async function told(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await main([...args, '--api', world.url, '--home', '/nowhere'], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    ...{ terminal: false, colour: false, cwd: '/' },
    env: { LEADWRIGHT_API_TOKEN: 'token-of-the-test-operator' },
  });
  return { code, out, err };
}
const run = async (...args: string[]): Promise<string> => (await told(...args)).out;

/** All pages of a list, each asked for with the cursor that the one before printed. */
async function pages(...args: string[]): Promise<string[]> {
  const seen: string[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const page: string = await run(...args, ...(cursor === '' ? [] : ['--cursor', cursor]));
    seen.push(page);
    cursor = /^more: --cursor (\S+)$/m.exec(page)?.[1];
  }
  return seen;
}

const items = (page: string): number => page.split('can be done:').length - 1;

async function events(many: number, verdict: 'parked' | 'worked'): Promise<void> {
  await world.pool.query(
    `insert into inbox (location_id, contact_id, source, event_key, body_hash, type, kind, verdict, reason, worked_at, body, headers)
      select $1, $2, 'marketplace', 'k' || n, 'h', 'ContactUpdate', 'contact.updated', $3, 'TypeError', now(), '{}', '{}'
      from generate_series(1, $4) as n`,
    [LOCATION, CONTACT, verdict, many],
  );
}

describe('lists of what waits for a person', () => {
  it('say that there is more than one page, and how to see it: parked events', async () => {
    await events(201, 'parked');
    expect((await pages('webhooks', 'parked')).map(items)).toEqual([200, 1]);
  });

  it('say that there is more than one page, and how to see it: sends', async () => {
    await world.pool.query(
      `insert into outbox (location_id, contact_id, once_key, channel, purpose, content, state, claimed_at)
        select $1, $2, 'k' || n, 'sms', 'solicitation', '{}', 'parked', now() from generate_series(1, 201) as n`,
      [LOCATION, CONTACT],
    );
    expect((await pages('sends', 'unknown')).map(items)).toEqual([200, 1]);
  });
});

describe('a look at a range', () => {
  it('says of one that is too large that it is, instead of how to begin it', async () => {
    await events(5001, 'worked');
    const range = ['--from', '2020-01-01T00:00:00Z', '--to', '2100-01-01T00:00:00Z', '--limit', '1'];
    expect(await run('webhooks', 'replay', ...range)).toMatch(/more than 5000 events.*narrow the range/);
  });
});

describe('a range that is replayed', () => {
  const ALL = ['--from', '2020-01-01T00:00:00Z', '--to', '2100-01-01T00:00:00Z'];
  const ids = async () =>
    (
      await world.pool.query<{ id: string }>('select inbox_id as id from inbox order by received_at, inbox_id')
    ).rows.map(({ id }) => id);

  it('of which nothing gets on says which event waits and ends with 1, and goes on where it stopped', async () => {
    await events(2, 'worked');
    const quiet = await told('webhooks', 'replay', ...ALL, '--apply', '--patience', '1');
    const [first = '', second = ''] = await ids();
    expect(quiet.code).toBe(1);
    expect(quiet.err).toMatch(/nothing got on for 1 s/);
    expect(quiet.err).toContain(first);
    const replay = /--resume ([0-9a-f-]{36})/.exec(quiet.err)?.[1] ?? '';
    await world.inbox.settle(first, 'parked', 'TypeError');
    const rest = told('webhooks', 'replay', '--resume', replay, '--apply', '--patience', '30');
    await until(async () => (await world.inbox.load(second))?.verdict === 'received');
    await world.inbox.settle(second, 'worked', null);
    expect(await rest).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^replayed 1 of 2 worked, 1 parked again/),
    });
  });

  it('says that installs and uninstalls are left out', async () => {
    await events(2, 'worked');
    await world.pool.query(`update inbox set type = 'UNINSTALL', contact_id = null where event_key = 'k1'`);
    expect(await run('webhooks', 'replay', ...ALL)).toMatch(
      /1 events would be replayed[^]*1 installs and uninstalls are left out/,
    );
  });
});

describe('one that is looked at', () => {
  it('is shown with what it was judged without', async () => {
    const id = randomUUID();
    await world.pool.query(
      `insert into inbox (inbox_id, location_id, contact_id, source, event_key, body_hash, type, kind, verdict, worked_at, body, headers)
        values ($1, $2, $3, 'marketplace', 'k', 'h', 'ContactCreate', 'contact.created', 'worked', now(), '{"firstName": "Dana"}', '{}')`,
      [id, LOCATION, CONTACT],
    );
    expect(await run('webhooks', 'replay', id)).toMatch(/unknown +crm-snapshot: nobody was asked/);
  });
});
