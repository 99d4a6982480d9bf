import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalBody, readJsonObject, tooDeep } from '../../../domain/webhooks/payload.ts';

describe('reading a body that anybody may have written', () => {
  it('refuses 10,000 levels without a stack, as list, object and mixture', () => {
    const n = 10_000;
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
      ['[{"a":', '}]'],
    ] as const) {
      expect(readJsonObject(`{"x":${open.repeat(n)}1${close.repeat(n)}}`)).toEqual({
        ok: false,
        why: 'nested deeper than 64',
      });
    }
  });

  it('allows 64 levels and refuses 65', () => {
    expect(tooDeep('['.repeat(64) + ']'.repeat(64))).toBe(false);
    expect(tooDeep('['.repeat(65) + ']'.repeat(65))).toBe(true);
  });

  it('does not count brackets inside strings, escaped quotes included', () => {
    expect(tooDeep(JSON.stringify({ a: `\\"${'[{'.repeat(200)}`, b: '\\' }))).toBe(false);
    expect(tooDeep(`{"a":"\\\\","b":${'['.repeat(70)}`)).toBe(true);
  });

  it('refuses keys that change prototypes, also when escaped or nested, and leaves Object untouched', () => {
    for (const text of [
      '{"__proto__":{"admin":true}}',
      '{"a":[{"__proto__":1}]}',
      '{"\\u005f_proto__":{"admin":true}}',
      '{"constructor":{"prototype":{"admin":true}}}',
    ]) {
      expect(readJsonObject(text)).toMatchObject({ ok: false });
    }
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('keeps a custom field that happens to be called constructor', () => {
    expect(readJsonObject('{"constructor":"Smith Homes"}')).toMatchObject({ ok: true });
  });

  it('refuses what is no object: lists, texts, numbers, null, nothing, halves', () => {
    for (const text of ['[]', '"a"', '1', 'null', '', '{"a":', '{a:1}', 'undefined', '\u0000']) {
      expect(readJsonObject(text).ok).toBe(false);
    }
  });

  it('replaces characters that no database stores, in values and keys', () => {
    const read = readJsonObject('{"a":"x\\u0000y","b":["\\ud800z"],"k\\u0000":{"c":"\\udc00"}}');
    expect(read).toEqual({ ok: true, json: { a: 'xy', b: ['\uFFFDz'], k: { c: '\uFFFD' } } });
  });

  it('keeps every other body as it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z ]{1,12}$/), fc.jsonValue({ maxDepth: 5 })), (json) => {
        const text = JSON.stringify(json);
        const read = readJsonObject(text);
        fc.pre(!text.includes('__proto__') && !/\\u0000|\\ud[89a-f]/i.test(text));
        expect(read).toEqual({ ok: true, json: JSON.parse(text) });
      }),
    );
  });

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readJsonObject(text)));
  });
});

describe('the canonical body', () => {
  it('is the same for a repeat with another send time or key order', () => {
    expect(canonicalBody({ a: 1, timestamp: 't1', b: { d: 1, c: [2, 3] } })).toBe(
      canonicalBody({ b: { c: [2, 3], d: 1 }, timestamp: 't2', a: 1 }),
    );
  });

  it('differs when anything else differs, nested times included', () => {
    const base = canonicalBody({ a: { timestamp: '1' }, list: [1, 2] });
    expect(canonicalBody({ a: { timestamp: '2' }, list: [1, 2] })).not.toBe(base);
    expect(canonicalBody({ a: { timestamp: '1' }, list: [2, 1] })).not.toBe(base);
    expect(canonicalBody({ a: { timestamp: 1 }, list: [1, 2] })).not.toBe(base);
  });

  it('parses back to the body without its send time', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue()), (json) => {
        const { timestamp: _sendTime, ...rest } = json;
        expect(JSON.parse(canonicalBody(json))).toEqual(JSON.parse(JSON.stringify(rest)));
      }),
    );
  });
});
