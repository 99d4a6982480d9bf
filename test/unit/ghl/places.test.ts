import { describe, expect, it } from '@jest/globals';
import { createPlaces, type Place } from '../../../integrations/ghl/places.ts';
import type { Reply } from '../../../integrations/ghl/reply.ts';

const answered: Reply = { kind: 'answer', status: 200, json: {}, headers: {}, traceId: undefined, startedAt: 0 };
const unanswered: Reply = { kind: 'failed', written: true, reason: 'UND_ERR_HEADERS_TIMEOUT', cause: undefined };
const refused: Reply = { kind: 'failed', written: false, reason: 'ECONNREFUSED', cause: undefined };

const left = (place: Place, reply: Reply): void => {
  if (place.kind !== 'place') throw new Error('expected a place');
  place.leave(reply);
};

describe('the places of a location', () => {
  it('are so many, and taken by one location they are still there for another', async () => {
    const take = createPlaces({ places: 2, waitMs: 5 });
    expect([await take('a'), await take('a')].map(({ kind }) => kind)).toEqual(['place', 'place']);
    expect(await take('a')).toEqual({ kind: 'none', retryAfterMs: 2_000 });
    expect((await take('b')).kind).toBe('place');
  });

  it('go to those who wait, in their order, as soon as one is left', async () => {
    const take = createPlaces({ places: 1, waitMs: 60_000 });
    const first = await take('a');
    const order: string[] = [];
    const [second, third] = ['second', 'third'].map(async (name) => {
      const place = await take('a');
      order.push(name);
      return place;
    }) as [Promise<Place>, Promise<Place>];
    left(first, answered);
    left(await second, answered);
    left(await third, answered);
    expect(order).toEqual(['second', 'third']);
    expect((await take('a')).kind).toBe('place');
  });

  it('shrink to one while nothing is answered, wait for nobody then, and come back with the first answer', async () => {
    const take = createPlaces({ places: 4, waitMs: 60_000 });
    const all = await Promise.all([take('a'), take('a'), take('a'), take('a')]);
    const waiting = take('a');
    for (const place of all.slice(0, 3)) left(place, unanswered);
    // The third without an answer made it silent; the two before had let the one who waited in.
    left(await waiting, unanswered);
    expect(await take('a')).toEqual({ kind: 'none', retryAfterMs: 10_000 });
    left(all[3], unanswered);
    const probe = await take('a');
    expect(await take('a')).toEqual({ kind: 'none', retryAfterMs: 10_000 });
    left(probe, answered);
    expect((await Promise.all([take('a'), take('a')])).map(({ kind }) => kind)).toEqual(['place', 'place']);
  });

  it('send away those who wait when the location falls silent', async () => {
    const take = createPlaces({ places: 3, waitMs: 60_000 });
    const all = await Promise.all([take('a'), take('a'), take('a')]);
    left(all[0], unanswered);
    left(all[1], unanswered);
    const again = await Promise.all([take('a'), take('a')]);
    const waiting = take('a');
    left(all[2], unanswered);
    expect(await waiting).toEqual({ kind: 'none', retryAfterMs: 10_000 });
    for (const place of again) left(place, answered);
  });

  it('do not shrink for connections that are refused at once', async () => {
    const take = createPlaces({ places: 2, waitMs: 5 });
    for (let time = 0; time < 10; time += 1) left(await take('a'), refused);
    expect([await take('a'), await take('a')].map(({ kind }) => kind)).toEqual(['place', 'place']);
  });
});
