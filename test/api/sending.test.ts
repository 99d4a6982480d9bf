import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sending } from '../../cli/checks.ts';
import { main } from '../../cli/main.ts';
import { type ApiWorld, LOCATION, startApiWorld } from '../support/api-world.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.stop());

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await main([...args, '--api', world.url], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    ...{ terminal: false, colour: false, cwd: '/' },
    env: { LEADWRIGHT_API_TOKEN: 'token-of-the-test-operator' },
  });
  return { code, out, err };
}

const paused = (channel: string): Promise<unknown> =>
  world.pool.query(
    `insert into sending_pauses (location_id, channel, why, tally, paused_at) values ($1, $2, '9 of 80 failed', '{}', now())`,
    [LOCATION, channel],
  );
const shown = async () =>
  (await (await world.api('GET', `/api/locations/${LOCATION}/sending`)).json()) as { items: object[] };

describe('sending that paused by itself', () => {
  it('is shown with its reason, told by the doctor, and lifted by a person', async () => {
    expect(await shown()).toEqual({ items: [] });
    expect(await sending(world.deps)).toMatchObject({ verdict: 'pass' });
    await paused('sms');
    await paused('email');
    expect((await shown()).items).toMatchObject([
      { channel: 'email', why: '9 of 80 failed', liftedAt: null, liftedBy: null },
      { channel: 'sms' },
    ]);
    expect(await sending(world.deps)).toMatchObject({
      verdict: 'warn',
      finding: expect.stringMatching(/paused by itself since .*: 9 of 80 failed, and 1 more$/),
      fix: `look why, then: leadwright resume --location ${LOCATION} --sending`,
    });
    const one = await world.api('POST', `/api/locations/${LOCATION}/sending/resume`, { channel: 'email' });
    expect(await one.json()).toEqual({ lifted: 1 });
    expect((await run('resume', '--location', LOCATION, '--sending')).out).toBe('lifted; the counts begin anew\n');
    expect((await run('resume', '--location', LOCATION, '--sending')).out).toBe('nothing had paused by itself\n');
    expect((await shown()).items).toMatchObject([{ liftedBy: 'operator' }, { liftedBy: 'operator' }]);
    expect(await sending(world.deps)).toMatchObject({ verdict: 'pass' });
  });

  it('is lifted for one location at a time', async () => {
    expect(await run('resume', '--all', '--sending')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--location'),
    });
  });
});
