import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccessToken, TokenProvider } from '../../domain/ports/tokens.ts';
import { operations } from '../../integrations/ghl/operations.ts';
import { ghlDocuments } from '../support/ghl-documents.ts';
import { contact, crmMaker, failure, recordingLog, ref, sent } from '../support/ghl-crm.ts';
import {
  cutLine,
  halfAnswer,
  json,
  raw,
  silence,
  startRecordingVendor,
  type RecordingVendor,
  type Script,
} from '../support/recording-vendor.ts';

const log = recordingLog();
const { crmAt, closeAll } = crmMaker(log);
let vendor: RecordingVendor;

beforeAll(async () => {
  vendor = await startRecordingVendor();
});
afterEach(closeAll);
afterAll(() => vendor.close());

/** A store of tokens that renews once for all who ask at the same time, as the port says. */
function renewing(first: AccessToken, renew: () => Promise<AccessToken | undefined>) {
  let current: AccessToken | undefined = first;
  let running: Promise<void> | undefined;
  const seen = { renewals: 0, refusals: [] as number[], suspensions: [] as number[] };
  const provider: TokenProvider = {
    token: () => Promise.resolve(current),
    async refused(_holder, version) {
      seen.refusals.push(version);
      if (current?.version === version) {
        running ??= renew().then((next) => {
          seen.renewals += 1;
          current = next;
          running = undefined;
        });
        await running;
      }
      return current;
    },
    inactive: (_holder, version) => Promise.resolve(void seen.suspensions.push(version)),
  };
  return { provider, seen };
}

const refusedToken = { statusCode: 401, message: 'Invalid JWT', error: 'Unauthorized' };
const soon = <T>(value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), 50));

/** Takes only this token. */
function only(token: string, yes: Script): Script {
  return (request, response, socket) => {
    const fits = request.headers.authorization === `Bearer ${token}`;
    (fits ? yes : json(401, refusedToken))(request, response, socket);
  };
}

describe('every call', () => {
  const documented = new Map(
    [...ghlDocuments().values()].flatMap((document) =>
      Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, { operationId, parameters }]) => [
          operationId,
          {
            method: method.toUpperCase(),
            path,
            version: parameters?.find(({ name }) => name === 'Version')?.schema.enum?.[0],
          },
        ]),
      ),
    ),
  );

  it('has the method, path and version of its document, and none is documented that we do not make', () => {
    expect(documented).toEqual(new Map(Object.entries(operations)));
  });
});

describe('a token that dies', () => {
  it('in a burst of calls is renewed once, and no call is lost, nor any text sent twice', async () => {
    const { provider, seen } = renewing({ token: 'old', version: 1 }, () => soon({ token: 'new', version: 2 }));
    const crm = crmAt(vendor.url, { tokens: provider });
    vendor.answer(only('new', sent()));
    const before = vendor.calls.length;
    // Sixteen calls of a location are under way at once, and the others wait for a second: those are asked again, as callers do.
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, async (_, i) => {
        for (;;) {
          const outcome = await crm.send(ref, { channel: 'sms', body: `text ${i}` });
          if (outcome.kind !== 'not-sent' || !outcome.reason.startsWith('too many calls')) return outcome;
        }
      }),
    );
    expect(outcomes).toEqual(outcomes.map(() => ({ kind: 'sent', vendorId: 'm1' })));
    expect(seen.renewals).toBe(1);
    const taken = vendor.calls.slice(before).filter((call) => call.headers.authorization === 'Bearer new');
    const words = taken.map((call) => (call.body as { message: string }).message);
    expect(words).toHaveLength(30);
    expect(new Set(words).size).toBe(30);
  });

  it('is renewed once per call: a second refusal stands', async () => {
    let version = 1;
    const { provider, seen } = renewing({ token: 't1', version }, () => {
      version += 1;
      return Promise.resolve({ token: `t${version}`, version });
    });
    vendor.answer(json(401, refusedToken));
    const before = vendor.calls.length;
    const error = await failure(crmAt(vendor.url, { tokens: provider }).addTags(ref, ['a']));
    expect(error.code).toBe('CRM_AUTH');
    expect(vendor.calls.length - before).toBe(2);
    expect(seen.refusals).toEqual([1]);
  });

  it('and cannot be renewed is asked with once', async () => {
    const { provider } = renewing({ token: 'old', version: 1 }, () => Promise.resolve(undefined));
    vendor.answer(json(401, refusedToken));
    const before = vendor.calls.length;
    const crm = crmAt(vendor.url, { tokens: provider });
    expect((await failure(crm.contact(ref))).code).toBe('CRM_AUTH');
    expect((await crm.send(ref, { channel: 'sms', body: 'x' })).kind).toBe('not-sent');
    expect(vendor.calls.length - before).toBe(1);
  });

  it('is not sent again when the repeat is of unknown outcome', async () => {
    const { provider } = renewing({ token: 'old', version: 1 }, () => Promise.resolve({ token: 'new', version: 2 }));
    vendor.answer(only('new', cutLine));
    const before = vendor.calls.length;
    const crm = crmAt(vendor.url, { tokens: provider });
    expect((await crm.send(ref, { channel: 'sms', body: 'x' })).kind).toBe('unknown');
    expect(vendor.calls.length - before).toBe(2);
  });

  it.each([
    ['a version header', json(401, { message: 'version header is invalid' })],
    ['another location', json(401, { message: 'The token does not have access to this location.' })],
    ['a scope', json(401, { message: 'The token is not authorized for this scope.' })],
    ['a page of a proxy with 403', raw(403, 'text/html', '<html>Blocked</html>')],
    ['a page of a proxy with 401', raw(401, 'text/html', '<html>Sign in</html>')],
  ])('is not suspected when the refusal is about %s', async (_title, script) => {
    const { provider, seen } = renewing({ token: 'old', version: 1 }, () =>
      Promise.resolve({ token: 'new', version: 2 }),
    );
    vendor.answer(script);
    const before = vendor.calls.length;
    await failure(crmAt(vendor.url, { tokens: provider }).addTags(ref, ['a']));
    expect(seen.refusals).toEqual([]);
    expect(vendor.calls.length - before).toBe(1);
  });
});

