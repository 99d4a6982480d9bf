import { describe, expect, it } from '@jest/globals';
import { expiry, mappingChecks } from '../../../cli/checks-mapping.ts';
import { unmapped } from '../../../domain/leads/settings-mapping.ts';
import { AppError } from '../../../domain/errors.ts';
import { defaultSettings, type Location, type LocationSettings } from '../../../domain/leads/settings.ts';
import type { CredentialStanding } from '../../../domain/ports/credentials.ts';
import type { CrmCatalog } from '../../../domain/ports/crm.ts';

const settings: LocationSettings = {
  ...defaultSettings,
  scoreFields: {},
  rules: [
    {
      key: 'where',
      group: null,
      when: [],
      then: [{ field: 'contact.area', value: '{location}' }, { workflow: 'notifyAgent' }],
    },
  ],
  consentTags: { 'sms-consent': ['sms'] },
  pipeline: { pipelineId: 'p1', stages: { new: 's1' }, backwards: false },
  workflows: { notifyAgent: 'w1' },
  calendars: { showing: 'c1' },
  assignment: { mode: 'round-robin', agents: ['u1'], from: 'warm', reactWithinMinutes: 30, escalateTo: 'u2' },
  postalAddress: '400 Bay Street, Tampa, FL 33602',
  senderNumbers: { standard: '+18135550142', byAgent: { u1: '+18135550143' } },
};
const field = (key: string) => ({ id: key, name: key, key, dataType: 'TEXT' });
const user = (id: string, deleted = false) => ({ id, name: id, email: null, deleted });
const catalog: CrmCatalog = {
  customFields: ['contact.lead_score', 'contact.lead_tier', 'contact.area'].map(field),
  pipelines: [{ id: 'p1', name: 'Buyers', stages: [{ id: 's1', name: 'New' }] }],
  users: [user('u1'), user('u2')],
  calendars: [{ id: 'c1', name: 'Showings' }],
  workflows: [{ id: 'w1', name: 'Notify' }],
  numbers: ['+18135550142', '+18135550143'],
  tags: ['hit list', 'ai-off', 'qualified', 'stop-bot', 'SMS-Consent'],
};
const location = { timezone: 'America/New_York', parked: null, settings };
const found = (change: Partial<LocationSettings>, of: Partial<CrmCatalog> = {}): string[] =>
  unmapped({ ...location, settings: { ...settings, ...change } }, { ...catalog, ...of }).map(
    ({ where, problem }) => `${where}: ${problem}`,
  );

describe('settings compared with the CRM', () => {
  it('find nothing where all is there, tags in any spelling', () => {
    expect(found({})).toEqual([]);
  });

  it('name what is not there, one line per choice', () => {
    const empty = { customFields: [], pipelines: [], users: [], calendars: [], workflows: [], numbers: [], tags: [] };
    const where = unmapped(location, empty).map((one) => one.where);
    expect(where).toEqual([
      ...['customFields', 'rules', 'activationTags', 'stopTags', 'consentTags', 'pipeline', 'workflows', 'calendars'],
      ...['assignment', 'senderNumbers', 'senderNumbers'],
    ]);
    expect(found({}, { customFields: [field('contact.lead_score')] })[0]).toBe(
      'customFields: the CRM has no such custom fields: contact.lead_tier',
    );
  });

  it('name a stage of another pipeline, an agent who was deleted, a workflow that is given for no name', () => {
    const pipelines = [{ id: 'p1', name: 'Buyers', stages: [] }];
    expect(found({}, { pipelines })).toEqual(['pipeline: the CRM has no such stages of that pipeline: s1']);
    expect(found({}, { users: [user('u1'), user('u2', true)] })).toEqual(['assignment: the CRM has no such users: u2']);
    expect(found({ workflows: {} })).toEqual([
      'workflows: rules name the workflow notifyAgent, and no workflow is given for it',
    ]);
  });

  it('give a fix that keeps what the choice holds already', () => {
    const [one] = unmapped({ ...location, settings: { ...settings, workflows: { other: 'w1' } } }, catalog);
    expect(one?.fix).toBe(`leadwright settings set --location ID workflows='{"other":"w1","notifyAgent":"ID"}'`);
  });

  it('name settings under which no lead is worked', () => {
    expect(found({ activationTags: [] })).toEqual(['activationTags: no tag lets us act: no lead is worked']);
  });

  it('name what every e-mail needs', () => {
    expect(found({ postalAddress: null })).toEqual([
      'postalAddress: no postal address is known: no e-mail that solicits goes out',
    ]);
  });

  it('name hours that are never in all zones at once, in which nobody without a zone is messaged', () => {
    const hours = (from: string, to: string) => found({ quietHours: { from, to } });
    expect(hours('09:00', '21:00')).toEqual([]);
    expect(hours('08:00', '12:30')).toEqual([
      'quietHours: 08:00–12:30 never is in all US zones at once: contacts without a zone are not messaged',
    ]);
    // Hawaii knows no summer time: in winter it is five hours behind New York, in summer six.
    expect(hours('08:00', '13:30')[0]).toMatch(/for a part of the year never/);
    expect(hours('08:00', '14:30')).toEqual([]);
  });

  it('say of a part that cannot be read which permission it needs, and nothing about what it may hold', () => {
    expect(unmapped(location, { ...catalog, workflows: null })).toEqual([
      { where: 'workflows', problem: 'workflows cannot be read', fix: 'give the permission workflows.readonly' },
    ]);
  });

  it('name a location that is parked, without a zone, or without a tag for consent', () => {
    const parked = { reason: 'token-refused', since: '2026-03-02T15:00:00.000Z' } as const;
    const problems = unmapped({ timezone: 'EST', parked, settings: { ...settings, consentTags: {} } }, catalog);
    expect(problems.map(({ problem }) => problem)).toEqual([
      'parked since 2026-03-02T15:00:00.000Z: token-refused',
      expect.stringContaining('zone of the office'),
      'no tag records consent: nobody is messaged',
    ]);
  });
});

