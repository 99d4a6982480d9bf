import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createUnsubscribeLinks } from '../../platform/unsubscribe-links.ts';
import { type ApiWorld, CONTACT, LOCATION, startApiWorld } from '../support/api-world.ts';

const OTHER = 'LocationOfAnotherTeam';
const SECOND = 'SecondContactOfThem1';
const ONE_CLICK = 'List-Unsubscribe=One-Click';
let world: ApiWorld;
let hash: string;
let phone: string;

beforeAll(async () => {
  world = await startApiWorld({ unsubscribeLimit: { burst: 10_000, perSecond: 10 } });
  hash = world.deps.hashPerson('dana@example.com');
  phone = world.deps.hashPerson('+18135550142');
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.pool.query('truncate suppressions, inbox, leads cascade');
  world.committed.length = 0;
  for (const [location, contact] of [
    [LOCATION, CONTACT],
    [LOCATION, SECOND],
    [OTHER, CONTACT],
  ])
    await world.pool.query(
      `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, email_hash, sms_hash)
        values ($1, $2, now(), now(), now(), $3, $4)`,
      [location, contact, hash, phone],
    );
});

const linkOf = (over: object = {}): string =>
  world.unsubscribeLinks.urlFor({
    ...{ locationId: LOCATION, contactId: CONTACT, personHash: hash, channel: 'email', sendId: randomUUID() },
    ...over,
  }) ?? '';

const post = (url: string, body?: string, type = 'application/x-www-form-urlencoded'): Promise<Response> =>
  fetch(url, { method: 'POST', ...(body === undefined ? {} : { body, headers: { 'content-type': type } }) });

const barred = async (): Promise<unknown[]> =>
  (
    await world.pool.query(
      `select location_id as at, person_hash as who, channel, reason from suppressions where lifted_at is null order by 1, 2`,
    )
  ).rows;
const MINE = () => [
  { at: LOCATION, who: hash, channel: 'email', reason: 'link' },
  { at: LOCATION, who: `contact:${CONTACT}`, channel: 'email', reason: 'link' },
];
const heard = (): string[] => world.committed.map(({ type, contactId }) => `${type} ${contactId ?? ''}`).toSorted();

describe('looking at the link of an e-mail', () => {
  it('changes nothing, whoever looks and however often', async () => {
    const url = linkOf();
    for (const method of ['GET', 'HEAD', 'GET', 'OPTIONS']) expect((await fetch(url, { method })).ok).toBe(true);
    expect([await barred(), heard()]).toEqual([[], []]);
  });

  it('shows a page with one button, without a script, a cookie or a word about whose it is', async () => {
    const answer = await fetch(linkOf());
    const html = await answer.text();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(html.match(/<button>/g)).toHaveLength(1);
    expect(html).toContain('<form method="post">');
    expect(html).not.toMatch(/<script|Dana|dana@|Bayline|555|Rk3Tq/);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none';.*form-action 'self'/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  });
});

describe('using the link of an e-mail', () => {
  it.each([
    ['by the button of the page', ''],
    ['by the button of a mail provider (RFC 8058)', ONE_CLICK],
    ['with whatever else is posted', 'again=no&x=%FF'],
  ])('stops e-mails to the address at once, %s, and every lead that bears it hears of it', async (_how, body) => {
    const answer = await post(linkOf(), body);
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null]);
    expect(await barred()).toEqual(MINE().toSorted((a, b) => (a.who < b.who ? -1 : 1)));
    expect(heard()).toEqual([SECOND, CONTACT].map((one) => `lead.unsubscribed ${one}`));
  });

  it('does so for a form in parts and for a post without a body', async () => {
    const form = `--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n`;
    await post(linkOf(), form, 'multipart/form-data; boundary=b');
    expect(await barred()).toHaveLength(2);
    await world.pool.query('truncate suppressions');
    await post(linkOf());
    expect(await barred()).toHaveLength(2);
  });

  it('twice, also at the same time and from another e-mail, ends in the same', async () => {
    const [url, other] = [linkOf(), linkOf()];
    await Promise.all([post(url, ONE_CLICK), post(url, ONE_CLICK), post(other, ONE_CLICK)]);
    const { length } = heard();
    expect((await post(url)).status).toBe(200);
    expect((await post(other)).status).toBe(200);
    expect(await barred()).toHaveLength(2);
    expect(heard()).toHaveLength(length);
  });

  it('is over before the answer: the gate sees it', async () => {
    await post(linkOf(), ONE_CLICK);
    const reasons = await world.deps.suppressions.holding(LOCATION, hash, 'email');
    expect(reasons).toEqual(['link']);
    expect(await world.deps.suppressions.holding(LOCATION, hash, 'sms')).toEqual([]);
    expect((await world.deps.leads.consent({ locationId: LOCATION, contactId: CONTACT })).email.state).toBe(
      'withdrawn',
    );
  });

  it('of one location says nothing to another, though the contact is the same', async () => {
    await post(linkOf({ locationId: OTHER }), ONE_CLICK);
    expect((await barred()).map((row) => (row as { at: string }).at)).toEqual([OTHER, OTHER]);
    expect(await world.deps.suppressions.holding(LOCATION, hash, 'email')).toEqual([]);
    expect(world.committed.map(({ locationId }) => locationId)).toEqual([OTHER]);
  });

  it('works where neither contact nor location is known any more', async () => {
    await post(linkOf({ locationId: 'GoneLocation', contactId: 'GoneContact' }), ONE_CLICK);
    expect(await world.deps.suppressions.holding('GoneLocation', hash, 'email')).toEqual(['link']);
  });

  it('fails with a page that asks to come again while the database is away, and is done then', async () => {
    const url = linkOf();
    world.proxy.cut();
    const answer = await post(url, ONE_CLICK);
    world.proxy.restore();
    expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([503, true]);
    expect(await answer.text()).toContain('<h1>Not just now</h1>');
    expect((await post(url, ONE_CLICK)).status).toBe(200);
    expect(await barred()).toHaveLength(2);
  });

  it('leaves no address and no token in the log', async () => {
    const url = linkOf();
    await post(url, ONE_CLICK);
    expect(world.logged()).not.toContain(url.slice(url.lastIndexOf('/') + 1));
    expect(world.logged()).not.toContain('dana@example.com');
  });
});

