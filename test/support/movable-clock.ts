/**
 * Loaded ahead of a process: its clock then runs ahead of the machine's by as much as the parent says, so that a stand-in can live in
 * a test's virtual time. Timers keep the machine's pace. The process ends with its parent.
 */
import { ServerResponse } from 'node:http';

const MachineDate = Date;
let aheadMs = 0;

class MovedDate extends MachineDate {
  constructor(...parts: ConstructorParameters<DateConstructor> | []) {
    if (parts.length === 0) super(MachineDate.now() + aheadMs);
    else super(...parts);
  }

  static override now(): number {
    return MachineDate.now() + aheadMs;
  }
}

globalThis.Date = MovedDate as DateConstructor;

/** Answers are dated by Node's own clock unless told otherwise. */
const writeHead = ServerResponse.prototype.writeHead as (...parts: unknown[]) => ServerResponse;
ServerResponse.prototype.writeHead = function (this: ServerResponse, ...parts: unknown[]) {
  if (!this.hasHeader('date')) this.setHeader('Date', new Date().toUTCString());
  return writeHead.apply(this, parts);
} as typeof ServerResponse.prototype.writeHead;

process.on('message', (message: { readonly aheadMs: number }) => {
  aheadMs = message.aheadMs;
  process.send?.({ moved: aheadMs });
});
process.on('disconnect', () => process.exit(0));
