import { type Dice, createDice, weighted } from './random.ts';
import { DAY, EVENING, HOUR, type Shape, awake } from './shape.ts';

export type Channel = 'sms' | 'email' | 'chat' | 'internal-comment';

/** One message of a talk, without its words. */
export interface Said {
  readonly at: number;
  readonly inbound: boolean;
  readonly channel: Channel;
  /** Written by a person of the team. */
  readonly human: boolean;
}

/** Who wrote when, for every lead; `messages` in all. */
export interface Talks {
  /** Oldest first; empty for a lead with whom nobody has spoken. */
  of(lead: number): readonly Said[];
}

const mainChannel = weighted<Channel>([
  ['sms', 76],
  ['email', 16],
  ['chat', 8],
]);

const LONGEST = 60;

/** Talks of a shape. Keen leads write more, sooner and longer. */
export function createTalks(shape: Shape): Talks {
  const dice = createDice(shape.seed);
  const lengths = lengthsOf(shape);
  return {
    of(lead) {
      const length = lengths[lead]!;
      if (length === 0) return [];
      const interest = shape.interest(lead);
      return talk(dice.at('talk', lead), length, interest, shape.createdAt(lead), shape.asOf);
    },
  };
}

/** Many leads are never spoken with, some for months; in the end as many messages as there must be. */
function lengthsOf(shape: Shape): Uint8Array {
  const dice = createDice(shape.seed);
  const lengths = new Uint8Array(shape.leads);
  let total = 0;
  for (let lead = 0; lead < shape.leads; lead += 1) {
    const interest = shape.interest(lead);
    dice.at('length', lead);
    if (dice.chance(Math.min(0.6, Math.max(0.08, 0.28 - 0.1 * interest)))) continue;
    lengths[lead] = Math.min(LONGEST, 1 + Math.floor(dice.wait(3.2 * Math.exp(0.35 * interest))));
    total += lengths[lead]!;
  }
  for (let lead = 0; total !== shape.messages; lead = (lead + 1) % shape.leads) {
    const length = lengths[lead]!;
    const step = total < shape.messages ? 1 : -1;
    if (length === 0 || length + step < 1 || length + step > LONGEST) continue;
    // Every few leads one message more or less, so that it is not the oldest talks alone that change.
    if (dice.at('trim', lead, total & 7).chance(0.7)) continue;
    lengths[lead] = length + step;
    total += step;
  }
  return lengths;
}

function talk(dice: Dice, length: number, interest: number, createdAt: number, asOf: number): readonly Said[] {
  const channel = mainChannel(dice);
  const answers = Math.min(0.85, Math.max(0.08, 0.4 + 0.16 * interest));
  const said: Said[] = [];
  let inbound = dice.chance(0.25);
  let after = 0;
  for (let part = 0; part < length; part += 1) {
    after += gap(dice, part, inbound, interest);
    const comment = !inbound && part > 0 && dice.chance(0.02);
    said.push({
      at: after,
      inbound,
      channel: comment ? 'internal-comment' : dice.chance(0.93) ? channel : 'email',
      human: !inbound && (comment || dice.chance(part < 2 ? 0.1 : 0.45)),
    });
    inbound = inbound ? !dice.chance(0.86) : dice.chance(answers);
  }
  // Most talks end with a word of ours: what nobody answered is the exception.
  const last = said.at(-1)!;
  if (last.inbound && length > 1 && dice.chance(0.6)) said[length - 1] = { ...last, inbound: false, human: true };
  return placed(said, createdAt, asOf);
}

/** Milliseconds since the message before. */
function gap(dice: Dice, part: number, inbound: boolean, interest: number): number {
  if (part === 0) return 60_000 + dice.wait(20 * 60_000);
  if (dice.chance(0.15)) return dice.wait(30 * DAY);
  return 20_000 + dice.wait(inbound ? 7 * HOUR * Math.exp(-0.7 * interest) : 5 * HOUR);
}

/** A talk that would go on after `asOf` went faster. */
function placed(said: readonly Said[], createdAt: number, asOf: number): readonly Said[] {
  const room = Math.max(0, asOf - EVENING - createdAt);
  const span = said.at(-1)!.at;
  const pace = Math.min(1, room / (span + 1));
  const latest = asOf - said.length;
  return said.map((one, part) => {
    const at = Math.max(createdAt, awake(createdAt + one.at * pace));
    // A millisecond apart at least: the order of a talk is that of its times.
    return { ...one, at: Math.min(latest, at) + part };
  });
}