describe('a suspended location', () => {
  it.each([400, 401, 403])('is parked by a %i that says so, and its token is not suspected', async (status) => {
    const { provider, seen } = renewing({ token: 'old', version: 7 }, () => Promise.resolve(undefined));
    vendor.answer(json(status, { statusCode: status, message: 'Location is not active' }));
    const before = vendor.calls.length;
    const crm = crmAt(vendor.url, { tokens: provider });
    expect(await failure(crm.addTags(ref, ['a']))).toMatchObject({
      code: 'CRM_LOCATION_INACTIVE',
      retryAfterMs: 900_000,
    });
    expect(await crm.send(ref, { channel: 'sms', body: 'x' })).toMatchObject({ kind: 'not-sent' });
    expect(seen).toEqual({ renewals: 0, refusals: [], suspensions: [7, 7] });
    expect(vendor.calls.length - before).toBe(2);
  });

  it('is told all the same when it cannot be parked', async () => {
    const { provider } = renewing({ token: 'old', version: 7 }, () => Promise.resolve(undefined));
    vendor.answer(json(401, { message: 'Location is not active' }));
    const tokens = { ...provider, inactive: () => Promise.reject(new Error('database away')) };
    expect((await failure(crmAt(vendor.url, { tokens }).addTags(ref, ['a']))).code).toBe('CRM_LOCATION_INACTIVE');
  });
});

