import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mergeFields, render } from '../../../domain/follow-up/merge.ts';

const facts = {
  contact: { firstName: 'Ana', lastName: 'Pérez' },
  location: { name: 'Oak Lane Realty' },
  agent: { name: 'Sam Lee' },
};

describe('merge fields', () => {
  it('all resolve from the facts', () => {
    const template = mergeFields.map((name) => `{{${name}}}`).join(' / ');
    expect(render(template, facts)).toEqual({ ok: true, text: 'Ana / Pérez / Oak Lane Realty / Sam Lee' });
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
