import { createClaudeStandin } from '../../sandbox/vendors/claude/server.ts';

export type ClaudeWorld = Awaited<ReturnType<typeof openClaudeWorld>>;

/** What the stand-in answers with: so many tokens that are seen, and so many that are thought. */
export interface Spoken {
  readonly visible: number;
  readonly thinking: number;
}

/** A stand-in of the vendor, reached over HTTP, whose clock stands still until it is told. */
export async function openClaudeWorld(spoken: Spoken) {
  const standin = await createClaudeStandin({ port: 0, seed: 7 });
  const order = async (name: string, body: unknown): Promise<void> => {
    const response = await fetch(`${standin.url}/_sandbox/${name}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`The stand-in did not take ${name}: ${await response.text()}`);
    await response.arrayBuffer();
  };
  // Four tokens of the block, and one for every 2.5 characters of the tool's name and its input.
  const room = Math.floor((spoken.visible - 4) * 2.5);
  const filled = (name: string, field: string): { text: string; tools: unknown[] } => {
    const text = words(room - name.length - JSON.stringify({ [field]: '' }).length);
    return { text, tools: [{ name, input: { [field]: text } }] };
  };
  const [reply, facts] = [filled('draft_reply', 'text'), filled('record_facts', 'quote')];
  await order('limits', { disabled: true });
  await order('script', {
    answers: [
      { match: { contains: 'Job: draft' }, times: 1e9, tools: reply.tools, thinkingTokens: spoken.thinking },
      { times: 1e9, tools: facts.tools, thinkingTokens: spoken.thinking },
    ],
  });
  return {
    url: standin.url,
    /** What the lead is answered, as it stands in the talk from then on. */
    answer: reply.text,
    clock: (at: number) => order('clock', { at: new Date(at).toISOString() }),
    /** First bytes take a moment, so that calls made at once do not find what the others write. */
    slow: (on: boolean) => order('latency', { p50Ms: on ? 20 : 0 }),
    /** Of everything that was asked: nano-dollars, and requests. */
    async invoice(): Promise<{ readonly requests: number; readonly nano: number }> {
      const response = await fetch(`${standin.url}/_sandbox/invoice?after=999999999`);
      return ((await response.json()) as { total: { requests: number; nano: number } }).total;
    },
    close: () => standin.close(),
  };
}

const SENTENCE =
  'Thank you, we will gladly show you the home and tell you what we know of it. When would you like to come? ';

function words(length: number): string {
  return SENTENCE.repeat(Math.ceil(length / SENTENCE.length)).slice(0, length);
}