describe('taking it back on the page', () => {
  const again = (url: string): Promise<Response> => post(url, 'again=yes');

  it('is offered there alone, lifts what the link did, and is heard of', async () => {
    const url = linkOf();
    expect(await (await fetch(url)).text()).not.toContain('again');
    expect(await (await post(url)).text()).toContain('name="again" value="yes"');
    world.committed.length = 0;
    expect(await (await again(url)).text()).toContain('<h1>You have taken it back</h1>');
    expect(await barred()).toEqual([]);
    expect(heard()).toEqual([SECOND, CONTACT].map((one) => `lead.resubscribed ${one}`));
    await again(url);
    expect(heard()).toHaveLength(2);
  });

  it('can be done and undone again', async () => {
    const url = linkOf();
    for (const _round of [1, 2]) {
      await post(url, ONE_CLICK);
      expect(await barred()).toHaveLength(2);
      await again(url);
      expect(await barred()).toEqual([]);
    }
  });

  it.each(['complaint', 'bounce', 'unsubscribe', 'opt-out'])('does not lift a %s, and says so', async (reason) => {
    const url = linkOf();
    await world.pool.query(
      `insert into suppressions (location_id, person_hash, channel, reason, at) values ($1, $2, 'email', $3, now())`,
      [LOCATION, hash, reason],
    );
    await post(url, ONE_CLICK);
    expect(await (await again(url)).text()).toContain('You will still get none');
    expect(await world.deps.suppressions.holding(LOCATION, hash, 'email')).toEqual([reason]);
  });
});

describe('a link that is of no use', () => {
  it('is a plain page that says the same of every wrong token, whatever is asked', async () => {
    const url = linkOf();
    const foreign = createUnsubscribeLinks(Buffer.alloc(32, 9), () => world.url).urlFor({
      ...{ locationId: LOCATION, contactId: CONTACT, personHash: hash, channel: 'email', sendId: randomUUID() },
    });
    const pages = new Set<string>();
    for (const wrong of [
      `${world.url}/u/x`,
      url.slice(0, -3),
      `${url}A`,
      foreign ?? '',
      `${world.url}/u/${'A'.repeat(500)}`,
    ]) {
      for (const answer of [await fetch(wrong), await post(wrong, ONE_CLICK), await post(wrong, 'again=yes')]) {
        expect([answer.status, answer.headers.get('set-cookie')]).toEqual([404, null]);
        pages.add(await answer.text());
      }
    }
    expect(pages.size).toBe(1);
    expect([await barred(), heard()]).toEqual([[], []]);
  });

  it('is not found where no token stands, or more than one', async () => {
    for (const path of ['/u', '/u/', '/u/a/b']) expect((await fetch(`${world.url}${path}`)).status).toBe(404);
  });
});

describe('many uses from one address', () => {
  it('are slowed down, guesses first of all', async () => {
    const slow = await startApiWorld({ unsubscribeLimit: { burst: 3, perSecond: 0.001 } });
    try {
      const statuses = [];
      for (const _try of [1, 2, 3, 4]) statuses.push((await fetch(`${slow.url}/u/${'A'.repeat(120)}`)).status);
      expect(statuses).toEqual([404, 404, 404, 429]);
      const answer = await post(`${slow.url}/u/${'A'.repeat(120)}`);
      expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([429, true]);
    } finally {
      await slow.stop();
    }
  });

  it('with a body that never ends are cut off', async () => {
    const url = new URL(linkOf());
    const status = await new Promise<number | string>((resolve) => {
      const call = request(
        { ...{ host: url.hostname, port: url.port, path: url.pathname, method: 'POST' } },
        (answer) => resolve(answer.statusCode ?? 0),
      );
      call.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
      call.end('x'.repeat(200_000));
    });
    expect([413, 'ECONNRESET', 'EPIPE']).toContain(status);
    expect(await barred()).toEqual([]);
  });
});
