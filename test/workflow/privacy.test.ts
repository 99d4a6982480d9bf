import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLeadEnv, type LeadEnv } from '../support/lead-env.ts';
import { HOUR, MINUTE, NEW_YORK, playWith } from '../support/lead-play.ts';

let env: LeadEnv;
let play: ReturnType<typeof playWith>;

beforeAll(async () => {
  env = await createLeadEnv();
  play = playWith(env);
});

afterAll(() => env.close());

const person = {
  firstName: 'Zebulonmarker',
  lastName: 'Quillfeathermarker',
  phone: '+12125550187',
  email: 'zq.marker@example.com',
};
const words = 'We long for a crimsonmarker porch, our budget is 412345';
const humanWords = 'Dear Zebulonmarker, I kept the cobaltmarker keys for you';
const markers = [
  ...Object.values(person),
  ...['crimsonmarker', 'cobaltmarker', '412345', '2125550187', '212-555-0187'],
].map((marker) => marker.toLowerCase());

/** Every string and every byte of whatever it is, as one text: payloads are bytes, and memo and attributes hold payloads. */
function textOf(value: unknown): string {
  const texts: string[] = [];
  const walk = (part: unknown): void => {
    if (typeof part === 'string') texts.push(part);
    else if (part instanceof Uint8Array) texts.push(new TextDecoder().decode(part));
    else if (Array.isArray(part)) part.forEach(walk);
    else if (typeof part === 'object' && part !== null)
      for (const [key, inner] of Object.entries(part)) {
        texts.push(key);
        walk(inner);
      }
    else if (typeof part === 'number' || typeof part === 'bigint') texts.push(String(part));
  };
  walk(value);
  return texts.join('\n').toLowerCase();
}

function found(text: string): string[] {
  return markers.filter((marker) => text.includes(marker));
}

describe('what Temporal knows of a lead', () => {
  it('is nothing personal: no name, no address, no word of theirs or ours, in all that it stores and shows', async () => {
    await env.time.skipTo(NEW_YORK, '10:00');
    // A text of unknown outcome and an event that cannot be worked: failures must not quote what they were given either.
    await play.fault({ status: 500, body: { message: `no luck for ${person.firstName} at ${person.phone}` } });
    const ref = await play.newLead(person);
    const shown: unknown[] = [await showing(ref)];
    await env.time.skip(20 * MINUTE);
    await play.settled(ref);
    shown.push(await showing(ref));
    await env.time.skip(HOUR);
    await play.settled(ref);
    await play.says(ref, words);
    await play.settled(ref);
    await play.humanWrites(ref, humanWords);
    await play.settled(ref);
    await play.act(ref, 'resume');
    await play.act(ref, 'enrol', { sequence: 'new-lead-welcome', by: 'operator-1' });
    await play.settled(ref);
    await play.says(ref, 'STOP');
    await play.settled(ref);
    shown.push(await showing(ref));

    const history = await play.handle(ref).fetchHistory();
    const kept = textOf(history);
    // The control: what is there is found, so what is not found is not there.
    expect(kept).toContain(ref.contactId);
    expect(kept).toContain('new-lead welcome');
    expect(found(kept)).toEqual([]);
    const seen = textOf(shown);
    expect(seen).toContain('waiting for');
    expect(found(seen)).toEqual([]);
  });

  it('holds for the log as well', () => {
    expect(env.log.lines.length).toBeGreaterThan(0);
    expect(found(env.log.lines.join('\n').toLowerCase())).toEqual([]);
  });

  it('would be found if it were there', () => {
    const payload = { data: new TextEncoder().encode(JSON.stringify({ note: person.email })) };
    expect(found(textOf({ events: [{ input: { payloads: [payload] } }] }))).toEqual([person.email]);
  });
});

/** What operators see: search attributes, memo, the answer of the state query, current details, summaries. */
async function showing(ref: Awaited<ReturnType<typeof play.newLead>>): Promise<unknown> {
  const described = await play.handle(ref).describe();
  return {
    described: described.raw,
    view: await play.view(ref),
    metadata: await play.handle(ref).query('__temporal_workflow_metadata'),
  };
}
