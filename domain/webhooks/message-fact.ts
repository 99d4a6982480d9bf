import type { EventKind, MessageChannel, MessageFact } from './event.ts';
import { htmlToText } from './html-text.ts';
import { idAt, isObject, isoAt, objectAt, own, textAt, type Json } from './payload.ts';

/**
 * A message as a delivery reports it. The direction follows the event type: the vendor's own examples contradict it inside the body.
 * Undefined when the event is about no message.
 */
export function readMessage(kind: EventKind, json: Json): MessageFact | undefined {
  const nested = objectAt(json, 'message');
  const body = nested !== undefined && own(json, 'messageType') === undefined ? nested : json;
  const direction = directionOf(kind, nested);
  if (direction === undefined) return undefined;
  const channel = channelOf(body);
  // Several mails may hide behind one message of a conversation.
  const ownId = channel === 'email' ? idOf(body, 'emailMessageId') : undefined;
  return {
    messageId: ownId ?? idOf(body, 'messageId') ?? idOf(body, 'emailMessageId'),
    direction,
    channel,
    body: bodyOf(body, channel),
    status: textAt(body, 'status'),
    origin: textAt(body, 'source'),
    userId: idAt(body, 'userId'),
    at: isoAt(body, 'dateAdded'),
  };
}

function directionOf(kind: EventKind, nested: Json | undefined): 'inbound' | 'outbound' | undefined {
  if (kind === 'message.inbound') return 'inbound';
  if (kind === 'message.outbound') return 'outbound';
  if (kind !== 'workflow') return undefined;
  const direction = textAt(nested, 'direction')?.toLowerCase();
  return direction === 'inbound' || direction === 'outbound' ? direction : undefined;
}

/** Numbers of `messageTypeId` that GHL has published. */
const byNumber: Readonly<Record<string, MessageChannel>> = { '1': 'call', '2': 'sms', '3': 'email', '10': 'voicemail' };

/** Names tried in this order; the more telling `messageTypeString` first. A voicemail is a call that ended in the mailbox. */
function channelOf(json: Json): MessageChannel {
  const names = ['messageTypeString', 'messageType', 'type'].map((name) => textAt(json, name)?.toUpperCase() ?? '');
  const found = names.map(channelNamed).find((channel) => channel !== undefined);
  const mailbox = [own(json, 'status'), own(json, 'callStatus')].includes('voicemail');
  if (found === 'call' && mailbox) return 'voicemail';
  if (found !== undefined) return found;
  const number = own(json, 'messageTypeId') ?? own(json, 'type');
  const numbered = typeof number === 'number' ? byNumber[String(number)] : undefined;
  return numbered ?? (own(json, 'emailMessageId') !== undefined ? 'email' : 'other');
}

function channelNamed(name: string): MessageChannel | undefined {
  if (name === '') return undefined;
  if (name.includes('INTERNAL')) return 'internal-comment';
  if (name.includes('VOICEMAIL')) return 'voicemail';
  if (name.includes('CALL')) return 'call';
  if (name.includes('EMAIL')) return 'email';
  if (name.includes('SMS')) return 'sms';
  return /CHAT|FACEBOOK|^(TYPE_)?(FB|IG|GMB|RCS)|INSTAGRAM|WHATSAPP|TIKTOK/.test(name) ? 'chat' : undefined;
}

function bodyOf(json: Json, channel: MessageChannel): string {
  const plain = textAt(json, 'plainText');
  if (plain !== undefined) return plain;
  const body = own(json, 'body') ?? own(json, 'message') ?? own(json, 'html');
  if (typeof body !== 'string') return '';
  const html = channel === 'email' || textAt(json, 'contentType') === 'text/html';
  return html ? htmlToText(body) : body.trim();
}

/** Mail ids may hold characters that ids of ours may not; they stay inside the store. */
function idOf(json: Json, key: string): string | undefined {
  const value = own(json, key);
  return !isObject(value) && typeof value === 'string' && value !== '' && value.length <= 200 ? value : undefined;
}
