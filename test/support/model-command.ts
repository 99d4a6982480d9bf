import { main } from '../../cli/main.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `leadwright model …` in a folder: what it printed, and its exit code. */
export async function modelCommand(cwd: string, ...args: readonly string[]): Promise<Ran> {
  let [out, err] = ['', ''];
  const code = await main(['model', ...args], {
    out: (text) => (out += text),
    err: (text) => (err += text),
    terminal: false,
    colour: false,
    env: {},
    cwd,
  });
  return { code, out, err };
}
