import { describe, expect, test } from '@jest/globals';
import { readFinancing } from '../../../domain/leads/read-financing.ts';

describe('a plan for the money that is denied, in whatever way of speaking, is no plan', () => {
  const denied = [
    ...["ain't got no lender", 'aint got a lender', "don't got a lender", 'I got zero lender', "ain't pre-approved"],
    ...['never talked to nobody at a bank', "we ain't never spoke to no lender", "hadn't talked to a lender yet"],
    ...["ain't been preapproved", 'nobody at the bank approved us', "the bank ain't approved me", "bank hasn't approved us"],
    ...['neither of us has talked to a bank', 'hardly talked to a bank', 'I have yet to talk to a lender'],
    ...["ain't nobody approved us", 'not paying cash', "I ain't got no cash", "don't have the cash", "can't pay cash"],
    ...['not a cash buyer', 'wasn’t approved', 'dont have money for it', 'yeah no, no lender', "sure ain't approved"],
    ...['no tengo ningún banco', 'nunca he hablado con un banco', 'tampoco tengo banco', 'ni tengo prestamista'],
    ...['no pago en efectivo', 'no voy a pagar de contado', 'jamás hablé con un prestamista', 'nadie me ha aprobado'],
  ]; // prettier-ignore
  test.each(denied)('%s', (text) => {
    expect([readFinancing(text, false), readFinancing(text, true)]).not.toContain(true);
  });

  test.each(["ain't got no lender", "don't got no bank", "ain't pre-approved", 'tampoco tengo banco', 'ningún banco'])(
    'where it names who would lend, it is a no: %s',
    (text) => expect(readFinancing(text, false)).toBe(false),
  );
});

test.each([
  ...['I got a lender', 'got me a lender', 'we are pre-approved', 'tengo un prestamista', 'pago en efectivo'],
  ...[
    'I have a lender, no problem',
    'not a problem, we have the cash',
    'no problem paying cash',
    "No we're paying cash",
  ],
  ...["I ain't worried, got a lender", 'no kids, pre-approved', "not sure on the area but we're preapproved"],
  ...["I don't have a house to sell and I'm pre-approved", "can't wait, we're paying cash"],
])('what denies something else leaves the plan standing: %s', (text) => {
  expect(readFinancing(text, false)).toBe(true);
});

test('a long message takes no longer than its length', () => {
  expect(readFinancing('I never pay cash '.repeat(6_000), true)).not.toBe(true);
});
