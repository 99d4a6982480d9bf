import { describe, expect, it } from '@jest/globals';
import { readMessage } from '../../../domain/leads/read-message.ts';
import { readMoney } from '../../../domain/leads/read-money.ts';
import { readTimeline } from '../../../domain/leads/read-timeline.ts';
import { leadFeatures, traceFeatures } from '../../../domain/scoring/features/lead-features.ts';
import { rereadAt } from '../../../domain/scoring/reread.ts';
import { scoreByRules } from '../../../domain/scoring/scorecard.ts';
import { storedFacts } from '../../../domain/scoring/stored-facts.ts';
import { emptyHistory } from '../../support/random-history.ts';

const monday = '2026-03-02T12:00:00.000Z';
const tuesday = '2026-03-03T12:00:00.000Z';

/** What the lead says is as long in both languages, as it is not in life: the length of texts is watched by itself. */
const long = 90;
const pairs: readonly (readonly [string, string])[] = [
  [
    'What is the price? My budget is 300k, three bedrooms',
    '¿Cuál es el precio? Mi presupuesto es 300 mil, tres recámaras',
  ],
  ['My budget is $500k and I want to buy ASAP', 'Mi presupuesto es 500 mil dólares y quiero comprar lo antes posible'],
  ['We are pre-approved up to $450,000', 'Estamos preaprobados hasta $450,000'],
  ['I need to talk to a lender first, no rush', 'Necesito hablar con un banco primero, sin prisa'],
  ['We want to sell our house in 3 months', 'Queremos vender nuestra casa en 3 meses'],
  ['Between 400 and 450k, paying cash', 'Entre 400 y 450 mil, pago en efectivo'],
  ['We could pay 1.2 million, next year', 'Podríamos pagar 1.2 millones, el próximo año'],
  ['Hello! Is it still there? And when can I see it?', '¡Hola! ¿Sigue disponible? ¿Y cuándo puedo verla?'],
  ['I need 4 bedrooms and two baths', 'Necesito 4 habitaciones y dos baños'],
  ['Thank you', 'Gracias'],
  ['My budget and the location are in the form', 'Mi presupuesto y la zona están en el formulario'],
];

function historyOf(body: string) {
  const message = {
    at: monday,
    direction: 'inbound',
    channel: 'sms',
    body: body.padEnd(long, '.'),
    human: false,
  } as const;
  return { ...emptyHistory(monday), messages: [message] };
}

describe('the same thing in English and in Spanish', () => {
  it.each(pairs)('is worth the same: %s', (english, spanish) => {
    const [one, other] = [english, spanish].map((body) => {
      const { values } = rereadAt({ contactId: 'c', history: historyOf(body) }, tuesday, null);
      return Object.fromEntries(traceFeatures.map((feature, i) => [feature, values[i]]));
    });
    expect(other).toEqual(one);
    const [first, second] = [english, spanish].map((body) => scoreByRules(storedFacts(historyOf(body), tuesday, null)));
    expect(second).toEqual(first);
  });

  it('is read as the same answers', () => {
    const read = (text: string) => readMessage(text, { optedOut: false }).answers;
    expect(read(pairs[1]![1])).toEqual({ budget: 500_000, timeline: 'immediate' });
    expect(read(pairs[2]![1])).toEqual({ budget: 450_000, financing: true });
    expect(read(pairs[3]![1])).toEqual({ financing: false, timeline: 'exploring' });
  });

  it('is watched wherever a language may tell', () => {
    const watched = ['textLength', 'questionsAsked', 'detailShare', 'questionsAnswered', 'budgetFit'];
    for (const name of watched) {
      expect([name, leadFeatures.find((one) => one.name === name)!.fairHousing]).toEqual([name, 'watched']);
    }
  });
});

describe('mil', () => {
  it.each([
    ['500 mil dólares', 500_000],
    ['350 mil', 350_000],
    ['entre 400 y 450 mil', 450_000],
    ['hasta 15 mil', 15_000],
    ['1.2 mil', 1_200_000],
    ['up to 2 mil', 2_000_000],
    ['half a mil', 500_000],
    ['2 millones de dólares', 2_000_000],
    ['un millón', 1_000_000],
    ['medio millón', 500_000],
    ['2 mil', null],
    ['gano 60 mil al año', null],
  ])('%s is %s', (text, wanted) => expect(readMoney(text)).toBe(wanted));
});

describe('timelines in Spanish', () => {
  it.each([
    ['immediate', ['cuanto antes', 'este mes', 'en dos semanas', 'la próxima semana']],
    ['soon', ['pronto', 'en 3 a 6 meses', 'en un par de meses']],
    ['exploring', ['no tengo prisa', 'solo estoy mirando', 'el año que viene', 'en un año', 'no es urgente']],
    [null, ['hablamos pronto', 'hace dos meses', 'mañana no puedo']],
  ] as const)('%s', (wanted, texts) => {
    expect(texts.map((text) => [text, readTimeline(text)])).toEqual(texts.map((text) => [text, wanted]));
  });
});
