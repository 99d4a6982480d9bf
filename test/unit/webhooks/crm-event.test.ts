import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CrmEvent } from '../../../domain/webhooks/crm-event.ts';
import { readEnvelope } from '../../../domain/webhooks/envelope.ts';
import { readJsonObject } from '../../../domain/webhooks/payload.ts';
import { readCrmEvent } from '../../../domain/webhooks/read-crm-event.ts';

const folder = new URL('../../fixtures/ghl/', import.meta.url);
const at = '2026-05-13T02:00:00.000Z';
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && !name.startsWith('workflow'))
  .map((name) => name.replace(/\.json$/, ''));

function sample(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`${file}.json`, folder), 'utf8')) as Record<string, unknown>;
}

/** As the product reads it. Record events come without a type; `type` stands in for what their file is called. */
function read(file: string, type?: string): CrmEvent {
  const json = sample(file);
  const envelope = readEnvelope('marketplace', json);
  return readCrmEvent(type ?? envelope.type, json, {
    at: envelope.timestamp ?? at,
    timed: envelope.timestamp !== undefined,
  });
}

function newsOf(event: CrmEvent) {
  if (event.family !== 'record' && event.family !== 'user') throw new Error(`expected a record, got ${event.family}`);
  return event.news;
}

const families: readonly [prefix: string, family: CrmEvent['family']][] = [
  ['Contact', 'contact'],
  ['InboundMessage', 'message'],
  ['OutboundMessage', 'message'],
  ['ProviderOutboundMessage', 'message'],
  ['User', 'user'],
  ['INSTALL', 'lifecycle'],
  ['UNINSTALL', 'lifecycle'],
  ['PLAN_CHANGE', 'lifecycle'],
  ['Location', 'lifecycle'],
  ['LCEmailStats', 'email-stat'],
];
const familyOf = (file: string) => families.find(([prefix]) => file.startsWith(prefix))?.[1] ?? 'record';

describe('every sample', () => {
  it.each(files)('%s is read into an event of its family', (file) => {
    expect(read(file).family).toBe(familyOf(file));
  });

  it('is read the same when its fields are nested under data', () => {
    for (const file of files.filter((name) => !name.endsWith('nested-data'))) {
      const { type } = readEnvelope('marketplace', sample(file));
      const time = { at, timed: true };
      const root = sample(file)['type'] === undefined ? {} : { type: sample(file)['type'] };
      expect(readCrmEvent(type, { ...root, data: sample(file) }, time)).toEqual(readCrmEvent(type, sample(file), time));
    }
  });
});

describe('an opportunity', () => {
  it('carries its facts in our words, and whose it is', () => {
    expect(newsOf(read('OpportunityStageUpdate'))).toEqual({
      ...{ kind: 'opportunity', recordId: '8AosInTtNbxzE1GD8JAY', contactId: 'gDV7PhByWWvYDN8sVFTK' },
      ...{ action: 'changed', at, timed: false },
      facts: {
        pipelineId: 'dnIBQ0ZeYPlwYHrFXOCH',
        stageId: 'b83d06e0-cc3c-4e95-ae58-8900f32e550d',
        status: 'open',
        name: 'River home',
        value: 385000,
        assignedTo: 'kPZzISzKsv2prUEnVCyo',
        source: 'walk-in',
        createdAt: '2022-01-27T12:48:02.193Z',
      },
    });
  });

  it('of its creation and of the update that comes with it tells the same facts', () => {
    const [created, updated] = [read('OpportunityCreate.enveloped'), read('OpportunityUpdate.twin-of-create')].map(
      newsOf,
    );
    expect(updated?.facts).toEqual(created?.facts);
    expect([created?.action, updated?.action]).toEqual(['created', 'changed']);
    expect(created?.facts).toMatchObject({ assignedTo: null });
    expect(created?.facts).not.toHaveProperty('value');
  });
});

describe('an appointment', () => {
  it('is read from where it is nested, its times in UTC, by its own clock', () => {
    expect(newsOf(read('AppointmentCreate.enveloped'))).toMatchObject({
      ...{ kind: 'appointment', recordId: 'uO45o8CMKo6TiKnI1WM6', contactId: 'xuCgnXbuKI2r6MVRpzS0', timed: true },
      ...{ action: 'created', at: '2026-05-13T01:38:44.000Z' },
      facts: { startsAt: '2026-05-15T14:07:00.000Z', status: 'confirmed', notes: null, source: 'booking_widget' },
    });
  });

  it('does not trust a clock that runs ahead of the delivery', () => {
    const appointment = { id: 'A1', dateUpdated: '2030-01-01T00:00:00.000Z' };
    const event = readCrmEvent('AppointmentUpdate', { appointment }, { at, timed: true });
    expect(newsOf(event)).toMatchObject({ at });
    const untimed = readCrmEvent('AppointmentUpdate', { appointment }, { at, timed: false });
    expect(newsOf(untimed)).toMatchObject({ at, timed: false });
  });
});