describe('a broken answer', () => {
  it.each([
    ['a page', raw(200, 'text/html', '<html><body>We will be right back</body></html>')],
    ['a page that claims to be JSON', raw(200, 'application/json', '<html></html>')],
    ['half a body', halfAnswer],
    ['half of the JSON', raw(200, 'application/json', '{"contact":{"id":')],
    ['text', raw(200, 'text/plain', 'ok')],
    ['nothing', raw(200, 'application/json', '')],
    ['null', raw(200, 'application/json', 'null')],
    ['silence', silence],
    ['a cut line', cutLine],
  ] as [string, Script][])(
    '%s is CRM_UNAVAILABLE for all that reads, changes and takes away',
    async (_title, script) => {
      vendor.answer(script);
      const patience = script === silence ? { timeoutMs: 1_000 } : {};
      const crm = crmAt(vendor.url, patience);
      const reads: Promise<unknown>[] = [
        crm.contact(ref),
        crm.opportunities(ref),
        crm.opportunity(ref.locationId, 'o1'),
        crm.catalog(ref.locationId),
        crm.fieldIds(ref.locationId),
        crm.findNote(ref, { body: 'x' }),
        crm.setFields(ref, [{ id: 'f1', value: 1 }]),
        crm.setDnd(ref, { sms: 'on' }),
        crm.assign(ref, null),
        crm.updateOpportunity(ref.locationId, 'o1', { status: 'won' }),
        crm.deleteNote(ref, 'n1'),
        crm.deleteTask(ref, 't1'),
        crm.deleteOpportunity(ref.locationId, 'o1'),
        crm.removeFromWorkflow(ref, 'w1'),
      ];
      const codes = await Promise.all(reads.map(async (read) => (await failure(read)).code));
      expect(codes).toEqual(codes.map(() => 'CRM_UNAVAILABLE'));
      // Of its own: after so much silence the other one asks no more.
      const fresh = crmAt(vendor.url, patience);
      const creates = [
        fresh.createNote(ref, { body: 'x' }),
        fresh.createOpportunity(ref, { pipelineId: 'p', stageId: 's', name: 'n' }),
        fresh.addToWorkflow(ref, 'w1'),
      ];
      expect((await Promise.all(creates)).map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'unknown']);
    },
  );

  it('that never comes is not waited for by everybody: one call at a time asks on, others are told when to ask again', async () => {
    vendor.answer(silence);
    const crm = crmAt(vendor.url, { timeoutMs: 4_000 });
    await Promise.all(Array.from({ length: 3 }, () => failure(crm.contact(ref))));
    const before = vendor.calls.length;
    const probe = failure(crm.contact(ref));
    const held = await failure(crm.contact(ref));
    expect([held.code, held.retryAfterMs]).toEqual(['CRM_UNAVAILABLE', 10_000]);
    expect(await crm.createNote(ref, { body: 'x' })).toMatchObject({ kind: 'not-sent', retryAfterMs: 10_000 });
    await probe;
    expect(vendor.calls.length - before).toBe(1);
    vendor.answer(contact());
    await crm.contact(ref);
    await Promise.all([crm.contact(ref), crm.contact(ref)]);
  });

  it('leaves the client fit for the next call', async () => {
    const crm = crmAt(vendor.url, { timeoutMs: 5_000 });
    for (const script of [halfAnswer, cutLine, raw(200, 'text/html', '<p>'), silence]) {
      vendor.answer(script, contact());
      await failure(crm.contact(ref));
      expect(await crm.contact(ref)).not.toBe('gone');
    }
  });
});

describe('an answer of a hostile size', () => {
  const quick = async <T>(work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const value = await work();
    expect(performance.now() - began).toBeLessThan(10_000);
    return value;
  };

  it('is given up beyond eight megabytes', async () => {
    vendor.answer(json(200, { contact: { id: ref.contactId, firstName: 'x'.repeat(9 * 1024 * 1024) } }));
    expect((await failure(crmAt(vendor.url).contact(ref))).code).toBe('CRM_UNAVAILABLE');
  });

  it('holds nobody up with its sentence', async () => {
    vendor.answer(json(400, { message: 'location no missing contact '.repeat(100_000) }));
    const crm = crmAt(vendor.url);
    expect((await quick(() => failure(crm.addTags(ref, ['a'])))).code).toBe('CRM_BAD_REQUEST');
    expect(await quick(() => crm.send(ref, { channel: 'sms', body: 'x' }))).toMatchObject({ kind: 'refused' });
  });

  it.each(['<script>', '<style', '<', '<a', '</head ', '<head><script></head>'])(
    'holds nobody up with a note made of %s',
    async (piece) => {
      const body = `<p>${piece.repeat(1_000_000 / piece.length)}</p>`;
      vendor.answer(
        json(200, {
          notes: [
            { id: 'n1', body },
            { id: 'n2', body: '<p>wanted</p>' },
          ],
        }),
      );
      expect(await quick(() => crmAt(vendor.url).findNote(ref, { body: 'wanted' }))).toBe('n2');
    },
  );
});

describe('a duplicate', () => {
  it('is told with the id of the one that is there', async () => {
    const twin = { statusCode: 400, message: 'This location does not allow duplicated contacts.' };
    vendor.answer(json(400, { ...twin, meta: { contactId: 'CoNtwin', matchingField: 'phone' } }));
    const error = await failure(crmAt(vendor.url).assign(ref, 'U1'));
    expect(error.code).toBe('CRM_DUPLICATE');
    expect(error.message).toContain('CoNtwin');
  });
});
