import { createClaude } from '../../integrations/claude/model.ts';
import { createClock } from '../../sandbox/vendors/claude/clock.ts';
import { createClaudeStandin, type ClaudeStandin } from '../../sandbox/vendors/claude/server.ts';
import type { Log } from '../../domain/ports/log.ts';

/** What the stand-in answers with: so many tokens that are seen, and so many that are thought. */
export interface Spoken {
  readonly visible: number;
  readonly thinking: number;
}

export interface Vendor {
  /** Stops the vendor's clock at this moment, epoch ms. */
  clock(at: number): void;
  /** First bytes take a moment, so that calls made at once do not find what the others write. */
  slow(on: boolean): Promise<void>;
  order(name: string, body: unknown): Promise<void>;
  /** Of everything that was asked: nano-dollars, and requests. */
  invoice(): Promise<{ readonly requests: number; readonly nano: number }>;
}

/** What the lead is answered, as it stands in the talk from then on. */
export const answerOf = (spoken: Spoken): string => filled('draft_reply', spoken, replied);

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A stand-in of the vendor and the adapter that asks it over HTTP. */
export async function openClaude(spoken: Spoken) {
  const clock = createClock();
  const standin = await createClaudeStandin({ port: 0, seed: 7, clock });
  const model = createClaude({ baseUrl: standin.url, apiKey: 'sk-ant-bench', log: quiet });
  const vendor = vendorOf(standin, (at) => clock.freeze(at));
  await says(vendor, spoken);
  return {
    ...{ model, vendor },
    close: async () => {
      await model.close();
      await standin.close();
    },
  };
}

export function vendorOf(standin: ClaudeStandin, clock: (at: number) => void): Vendor {
  const order = async (name: string, body: unknown): Promise<void> => {
    const response = await fetch(`${standin.url}/_sandbox/${name}`, { method: 'POST', body: JSON.stringify(body) });
    const told = await response.text();
    if (!response.ok) throw new Error(`The stand-in did not take ${name}: ${told}`);
  };
  return {
    ...{ clock, order },
    slow: (on) => order('latency', { p50Ms: on ? 20 : 0 }),
    async invoice() {
      const response = await fetch(`${standin.url}/_sandbox/invoice?after=${Number.MAX_SAFE_INTEGER}`);
      return ((await response.json()) as { total: { requests: number; nano: number } }).total;
    },
  };
}

/** From now on the stand-in answers each job with its tool, in so many tokens to the token. */
export async function says(vendor: Vendor, spoken: Spoken): Promise<void> {
  const use = (name: string, of: typeof replied) => [{ name, input: of(filled(name, spoken, of)) }];
  const scripted = { times: Number.MAX_SAFE_INTEGER, thinkingTokens: spoken.thinking };
  await vendor.order('limits', { disabled: true });
  await vendor.order('script', {
    answers: [
      { ...scripted, match: { contains: 'job draft' }, tools: use('draft_reply', replied) },
      { ...scripted, tools: use('record_facts', recorded) },
    ],
  });
}

const replied = (text: string): object => ({ text, question: 'timeline', language: 'en', human: false });
const recorded = (quote: string): object => ({ intent: { value: 'buy', quote } });

/** Four tokens of the block, and one for every 2.5 characters of the tool's name and its input. */
function filled(name: string, { visible }: Spoken, of: (text: string) => object): string {
  const room = Math.floor((visible - 4) * 2.5) - name.length - JSON.stringify(of('')).length;
  return SENTENCE.repeat(Math.ceil(room / SENTENCE.length)).slice(0, room);
}

const SENTENCE =
  'Thank you, we will gladly show you the home and tell you what we know of it. When would you like to come? ';
