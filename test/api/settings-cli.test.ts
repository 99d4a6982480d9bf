import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { main } from '../../cli/main.ts';
import { mappingChecks } from '../../cli/checks-mapping.ts';
import { type ApiWorld, LOCATION, startApiWorld } from '../support/api-world.ts';

let world: ApiWorld;
let home: string;
beforeAll(async () => {
  world = await startApiWorld();
  home = await mkdtemp(join(tmpdir(), 'settings-cli-'));
});
afterAll(async () => {
  await world.stop();
  await rm(home, { recursive: true });
});

/** Runs one command against the API of the test. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await main([...args, '--api', world.url, '--home', home], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    ...{ terminal: false, colour: false, cwd: home },
    env: { LEADWRIGHT_API_TOKEN: 'token-of-the-test-operator' },
  });
  return { code, out, err };
}
const json = async (...args: string[]): Promise<unknown> => JSON.parse((await run(...args, '--json')).out);

describe('leadwright settings', () => {
  it('reads, sets, compares and rolls back; the only location need not be named', async () => {
    expect(await run('settings', 'set', 'capPer24h=2', 'stopTags=["Halt"]')).toMatchObject({
      ...{ code: 0, out: 'version 2 is in force\n' },
    });
    await writeFile(join(home, 'choices.json'), JSON.stringify({ holidays: ['2026-12-25'] }));
    await run('settings', 'set', '--file', 'choices.json', '--if-version', '2', '--location', LOCATION);
    expect(await json('settings', 'get', 'holidays')).toEqual(['2026-12-25']);
    expect((await run('settings', 'get')).out).toMatch(/^version 3, by operator.*\n(.*\n)*capPer24h +compliance +2\n/);
    expect(await json('settings', 'diff', '1', '2')).toMatchObject({
      ...{
        from: 1,
        to: 2,
        changes: [
          { choice: 'stopTags', after: ['Halt'] },
          { choice: 'capPer24h', before: 3, after: 2 },
        ],
      },
    });
    expect((await run('settings', 'diff', '3')).out).toBe('nothing differs\n');
    expect((await run('settings', 'rollback', '1')).out).toBe('version 4 is in force\n');
    expect(await json('settings', 'get', 'stopTags')).toContain('AI-Off');
    expect(await json('settings', 'get', 'capPer24h', '--at', '2')).toBe(2);
    await run('pause', '--location', LOCATION);
    await run('resume', '--all');
    const { out } = await run('settings', 'history');
    expect(out.split('\n').map((line) => line.split(/ {2,}/)[2])).toEqual([
      ...['WHAT', 'active', 'paused', 'version 4', 'version 3', 'version 2', 'version 1', undefined],
    ]);
  });

  it('says what was wrong: a change that came too late, a value that may not be, a word that is no choice', async () => {
    expect(await run('settings', 'set', 'capPer24h=1', '--if-version', '1')).toMatchObject({
      ...{ code: 1, err: expect.stringContaining('changed meanwhile') },
    });
    const bad = await run('settings', 'set', 'capPer24h=9', 'quietHours={"from":"06:00","to":"21:00"}');
    expect(bad).toMatchObject({ code: 1, err: expect.stringMatching(/capPer24h.*quietHours|quietHours.*capPer24h/) });
    expect(await run('settings', 'set', 'capPer24h=many')).toMatchObject({ code: 2 });
    expect(await run('settings', 'set')).toMatchObject({ code: 2 });
    expect(await run('settings', 'get', 'colour')).toMatchObject({ code: 2 });
    expect(await run('settings', 'get', '--location', 'nobody')).toMatchObject({ code: 1 });
  });
});

describe('leadwright settings rollback', () => {
  it('gives what differs alone: a choice that would not be taken any more blocks it only where it would come back', async () => {
    const wide = { quietHours: { from: '06:00', to: '22:00' } };
    const { version } = await world.deps.settings.change(LOCATION, { changes: wide, by: 'older' }, () => undefined);
    await run('settings', 'set', 'holidays=["2027-01-01"]');
    expect(await run('settings', 'rollback', String(version))).toMatchObject({
      ...{ code: 0, out: `version ${version + 2} is in force\n` },
    });
    expect(await json('settings', 'get', 'holidays')).not.toContain('2027-01-01');
    expect(await json('settings', 'get', 'quietHours')).toEqual(wide.quietHours);
    await run('settings', 'set', 'quietHours={"from":"08:00","to":"21:00"}');
    expect(await run('settings', 'rollback', String(version))).toMatchObject({
      ...{ code: 1, err: expect.stringContaining('quietHours') },
    });
  });
});

describe('doctor', () => {
  it('names in one line each what a location lacks, with a fix that can be copied', async () => {
    const lines = (
      await mappingChecks({ ...world.deps, credentials: world.credentials, crm: world.deps.crm as never })
    ).map(({ verdict, finding, fix }) => `${verdict} ${finding} → ${fix}`);
    expect(lines).toContainEqual(
      `warn ${LOCATION}, consentTags: no tag records consent: nobody is messaged → ` +
        `leadwright settings set --location ${LOCATION} consentTags='{"TAG":["sms","email"]}'`,
    );
    expect(lines).toContainEqual(
      expect.stringContaining('customFields: the CRM has no such custom fields: contact.lead_score, contact.lead_tier'),
    );
  });
});
