import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { banner } from '../../cli/banner.ts';
import { sending } from '../../cli/checks.ts';
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
    await run('resume', '--location', LOCATION);
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

describe('leadwright pause and resume', () => {
  it('of all stand until they are lifted, are shown wherever one looks, and leave a location’s own pause alone', async () => {
    expect((await run('pause', '--all')).out).toBe('1 location is paused\n');
    expect((await run('pause', '--location', LOCATION)).out).toBe('1 location is paused\n');
    const list = (await run('locations', 'list')).out;
    expect(list).toMatch(/^everything is paused, by operator since 20\S+Z  →  leadwright resume --all\n/);
    expect(list).toContain('paused (location, all)');
    expect((await run('resume', '--location', LOCATION)).out).toMatch(/everything is still paused/);
    expect((await run('locations', 'list')).out).toContain('paused (all)');
    expect(await sending(world.deps)).toMatchObject({ verdict: 'warn', fix: 'leadwright resume --all' });
    expect((await run('settings', 'history', '--limit', '3')).out).toMatch(/active .*\n.*paused .*\n.*paused \(all\)/);
    expect((await run('resume', '--all')).out).toBe('1 location is active\n');
    expect((await run('locations', 'list')).out).not.toContain('paused');
    expect(await sending(world.deps)).toMatchObject({ verdict: 'pass' });
  });

  it('of all are named by the banner', () => {
    const line = { ...{ event: 'ready', mode: 'sandbox', pid: 1, apiToken: 't', urls: { api: 'a', metrics: 'm' } } };
    const parts = {
      postgres: { kind: 'k', reused: false },
      redis: { reason: 'r' },
      temporal: { kind: 'k', address: 'x' },
    };
    const shown = (allPaused: Parameters<typeof banner>[2]['allPaused']) =>
      banner({ colour: false }, line as unknown as Parameters<typeof banner>[1], {
        ...{ world: parts as unknown as Parameters<typeof banner>[2]['world'], firstEvents: 0, allPaused },
      });
    expect(shown({ by: 'operator', since: '2026-03-02T15:00:00.000Z' })).toMatch(
      /Paused +everything is paused.*resume --all/,
    );
    expect(shown(null)).not.toContain('paused');
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
