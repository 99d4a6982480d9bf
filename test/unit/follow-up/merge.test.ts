import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isListingField, mergeFields, render } from '../../../domain/follow-up/merge.ts';

const facts = {
  contact: { firstName: 'Ana', lastName: 'Pérez' },
  location: { name: 'Oak Lane Realty', phone: '+18135550142', address: '12 Oak Lane, Tampa, FL 33601' },
  agent: { name: 'Sam Lee' },
};
const visit = { at: '2026-03-10T14:30:00.000Z' };
const zones = (theirs: string | null, ours: string | null) => ({
  contact: { timezone: theirs },
  location: { timezone: ours },
  appointment: visit,
});

describe('merge fields', () => {
  it('all resolve from the facts', () => {
    const ofHomes = mergeFields.filter((name) => isListingField(name));
    expect(render(`{{${ofHomes[0]!}}}`, facts)).toEqual({ ok: false, missing: [ofHomes[0]] });
    const template = mergeFields
      .filter((name) => !isListingField(name))
      .map((name) => `{{${name}}}`)
      .join(' / ');
    const all = { ...facts, contact: { ...facts.contact, timezone: 'America/New_York' }, appointment: visit };
    expect(render(template, all)).toEqual({
      ok: true,
      text: 'Ana / Pérez / Oak Lane Realty / (813) 555-0142 / 12 Oak Lane, Tampa, FL 33601 / Sam Lee / Tuesday, March 10 / 10:30 AM EDT',
    });
    expect(render('{{ contact.firstName }}, hello', facts)).toEqual({ ok: true, text: 'Ana, hello' });
  });

  it('that do not resolve keep the message from going out, each named', () => {
    expect(render('Hi {{contact.firstName}} from {{agent.name}}', {})).toEqual({
      ok: false,
      missing: ['contact.firstName', 'agent.name'],
    });
    expect(render('{{contact.city}}', facts)).toEqual({ ok: false, missing: ['contact.city'] });
    expect(render('Hi {{contact.firstName|}}', {})).toEqual({ ok: false, missing: ['contact.firstName'] });
    expect(render('{{constructor}}{{contact.toString}}', facts)).toMatchObject({ ok: false });
  });

  it('fall back to their default where there is one', () => {
    expect(render('Hi {{contact.firstName|there}}!', {})).toEqual({ ok: true, text: 'Hi there!' });
    expect(render('Hi {{contact.firstName|there}}!', facts)).toEqual({ ok: true, text: 'Hi Ana!' });
  });

  it.each<[string, string | null, string | null, string | null]>([
    ['in the lead’s zone, which is the office’s', 'America/New_York', 'America/New_York', 'Tuesday, March 10 10:30 AM'],
    ['in the lead’s zone, with the same clock', 'America/Detroit', 'America/New_York', 'Tuesday, March 10 10:30 AM'],
    [
      'in the lead’s zone, which is another',
      'America/Los_Angeles',
      'America/New_York',
      'Tuesday, March 10 7:30 AM PDT',
    ],
    ['in the lead’s zone, the office’s unknown', 'America/Chicago', null, 'Tuesday, March 10 9:30 AM CDT'],
    ['in the office’s zone, the lead’s unknown', null, 'America/New_York', 'Tuesday, March 10 10:30 AM EDT'],
    ['in the office’s zone, the lead’s none', 'EST', 'Pacific/Honolulu', 'Tuesday, March 10 4:30 AM HST'],
    ['not at all, no zone known', null, null, null],
  ])('tell an appointment %s', (_, theirs, ours, expected) => {
    const read = render('{{appointment.day}} {{appointment.time}}', zones(theirs, ours));
    expect(read).toEqual(
      expected === null
        ? { ok: false, missing: ['appointment.day', 'appointment.time'] }
        : { ok: true, text: expected },
    );
  });

  it('tell no appointment where there is none, and no number that is none', () => {
    const zone = { timezone: 'America/New_York' };
    for (const appointment of [null, undefined, { at: 'soon' }]) {
      const given = { contact: zone, location: zone, ...(appointment === undefined ? {} : { appointment }) };
      expect(render('{{appointment.day}}', given).ok).toBe(false);
    }
    const phone = (value: string | null) => render('{{location.phone}}', { location: { phone: value } });
    expect(phone('+442079460958')).toEqual({ ok: true, text: '+442079460958' });
    for (const value of [null, '', '813 555 0142', '+1 call me']) expect(phone(value).ok).toBe(false);
  });

  it.each(['Ana', 'Ana María', "O'Neil", 'Jean-Luc', 'J.', 'Zoë', 'Mary & Tom', '李', '  Ana  '])(
    'take %j for a name',
    (firstName) => {
      expect(render('{{contact.firstName}}', { contact: { firstName } })).toEqual({ ok: true, text: firstName.trim() });
    },
  );

  it.each([
    '',
    '  ',
    'http://example.com',
    'example.com',
    'Ana 555-0100',
    '{{agent.name}}',
    'a'.repeat(41),
    'null',
    'Unknown',
    'Ana\u202e',
    '<b>Ana</b>',
    '-',
  ])('do not take %j for a name', (firstName) => {
    expect(render('{{contact.firstName|there}}', { contact: { firstName } })).toEqual({ ok: true, text: 'there' });
  });

  it.each(['Hi {{contact.firstName', 'Hi contact.firstName}}', '{{{{contact.firstName}}}}', '{{a|{{b}}}}'])(
    'with broken braces (%j) never go out',
    (template) => {
      expect(render(template, facts).ok).toBe(false);
    },
  );

  it('leave no braces in a text, whatever template and facts hold', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '{{',
        '}}',
        '{',
        '}',
        '|',
        'Hi ',
        '{{contact.firstName}}',
        '{{contact.firstName|there}}',
        '{{agent.name|{}}',
        '{{location.name}}',
      ),
      fc.string({ maxLength: 5 }),
    );
    const name = fc.oneof(fc.constantFrom('{', '}', '{{', '{{location.name}}', 'Ana', null, undefined), fc.string());
    fc.assert(
      fc.property(fc.array(piece), name, name, (pieces, one, two) => {
        const rendered = render(pieces.join(''), {
          contact: { firstName: one ?? null },
          location: { name: two ?? null },
        });
        if (rendered.ok) expect(rendered.text).not.toMatch(/\{\{|\}\}/);
        else expect(rendered.missing.length).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });
});