describe('a task', () => {
  it('without a contact and a text keeps silent about both', () => {
    const { contactId, facts } = newsOf(read('TaskCreate.without-contactId'));
    expect(contactId).toBeUndefined();
    expect(Object.keys(facts).toSorted()).toEqual(['assignedTo', 'createdAt', 'dueAt', 'title']);
  });

  it('is done only when the vendor says so', () => {
    expect(newsOf(read('TaskComplete')).facts).toMatchObject({ completed: true });
    expect(newsOf(read('TaskCreate')).facts).not.toHaveProperty('completed');
  });
});

describe('users, locations and plans', () => {
  it('are read as far as they are asked for', () => {
    const { news, locationIds, companyId } = read('UserCreate.agency') as Extract<CrmEvent, { family: 'user' }>;
    expect({ facts: news.facts, locationIds, companyId }).toEqual({
      facts: { name: 'Ines Brandt', email: 'lena.agency@example.com' },
      ...{ locationIds: ['BXCPYCf2SQwHXuM0dLto'], companyId: 'BXCPYCf2SQwHXuM0dLto' },
    });
    expect(read('LocationUpdate')).toMatchObject({
      what: 'location',
      locationId: 'BXCPYCf2SQwHXuM0dLto',
      name: 'River home',
    });
    expect(read('PLAN_CHANGE')).toMatchObject({ what: 'plan', plans: { before: '5d1f41534b3c04e8c86c0809' } });
    expect(read('UNINSTALL.agency')).toMatchObject({ what: 'uninstalled', locationId: undefined });
  });

  it('have no zone that nobody knows', () => {
    const zoned = (timezone: unknown) => readCrmEvent('LocationUpdate', { id: 'L1', timezone }, { at, timed: true });
    expect(zoned('America/Chicago')).toMatchObject({ timezone: 'America/Chicago' });
    for (const odd of ['America/Nowhere', 'nonsense', 7, null, '']) expect(zoned(odd)).not.toHaveProperty('timezone');
  });
});

const smtp = (code: number, enhanced = '', severity?: string) => ({
  ...{ event: 'failed', 'delivery-status': { code, 'enhanced-code': enhanced } },
  ...(severity === undefined ? {} : { severity }),
});

describe('statistics of an e-mail', () => {
  const stat = (report: Record<string, unknown>) => {
    const event = readCrmEvent(
      'LCEmailStats',
      { webhookPayload: { id: 'm1', timestamp: 1777892461, recipient: 'Robin <Robin@Example.com>', ...report } },
      { at, timed: true },
    );
    return event.family === 'email-stat' ? event.stat : undefined;
  };

  it('have the bare address, the time of the mail system and its code', () => {
    expect(stat({ event: 'opened' })).toMatchObject({
      ...{ event: 'opened', recipient: 'robin@example.com', at: '2026-05-04T11:01:01.000Z', suppress: null },
    });
    expect(read('LCEmailStats')).toMatchObject({
      stat: { event: 'delivered', code: 250, messageId: 'mail-7@example.com' },
    });
  });

  it.each([
    [{ event: 'complained' }, 'complaint', null],
    [{ event: 'unsubscribed' }, 'unsubscribe', null],
    [smtp(550, '5.1.1', 'permanent'), 'bounce', 'address'],
    [smtp(550), 'bounce', 'address'],
    [smtp(605), 'bounce', 'address'],
    [smtp(550, '', 'temporary'), null, 'temporary'],
    [smtp(552, '5.2.2', 'permanent'), null, 'temporary'],
    [smtp(421, '4.4.1'), null, 'temporary'],
    [smtp(550, '5.7.1', 'permanent'), null, 'other'],
    [smtp(554, '5.6.0', 'permanent'), null, 'other'],
    [smtp(554, '5.3.4', 'permanent'), null, 'other'],
    [smtp(421), null, 'temporary'],
    [{ event: 'failed' }, null, 'temporary'],
    [{ event: 'clicked' }, null, null],
  ])('%j suppress for %s, and count as a failure: %s', (report, reason, failure) => {
    expect(stat(report)).toMatchObject({ suppress: reason, failure });
  });

  it('without an address or an event are of no use', () => {
    expect(stat({ event: 'opened', recipient: 'nobody' })).toBeUndefined();
    expect(stat({ event: { a: 1 } })).toBeUndefined();
  });
});

