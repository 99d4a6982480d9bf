import type { TalkMessage } from '../../leads/lead.ts';

/** Nobody answers more than this of one message; what follows is cut off, and said to be. */
const READ = 2_000;
/** A longer talk begins later: at a multiple of `STEP`, so that its beginning stays the same for so many messages. */
const LONGEST = 60;
const STEP = 30;
const DAY_MS = 24 * 3_600_000;

/**
 * The talk as blocks, appended to and never edited: whatever comes later, the blocks of what was said before are the same bytes. Words of the
 * lead are JSON under the key `lead`, which the rules call untrusted; ours stand plain.
 * @param talk    oldest first
 * @param before  messages of the talk that come before these and were not loaded
 */
export function conversationBlocks(
  talk: readonly TalkMessage[],
  before = 0,
): readonly { readonly role: 'user' | 'assistant'; readonly text: string }[] {
  const all = before + talk.length;
  const start = all <= LONGEST ? 0 : Math.floor((all - LONGEST - 1) / STEP + 1) * STEP;
  const taken = talk.slice(Math.max(0, start - before));
  const blocks = taken.map((message, at) => blockOf(message, talk[talk.length - taken.length + at - 1]));
  return blocks[0]?.role === 'user'
    ? blocks
    : [{ role: 'user', text: '{"note":"our messages come first"}' }, ...blocks];
}

function blockOf(
  { direction, body, at }: TalkMessage,
  previous: TalkMessage | undefined,
): { readonly role: 'user' | 'assistant'; readonly text: string } {
  if (direction === 'outbound') return { role: 'assistant', text: shown(body) || '…' };
  const days = previous === undefined ? 0 : Math.floor((Date.parse(at) - Date.parse(previous.at)) / DAY_MS);
  return { role: 'user', text: JSON.stringify({ ...(days > 0 ? { daysLater: days } : {}), lead: shown(body) }) };
}

/**
 * What the model is shown of a message: nothing that no eye sees, since orders are hidden in it, and no number or address by which somebody
 * is reached, paid or known.
 */
function shown(body: string): string {
  const seen = body
    .normalize('NFC')
    .replace(/\p{Surrogate}/gu, '')
    .replace(/[\p{Cf}\u{fe00}-\u{fe0f}]/gu, '')
    .replace(/\p{Cc}+/gu, ' ');
  const cut = seen.length > READ ? `${[...seen.slice(0, READ)].join('')} …(cut)` : seen;
  return privates.reduce((text, [pattern, stands]) => text.replace(pattern, stands), cut).trim();
}

const privates: readonly (readonly [RegExp, string])[] = [
  [/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g, '[e-mail]'],
  [/(?<![\d$.,])\d{3}-\d{2}-\d{4}(?!\d)/g, '[number]'],
  [/(?<![\d$.,])(?:\d[ -]?){13,19}(?!\d|[.,]\d)/g, '[number]'],
  [/(?<![\d$.,])(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?![\d.,]*\d)/g, '[phone]'],
];
