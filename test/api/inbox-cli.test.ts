import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { main } from '../../cli/main.ts';
import { type ApiWorld, CONTACT, LOCATION, startApiWorld } from '../support/api-world.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.pool.query('truncate inbox, outbox'));

/** Runs one command against the API of the test. */
async function run(...args: string[]): Promise<string> {
  let out = '';
  await main([...args, '--api', world.url, '--home', '/nowhere'], {
    out: (text) => void (out += text),
    err: () => undefined,
    ...{ terminal: false, colour: false, cwd: '/' },
    env: { LEADWRIGHT_API_TOKEN: 'token-of-the-test-operator' },
  });
  return out;
}

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
