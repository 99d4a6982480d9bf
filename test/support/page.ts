import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';

/** The snippet as the docs show it, with another address. */
function snippetFor(url: string): string {
  const page = readFileSync(new URL('../../docs/site-activity.md', import.meta.url), 'utf8');
  const code = /```js\n([\s\S]+?)```/.exec(page)?.[1];
  if (code === undefined) throw new Error('the docs show no snippet');
  return code.replace('https://leads.example.com/webhooks/activity/SECRET', url);
}

interface Person {
  readonly contactId?: string;
  readonly email?: string;
  readonly phone?: string;
}

export interface Page {
  readonly leadwright: {
    consent(yes: boolean): void;
    track(kind: string, detail?: object): void;
    identify(person: Person): void;
  };
  /** What was posted, in order, as it went out. */
  readonly posts: { readonly body: Record<string, unknown>; readonly beacon: boolean; readonly contentType: string }[];
  /** What the page keeps in the browser. */
  readonly storage: Map<string, string>;
  readonly cookies: string[];
  /** Waiting timers, in milliseconds. */
  timers(): number[];
  /** Lets the timers ring and everything that was posted be answered. */
  ring(): Promise<void>;
  /** The page is left. */
  hide(): Promise<void>;
}

/**
 * A window just large enough for the snippet; whatever it asks for beyond that fails. Time stands still until it is rung.
 * @param over  properties of `navigator`
 * @param origin  of the page
 */
export function openPage(
  url: string,
  {
    navigator = {},
    origin = 'https://www.example.com',
    storage = new Map<string, string>(),
  }: {
    navigator?: object;
    origin?: string;
    storage?: Map<string, string>;
  } = {},
): Page {
  const posts: Page['posts'] = [];
  const cookies: string[] = [];
  const listeners: (() => void)[] = [];
  const timers = new Map<number, { readonly ms: number; readonly run: () => void }>();
  let answers: Promise<unknown>[] = [];

  function send(body: string, contentType: string, beacon: boolean): Promise<Response> {
    posts.push({ body: JSON.parse(body) as Record<string, unknown>, beacon, contentType });
    const headers = { 'content-type': contentType, origin };
    const answer = fetch(url, { method: 'POST', headers, body });
    answers.push(answer.catch(() => undefined));
    return answer;
  }

  const document = {
    visibilityState: 'visible',
    addEventListener: (name: string, listener: () => void) => {
      if (name === 'visibilitychange') listeners.push(listener);
    },
    get cookie() {
      return '';
    },
    set cookie(value: string) {
      cookies.push(value);
    },
  };
  const window: Record<string, unknown> = {
    navigator: {
      sendBeacon: (_to: string, body: string) => (void send(body, 'text/plain;charset=UTF-8', true), true),
      ...navigator,
    },
    localStorage: {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => void storage.set(key, value),
      removeItem: (key: string) => void storage.delete(key),
    },
    crypto: { randomUUID: () => crypto.randomUUID() },
    setTimeout: (run: () => void, ms: number) => {
      const id = timers.size + 1 + Math.random();
      timers.set(id, { ms, run });
      return id;
    },
    fetch: (_to: string, init: { body: string; headers: Record<string, string> }) =>
      send(init.body, init.headers['content-type'] ?? '', false),
  };
  runInContext(snippetFor(url), createContext({ window, document }));

  async function settled(): Promise<void> {
    const waiting = answers;
    answers = [];
    await Promise.all(waiting);
    // What the snippet does with the answers comes after them.
    await new Promise((resolve) => setImmediate(resolve));
  }

  return {
    leadwright: window['leadwright'] as Page['leadwright'],
    ...{ posts, storage, cookies },
    timers: () => [...timers.values()].map(({ ms }) => ms),
    async ring() {
      const due = [...timers.values()];
      timers.clear();
      for (const { run } of due) run();
      await settled();
    },
    async hide() {
      document.visibilityState = 'hidden';
      for (const listener of listeners) listener();
      await settled();
    },
  };
}
