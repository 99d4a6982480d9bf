import { createRandom } from './random.ts';

/**
 * Multiplies ordinary messages of the opt-out corpus: sentences that people in a house search or a sale do write, full of words that a
 * careless rule takes for an opt-out. What it gives is kept in the corpus' files; the corpus test holds that the seed still gives the same.
 */
export function grammarMessages(
  seed: number,
  count: number,
): readonly { readonly class: string; readonly text: string }[] {
  const random = createRandom(seed);
  const seen = new Set<string>();
  const messages: { class: string; text: string }[] = [];
  while (messages.length < count) {
    const [named, template] = random.pick(templates);
    const plain = template.replaceAll(/\{(\w+)\}/g, (_, slot: string) => random.pick(slots[slot]!));
    const dress = random.below(10);
    const text = `${random.pick(openings)}${dressed(plain, dress)}${random.pick(closings)}`;
    if (!seen.has(text)) {
      seen.add(text);
      messages.push({ class: named, text });
    }
  }
  return messages;
}

function dressed(text: string, dress: number): string {
  if (dress === 0) {
    return text.toUpperCase();
  }
  return dress < 5 ? text.toLowerCase() : text;
}

const openings = [
  '',
  '',
  '',
  '',
  '',
  'Hi, ',
  'Hey ',
  'Ok ',
  'Thanks! ',
  'Sorry, ',
  'Good morning. ',
  'Yes, ',
  'Hmm, ',
  'Hola, ',
];
const closings = [
  '',
  '',
  '',
  '',
  '',
  '.',
  '!',
  '?',
  ' please',
  ' thanks',
  ' 😊',
  ' 👍',
  ' lol',
  ', ok?',
  '...',
  ' Thank you!',
];

const slots: Readonly<Record<string, readonly string[]>> = {
  day: [
    'Monday',
    'Tuesday',
    'Wednesday',
    'Thursday',
    'Friday',
    'Saturday',
    'Sunday',
    'tomorrow',
    'the weekend',
    'next weekend',
  ],
  time: ['9', '10:30', 'noon', '1 pm', '2', '3:15', '4', 'half past five', '6ish', 'the end of the day'],
  street: [
    'Oak',
    'Elm',
    'Maple',
    'Birch',
    'Cedar',
    'Pine',
    'Willow',
    'Endicott',
    'Lakeview',
    'North End',
    'Stopher Lane',
    'Quitman',
  ],
  home: [
    'house',
    'condo',
    'townhouse',
    'duplex',
    'ranch',
    'colonial',
    'bungalow',
    'end unit',
    'corner lot',
    'apartment',
  ],
  part: ['roof', 'kitchen', 'basement', 'garage', 'furnace', 'yard', 'deck', 'driveway', 'second bath', 'fence'],
  price: ['250', '310k', '$399,000', '425', '500 thousand', '615k', '1.1 million', '289,900', '345'],
  visit: [
    'showing',
    'tour',
    'appointment',
    'walkthrough',
    'inspection',
    'open house',
    'call',
    'meeting',
    'appraisal',
    'visit',
  ],
  who: [
    'my wife',
    'my husband',
    'my lender',
    'the lender',
    'my sister',
    'our lawyer',
    'the seller',
    'the buyer',
    'my boss',
    'the bank',
  ],
  when: [
    'now',
    'right now',
    'at the end of the month',
    'by the end of the week',
    'in the spring',
    'after the holidays',
    'this weekend',
    'over the weekend',
    'soon',
    'in June',
  ],
  thing: [
    'the listing',
    'an offer',
    'the counter offer',
    'the contract',
    'the report',
    'the comps',
    'the floor plan',
    'the photos',
    'the disclosure',
    'the address',
  ],
};

