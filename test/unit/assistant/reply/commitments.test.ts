import { describe, expect, test } from '@jest/globals';
import { judgeDraft } from '../../../../domain/assistant/reply/judge.ts';
import { languageOf } from '../../../../domain/assistant/reply/language.ts';
import { hasLink } from '../../../../domain/assistant/reply/links.ts';
import { location, replyFacts } from './reply-facts.ts';

function codesOf(text: string, facts = replyFacts()): readonly string[] {
  const language = languageOf(text) === 'es' ? 'es' : 'en';
  const verdict = judgeDraft({ text, question: 'none', language, human: false }, facts);
  return verdict.ok ? [] : verdict.reasons.map(({ code }) => code);
}

describe('a draft that binds somebody without a figure is blocked', () => {
  test.each([
    ['agreement', ['yes, we can do that price', 'the owner accepts', 'Deal.', "Sure, it's a deal.", 'Agreed.', 'Your offer is accepted.', 'The seller says yes.', "The owner is fine with that.", "We'll match any price.", 'We would take less.', 'Sure: below asking.', 'the price is negotiable', 'Price reduced.', 'name your price', 'As agreed, it is.', 'Sure, that price works.', 'That works for the owner.', 'OK, your terms are fine.', "We can't refuse your offer.", 'Consider it done.', 'We can do that.', 'Happy to accept that.', 'Seller financing is ok.']], // prettier-ignore
    ['agreement', ['trato hecho', 'el dueño acepta', 'El propietario aceptó su oferta.', 'Sí, podemos hacer ese precio', 'aceptamos su oferta', 'Su oferta fue aceptada.', 'Estamos de acuerdo con el precio.', 'lo que usted pida']], // prettier-ignore
    ['money', ['The fee is waived.', 'our commission is free', 'The deposit gets refunded', 'closing costs are covered', 'We cover closing costs.', 'No deposit needed.', 'You owe nothing.', 'without a deposit', 'a signing bonus', 'your gift is waiting', 'The seller will pay your closing costs.', 'Sure: free.', 'It is waived.', 'the first month is free', 'a special rate', 'knock something off']], // prettier-ignore
    ['money', ['sin comisión', 'la comisión es gratis', 'no cobramos comisión', 'El depósito se reembolsa.', 'gastos de cierre cubiertos', 'Le damos un descuento.', 'Es sin costo.']], // prettier-ignore
    ['promise', ['It is all yours.', 'Exclusively yours.', "We'll hold it for you.", 'You are first in line.', 'There are no other buyers.', 'It is still on the market.', 'The house has not been sold.', 'You are approved.', 'Rest assured.', 'You have my word.', 'la casa es suya', 'Le aseguro que sí.', 'sigue en venta']], // prettier-ignore
    ['done', ['See you then.', "You're all set.", 'The tour is set.', 'Appointment confirmed.', "We'll meet you there.", 'Come by anytime.', 'nos vemos ahí', 'lo esperamos', 'Su cita está lista.']], // prettier-ignore
    ['private', ['They are divorcing.', 'Another client offered more.', 'She is behind on her mortgage.', 'Se están divorciando.']], // prettier-ignore
  ])('%s', (code, texts) => {
    for (const text of texts) expect([text, codesOf(text)]).toEqual([text, expect.arrayContaining([code])]);
  });

  test('also behind a refusal, in a question that takes it as given, and in words put into another mouth', () => {
    for (const text of [
      "I can't promise, but the fee is waived.",
      "I can't promise anything, the owner accepts.",
      "I can't say: the fee is waived.",
      "I've asked our agent and the owner accepts.",
      'Let me tell you the fee is waived.',
      'Our agent can confirm the fee is waived.',
      'If you sign now the fee is waived.',
      'Did you know the fee is waived?',
      'The fee is waived, ok?',
      'Would you like your free gift?',
      'No puedo prometer nada, pero el dueño acepta.',
    ])
      expect([text, codesOf(text)]).not.toEqual([text, []]);
  });
});

test.each([
  "I can't promise that.",
  'Let me ask the agent about the fee.',
  "I can't say whether the fee is waived.",
  "I can't speak to commissions, so I've passed that on to our agent.",
  'Our agent can answer questions about the deposit.',
  "I've passed your offer on to our agent.",
  "I don't know if the seller would accept that, so our agent will answer here.",
  "Only the owner can accept an offer, so I've passed yours on.",
  "I'm not able to agree to a price.",
  "We can't offer a discount.",
  'Got it, within that budget. Which area?',
  "Yes, it's listed at {{listing:A77.price}}.",
  'Would {{slot:1}} or {{slot:2}} suit you?',
  'Are you pre-approved, or paying cash?',
  'Do you have a down payment set aside?',
  'Is your price range flexible?',
  'Are you free for a call?',
  'Feel free to write any time.',
  'It has a covered patio, a bonus room and a step-free entrance.',
  'No problem, take your time.',
  'That works, thanks.',
  "That's okay, there is no rush.",
  'The decision is yours.',
  "I can't speak of another client.",
  "They don't accept contingent offers.",
  'De acuerdo. ¿En qué zona busca?',
  'No puedo prometer un precio.',
  'Le pregunto a nuestro agente sobre la comisión.',
  'Claro, le paso su oferta a nuestro agente.',
  '¿Tiene enganche ahorrado?',
  'La decisión es suya.',
])('what refuses, passes on or asks binds nobody: %s', (text) => {
  expect(codesOf(text)).toEqual([]);
});

test("a sentence of the brokerage's own may be said as it stands, and in no other words", () => {
  const facts = replyFacts({ location: { ...location, facts: ['Buyers pay no fee to us.'] } });
  expect(codesOf('Buyers pay no fee to us.', facts)).toEqual([]);
  expect(codesOf('Buyers pay no fee to us.')).toEqual(['money']);
  expect(codesOf('Sellers pay no fee to us.', facts)).toContain('money');
});

describe('an address', () => {
  test.each([
    ...['data:text', 'See data:,x here', 'javascript:alert', 'tel:+', 'sms:us', 'sms: us', 'mailto:us', 'intent:x', 'ftp:x'],
    ...['xn--abc', 'rivera homes . com', 'rivera .com', 'rivera. zip', 'example. com', 'example dot zip', 'example (dot) com'],
    ...['e x a m p l e . c o m', 'h t t p s : / / x', 'rivera,com', 'rivera-homes.quest', '10.0.0.1', '0x7f000001', 'exampledotcom'],
    ...['find us on linkedin', 'mailto', 'text/html', 'nosotros arroba ejemplo punto com'],
  ])('%s', (text) => {
    expect([hasLink(text), codesOf(text).includes('link')]).toEqual([true, true]);
  }); // prettier-ignore

  test.each([
    'We are open: mornings, mostly.',
    'It is right on the dot.',
    'Buy and/or sell, as you like.',
    'Between nine a.m. and five p.m. then.',
    'Welcome back.',
    "I can't send links.",
    'Un punto importante: el patio.',
    'Thanks. Homes there have yards.',
  ])('none: %s', (text) => expect(hasLink(text)).toBe(false));
});
