import type { Incoming } from './incoming.ts';
import type { Json } from './wire.ts';
import type { World } from './world.ts';

export interface ControlReply {
  readonly status: number;
  readonly body: unknown;
}

/** Keyed by method and the word after `/_sandbox/`. `rest` is what follows it in the path. */
export type Actions = Readonly<
  Record<
    string,
    (
      world: World,
      body: Json,
      call: { incoming: Incoming; rest: string | undefined },
    ) => ControlReply | Promise<ControlReply>
  >
>;

export function done(body: unknown): ControlReply {
  return { status: 200, body };
}

export function wrong(error: string): ControlReply {
  return { status: 400, body: { error } };
}
