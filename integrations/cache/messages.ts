import { Redis } from 'ioredis';
import { CHANNEL } from './names.ts';
import { type Tell, toTell } from './tell.ts';

/** What one process tells the others. */
export type Message =
  /** The value under each name is another now, or none. */
  | { readonly what: 'changed'; readonly names: readonly string[] }
  /** Nobody loads it any more, and nothing came of it. */
  | { readonly what: 'ended'; readonly names: readonly string[] }
  /** Whatever has this tag is gone; `names` had it on the server. The location is escaped. */
  | { readonly what: 'tag'; readonly location: string; readonly tag: string; readonly names: readonly string[] }
  /** The same, but the server refused to forget it: nobody may read it there until it did. */
  | { readonly what: 'owed'; readonly names: readonly string[] }
  | { readonly what: 'owed-tag'; readonly location: string; readonly tag: string }
  /** The dictionaries of a location are destroyed. */
  | { readonly what: 'forget'; readonly location: string }
  /** Nothing that was kept before counts. */
  | { readonly what: 'all' };

export interface MessageCounts {
  /** Whether this process hears the others. */
  readonly hears: boolean;
  readonly handled: number;
  /** Said by nobody who knows how. */
  readonly ignored: number;
}

export interface Messages {
  /** Own time of the last moment up to which every message is known to have come in. */
  heardAt(): number;
  counts(): MessageCounts;
  /** Whether everything that was said until now has come in. */
  caughtUp(): Promise<boolean>;
  close(): void;
}

/** How often the server is asked for a sign of life, and how long it has for it. */
const BEAT_MS = 2000;

/**
 * A connection of its own that listens.
 * @param sender    this process, whose own messages are not heard
 * @param onGap     whatever was said meanwhile was missed: told each time that hearing begins (again)
 */
export function listen({
  redisUrl,
  sender,
  tell,
  own,
  onMessage,
  onGap,
}: {
  redisUrl: string;
  sender: string;
  tell: Tell;
  own: () => number;
  onMessage: (message: Message) => void;
  onGap: () => void;
}): Messages {
  let hearing = false;
  const hears = (): boolean => hearing;
  let heardAt = -Infinity;
  let handled = 0;
  let ignored = 0;
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResubscribe: false,
    commandTimeout: BEAT_MS,
    connectTimeout: 1000,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5000),
  });
  const again = (error: unknown): void => {
    tell.debug({ err: toTell(error) }, 'messages of other processes are not heard');
    redis.disconnect(true);
  };
  redis.on('error', (error) => tell.debug({ err: toTell(error) }, 'redis connection for messages'));
  redis.on('ready', () => {
    const askedAt = own();
    redis.subscribe(CHANNEL).then(() => {
      onGap();
      hearing = true;
      heardAt = askedAt;
    }, again);
  });
  redis.on('close', () => {
    hearing = false;
  });
  redis.on('message', (channel: string, text: string) => {
    const said = channel === CHANNEL ? messageOf(text) : undefined;
    if (said === undefined) ignored += 1;
    else if (said.sender !== sender) {
      handled += 1;
      onMessage(said.message);
    }
  });
  redis.connect().catch((error: unknown) => tell.debug({ err: toTell(error) }, 'redis connection for messages'));

  /** What was said before the answer to this came in before it, be it a refusal: a server that cannot write to its disk refuses this too. */
  async function caughtUp(): Promise<boolean> {
    if (!hears()) return false;
    const askedAt = own();
    try {
      await redis.ping().catch((error: unknown) => {
        if (!(error instanceof Error && error.name === 'ReplyError')) throw error;
      });
      if (hears()) heardAt = askedAt;
      return hears();
    } catch (error) {
      again(error);
      return false;
    }
  }
  const beat = setInterval(() => void caughtUp(), BEAT_MS);
  beat.unref();

  return {
    heardAt: () => heardAt,
    counts: () => ({ hears: hearing, handled, ignored }),
    caughtUp,
    close() {
      clearInterval(beat);
      redis.disconnect();
    },
  };
}

/** A message as it is sent: a list of words, who sends it first. */
export function wordsOf(sender: string, message: Message): string {
  const { what } = message;
  const words: string[] = [sender, what];
  if ('location' in message) words.push(message.location);
  if ('tag' in message) words.push(message.tag);
  if ('names' in message) words.push(...message.names);
  return JSON.stringify(words);
}

/** `undefined` for whatever no process of ours says. */
function messageOf(text: string): { sender: string; message: Message } | undefined {
  let words: unknown;
  try {
    words = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(words) || !words.every((word): word is string => typeof word === 'string')) return undefined;
  const [sender, what, first, second, ...names] = words;
  const message = understood(what, first, second, names, words.slice(2));
  return sender === undefined || message === undefined ? undefined : { sender, message };
}

function understood(
  what: string | undefined,
  first: string | undefined,
  second: string | undefined,
  names: readonly string[],
  all: readonly string[],
): Message | undefined {
  switch (what) {
    case 'changed':
    case 'ended':
    case 'owed':
      return { what, names: all };
    case 'tag':
      return first === undefined || second === undefined ? undefined : { what, location: first, tag: second, names };
    case 'owed-tag':
      return first === undefined || second === undefined ? undefined : { what, location: first, tag: second };
    case 'forget':
      return first === undefined ? undefined : { what, location: first };
    case 'all':
      return { what };
    default:
      return undefined;
  }
}