describe('custom objects', () => {
  it('are known by their shape where the type is missing, and by the type where it is there', () => {
    expect(newsOf(read('RecordCreate'))).toMatchObject({
      kind: 'record',
      action: 'changed',
      facts: { 'property.street': 'Cooper Mews' },
    });
    expect(newsOf(read('RecordDelete', 'RecordDelete'))).toMatchObject({ kind: 'record', action: 'deleted' });
    expect(newsOf(read('RelationCreate'))).toMatchObject({ kind: 'relation', contactId: 'CarH4m1ziHVViX7rgQlS' });
    expect(newsOf(read('AssociationUpdate')).facts).toMatchObject({ key: 'candidate_home_match' });
    expect(newsOf(read('ObjectSchemaCreate')).facts).toMatchObject({ key: 'custom_objects.listings' });
  });

  it('keep each property as a fact of its own, whatever its type and name', () => {
    const properties = [
      { key: 'price', valueNumber: 5 },
      { key: 'sold', valueBoolean: false },
      { key: 'empty', valueString: null },
      { key: '__proto__', valueString: 'x' },
      { key: 'deep', valueObject: { a: 1 } },
      null,
      7,
    ];
    const { facts } = newsOf(readCrmEvent('RecordUpdate', { id: 'R1', properties }, { at, timed: true }));
    expect(facts).toEqual({
      ...{ 'property.price': 5, 'property.sold': false, 'property.empty': null, 'property.__proto__': 'x' },
    });
  });
});

describe('hostile deliveries', () => {
  const types = [...new Set(files.map((file) => readEnvelope('marketplace', sample(file)).type))];
  const hostile = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom<unknown>(
      ...['x'.repeat(500_000), -1e308, 1e21, '', ' ', '\u202E', 'Infinity', '9999-12-31T23:59:59Z', {}, [], [[[]]]],
      ...[{ constructor: { prototype: {} } }, { toString: 1 }, '00000-00', '<script>', true],
    ),
  );

  it('never make a reader throw, and never make a fact of anything but JSON of bounded size', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.constantFrom(...types),
        fc.infiniteStream(hostile),
        (file, type, values) => {
          const json: Record<string, unknown> = sample(file);
          const damage = (node: Record<string, unknown>): void => {
            for (const key of Object.keys(node)) {
              const inner = node[key];
              if (
                typeof inner === 'object' &&
                inner !== null &&
                !Array.isArray(inner) &&
                Math.abs(key.length) % 2 === 0
              ) {
                damage(inner as Record<string, unknown>);
              } else node[key] = values.next().value;
            }
          };
          damage(json);
          const event = readCrmEvent(type, json, { at, timed: true });
          expect(JSON.parse(JSON.stringify(event)).family).toBe(event.family);
          if (event.family === 'record') {
            for (const fact of Object.values(event.news.facts))
              expect(JSON.stringify(fact).length).toBeLessThan(200_000);
            expect(Date.parse(event.news.at)).not.toBeNaN();
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('of a relation that names none tell of none', () => {
    const json = { firstObjectKey: 'contact', firstRecordId: 'C1', secondObjectKey: 'custom_objects.homes' };
    expect(readCrmEvent('RelationCreate', json, { at, timed: true }).family).not.toBe('record');
  });

  it('with names of prototypes tell nothing by them', () => {
    const body = Object.create({ id: 'inherited', contactId: 'inherited' }) as Record<string, unknown>;
    expect(readCrmEvent('NoteCreate', body, { at, timed: true }).family).toBe('unusable');
    for (const type of ['constructor', '__proto__', 'toString', 'hasOwnProperty', '']) {
      expect(readCrmEvent(type, { id: 'x' }, { at, timed: true })).toEqual({ family: 'unknown' });
    }
    expect(readJsonObject('{"id":"x","__proto__":{"a":1}}').ok).toBe(false);
  });

  it('with ids that name nothing are unusable', () => {
    for (const id of [null, 7, '', 'a/b', 'a:b', 'x'.repeat(300), { a: 1 }, ['a']]) {
      expect(readCrmEvent('TaskCreate', { id }, { at, timed: true }).family).toBe('unusable');
      expect(readCrmEvent('AppointmentCreate', { appointment: { id } }, { at, timed: true }).family).toBe('unusable');
    }
  });
});
