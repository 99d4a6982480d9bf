/**
 * What a carrier's code, as the CRM passes it on, says of the number for good. Everything else passes, or speaks of the text, the sender
 * or the route: the CRM's own do-not-disturb holds as long as that does.
 * @see https://www.twilio.com/docs/api/errors; the CRM's phone system hands these on
 */
const codes: ReadonlyMap<string, 'unreachable' | 'opt-out'> = new Map([
  // No such number, none that texts can be sent to, a landline.
  ...(['21211', '21217', '21614', '30005', '30006'] as const).map((code) => [code, 'unreachable'] as const),
  // The person wrote STOP, and the carrier keeps to it.
  ['21610', 'opt-out'],
]);

export type CarrierWord = 'unreachable' | 'opt-out';

/** @param entry  do-not-disturb of texts as the CRM tells it: the code has its own place, or stands in the message */
export function carrierWord(entry: { readonly code?: unknown; readonly message?: unknown }): CarrierWord | null {
  const own = typeof entry.code === 'string' || typeof entry.code === 'number' ? String(entry.code).trim() : '';
  const code =
    own !== '' ? own : typeof entry.message === 'string' ? /\b(\d{5})\b/.exec(entry.message)?.[1] : undefined;
  return (code === undefined ? undefined : codes.get(code)) ?? null;
}