describe('a credential', () => {
  const now = Date.parse('2026-03-02T15:00:00.000Z');
  const standing: CredentialStanding = {
    ...{ holder: { kind: 'location', id: 'loc1' }, kind: 'private', version: 1, held: true, renewable: false },
    ...{ installedAt: '2026-01-01T00:00:00.000Z', issuedAt: '2026-01-01T00:00:00.000Z' },
    ...{ expiresAt: '2026-03-09T15:00:00.000Z', refusedAt: null },
  };

  it('is named before it ends, unless it renews itself', () => {
    expect(expiry(standing, now)).toMatchObject([
      { verdict: 'warn', finding: expect.stringMatching(/loc1.* ends at/) },
    ]);
    expect(expiry({ ...standing, expiresAt: '2026-03-01T15:00:00.000Z' }, now)[0]?.finding).toMatch(/ ended at/);
    expect(expiry({ ...standing, expiresAt: '2026-06-01T15:00:00.000Z' }, now)).toEqual([]);
    expect(expiry({ ...standing, expiresAt: null }, now)).toEqual([]);
    expect(expiry({ ...standing, renewable: true }, now)).toEqual([]);
    expect(expiry({ ...standing, kind: 'oauth' }, now)).toEqual([]);
    expect(expiry({ ...standing, held: false }, now)).toEqual([]);
  });
});

describe('the doctor, of a CRM that does not answer', () => {
  const many = (count: number): Location[] =>
    Array.from({ length: count }, (_, i) => ({
      ...{ locationId: `loc${i}`, companyId: null, name: 'Example Realty', status: 'active', pausedBy: [] },
      ...{ ...location, settingsVersion: 1 },
    }));
  const examine = async (count: number, answer: (id: string) => Promise<CrmCatalog>) => {
    const asked: string[] = [];
    const crm = { catalog: (id: string) => (asked.push(id), answer(id)) };
    const product = {
      ...{ crm, locations: { list: () => Promise.resolve(many(count)) } },
      credentials: { list: () => Promise.resolve([]) },
    } as unknown as Parameters<typeof mappingChecks>[0];
    const checks = await mappingChecks(product, 50);
    return { asked, findings: checks.map(({ finding }) => finding) };
  };
  const never = () => new Promise<CrmCatalog>(() => undefined);

  it('waits once, and says that the others were not asked about', async () => {
    const { asked, findings } = await examine(10, never);
    expect(asked).toEqual(['loc0', 'loc1', 'loc2', 'loc3']);
    expect(findings).toHaveLength(5);
    expect(findings[0]).toBe('loc0: the CRM was not compared: no answer within 0.05 s');
    expect(findings[4]).toBe('6 further location(s) were not asked about, since the CRM does not answer');
    const away = await examine(5, () => Promise.reject(new AppError('CRM_UNAVAILABLE', 'it is away')));
    expect([away.asked.length, away.findings.at(-1)]).toEqual([4, expect.stringContaining('1 further location(s)')]);
  });

  it('goes on while one of them is answered, and says nothing of others where there are none', async () => {
    const some = await examine(6, (id) => (id === 'loc0' ? Promise.resolve(catalog) : never()));
    expect(some.asked).toHaveLength(6);
    expect((await examine(4, never)).findings).toHaveLength(4);
  });
});
