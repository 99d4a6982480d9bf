import { createDice } from './random.ts';
import type { Shape } from './shape.ts';
import { type Row, type SeedTable, iso } from './table.ts';
import type { Said, Talks } from './talks.ts';
import type { Texts } from './texts.ts';

/** Messages of all talks, the oldest first whoever wrote them: so they lie in a database that has grown. */
export function messagesTable(shape: Shape, talks: Talks, texts: Texts): SeedTable {
  return {
    name: 'messages',
    columns: [
      'location_id',
      'contact_id',
      'message_key',
      'direction',
      'channel',
      'body',
      'status',
      'origin',
      'human',
      'at',
    ],
    *rows() {
      const dice = createDice(shape.seed);
      for (const { lead, part } of inOrder(shape, talks)) {
        const said = talks.of(lead)[part]!;
        const seat = shape.seatOf(lead);
        const key = dice.at('message', lead, part).id();
        const body = texts.message(lead, part, said, seat.metro);
        yield [
          seat.locationId,
          shape.contactId(lead),
          key,
          ...kindOf(said),
          body,
          ...fateOf(said),
          said.human,
          iso(said.at),
        ];
      }
    },
  };
}

const kindOf = (said: Said): Row => [said.inbound ? 'inbound' : 'outbound', said.channel];

function fateOf({ inbound, human }: Said): Row {
  return inbound ? [null, null] : ['delivered', human ? 'app' : 'workflow'];
}

/** Every message of every lead by its second; few bytes each, since there are millions. */
function* inOrder(shape: Shape, talks: Talks): Iterable<{ lead: number; part: number }> {
  const count = shape.messages;
  const leads = new Uint32Array(count);
  const parts = new Uint8Array(count);
  const keys = new Float64Array(count);
  const begin = shape.asOf - 4 * 365 * 86_400_000;
  let n = 0;
  for (let lead = 0; lead < shape.leads; lead += 1) {
    talks.of(lead).forEach((said, part) => {
      leads[n] = lead;
      parts[n] = part;
      // Second and number in one, exact in the 53 bits of a number.
      keys[n] = Math.floor((said.at - begin) / 1000) * count + n;
      n += 1;
    });
  }
  keys.sort();
  for (const key of keys) {
    const at = key % count;
    yield { lead: leads[at]!, part: parts[at]! };
  }
}
