import { until } from './until.ts';

/**
 * What `/readyz` says once it says that the process is ready and these parts have answered. Probes have little patience, and a process
 * that is busy with its start may be late for one.
 */
export async function readiness(url: URL | string, ...parts: readonly string[]): Promise<unknown> {
  let last: Said | undefined;
  await until(async () => {
    const answer = await fetch(url);
    last = (await answer.json()) as Said;
    const { status, parts: found } = last;
    return answer.status === 200 && status === 'ready' && parts.every((part) => found[part]?.state !== 'away');
  }).catch((error: unknown) => {
    throw new Error(`it does not become ready: ${JSON.stringify(last)}`, { cause: error });
  });
  return last;
}

interface Said {
  readonly status: string;
  readonly parts: Readonly<Record<string, { readonly state: string } | undefined>>;
}