const templates: readonly (readonly [string, string])[] = [
  ['trap', 'can you stop by the {home} on {street} {day}'],
  ['trap', 'we will stop by at {time} on {day}'],
  ['trap', "please don't stop looking for a {home} under {price}"],
  ['trap', "don't stop sending {thing}, it helps"],
  ['trap', 'the bus stop on {street} is a plus for {who}'],
  ['trap', 'cancel the {visit} on {day}'],
  ['trap', 'need to cancel the {visit} at {time} and do {day} instead'],
  ['trap', '{who} had to cancel {day}, can we move the {visit}'],
  ['trap', 'please cancel my {time} {visit}, keep the one on {day}'],
  ['trap', 'I quit my job so {when} works for a {visit}'],
  ['trap', 'it is at the end of {street}, past the stop sign'],
  ['trap', 'the {home} at the end of the street with the new {part}'],
  ['trap', 'does {thing} end {when}'],
  ['trap', 'the {visit} ended at {time}'],
  ['trap', 'can they remove the {part} before closing'],
  ['trap', 'remove the {home} on {street} from my search but keep the rest'],
  ['trap', 'take the {home} on {street} off the market {when}'],
  ['trap', 'what would stop {who} from signing {when}'],
  ['trap', 'we want to revoke {thing} if {who} has not signed by {time}'],
  ['trap', 'can we opt out of the {part} upgrade on the {home}'],
  ['trap', 'non-stop rain, so the {visit} on {day} is off'],
  ['trap', 'no more than {price} for the {home}'],
  ['trap', 'not interested in the {home} on {street} but the {part} looked nice'],
  ['trap', 'you sent me the wrong address for the {visit} on {street}'],
  ['trap', "don't call {who} before {time} on {day}"],
  ['trap', 'text me {thing} {when}'],
  ['trap', 'please do not send {thing} to {who} yet'],
  ['time', 'let me know {when}'],
  ['time', 'I will let you know after I talk to {who}'],
  ['time', 'end of the month is best for the {visit}'],
  ['time', 'we close at the end of the month so {day} is tight'],
  ['time', 'is {day} at {time} ok for the {visit}'],
  ['time', 'we are free {day} after {time}'],
  ['time', '{when} would be better for {who}'],
  ['time', 'not {when}, maybe {day}'],
  ['time', 'can you talk now or is {time} better'],
  ['lender', '{who} says we are good to {price}'],
  ['lender', 'waiting on {who} for {thing}'],
  ['lender', 'which lender did you use for the {home} on {street}'],
  ['lender', 'I know a lender, {who} will send the letter {when}'],
  ['offer', "let's offer {price} for the {home} on {street}"],
  ['offer', 'did they take our offer of {price}'],
  ['offer', 'would {who} counter at {price} {when}'],
  ['offer', 'is an offer of {price} too low for the {home}'],
  ['offer', 'are there other offers on the {home} at {street}'],
  ['buyer', 'how old is the {part} at {street}'],
  ['buyer', 'we love the {home} on {street} but the {part} is small'],
  ['buyer', 'do you know if the {part} was redone'],
  ['buyer', 'anything like the {home} on {street} for {price}'],
  ['buyer', 'does the {home} on {street} have a {part}'],
  ['buyer', 'send me {thing} for the {home} on {street}'],
  ['seller', 'what is my {home} on {street} worth {when}'],
  ['seller', 'we want to list the {home} {when} for {price}'],
  ['seller', 'should we fix the {part} before {day}'],
  ['seller', '{who} wants {price} for it, is that fair'],
  ['seller', 'when can you see the {home}, {day} or {day}'],
  ['renter', 'is the {home} on {street} for rent {when}'],
  ['renter', 'my lease ends {when}, can we tour a {home}'],
  ['spanish', '¿Podemos ver la casa de {street} a las {time}?'],
  ['spanish', 'No puedo el {day}, mejor a fin de mes'],
  ['spanish', 'quiero cancelar la cita de las {time}, mejor otro día'],
  ['spanish', 'no más de {price} por la casa de {street}'],
];
