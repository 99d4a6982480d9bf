import type { Iso } from '../glossary.ts';
import type { Envelope } from './event.ts';
import { kindOf, kindOfWorkflowEvent } from './kinds.ts';
import { canonicalBody, flatten, idAt, isoAt, objectAt, own, textAt, type Json } from './payload.ts';

/**
 * Where a delivery belongs: its type, tenant, contact, key and send time. Never throws; what is missing or unusable is undefined.
 * There is no universal place for the contact: it is `id` in Contact*, `contactId` in most others, nested in appointments.
 */
export function readEnvelope(source: 'marketplace' | 'workflow', json: Json): Envelope {
  return source === 'marketplace' ? marketplaceEnvelope(flatten(json)) : workflowEnvelope(json);
}

/** Events about the installation itself come before, or without, an installed location. */
export function needsInstalledLocation(envelope: Pick<Envelope, 'kind'>): boolean {
  return envelope.kind !== 'lifecycle';
}

/**
 * Unique key of a delivery within its source. The vendor's id or the caller's key where there is one; else a hash: of the whole body for
 * the marketplace, and for workflow webhooks of tenant, contact, workflow and body within a two-minute bucket, since those carry neither
 * id nor time and a team may well send the same body again tomorrow.
 * @param sha256  injected, as this layer does no hashing
 */
export function eventKeyOf(
  source: 'marketplace' | 'workflow',
  envelope: Envelope,
  json: Json,
  receivedAt: Iso,
  sha256: (text: string) => string,
): string {
  if (envelope.eventKey !== undefined) return envelope.eventKey;
  if (source === 'marketplace') return `sha256:${sha256(canonicalBody(json))}`;
  const bucket = Math.floor(Date.parse(receivedAt) / 120_000);
  const workflow = idAt(objectAt(json, 'workflow'), 'id') ?? '';
  const parts = [envelope.locationId ?? '', envelope.contactId ?? '', workflow, String(bucket), canonicalBody(json)];
  return `sha256:${sha256(parts.join('\n'))}`;
}

function marketplaceEnvelope(json: Json): Envelope {
  const type = vendorType(json);
  const kind = kindOf(type);
  const isLocation = type === 'LocationCreate' || type === 'LocationUpdate';
  return {
    type,
    kind,
    appId: idAt(json, 'appId'),
    locationId: isLocation ? idAt(json, 'id') : idAt(json, 'locationId'),
    contactId: contactIdOf(type, json),
    eventKey: key(textAt(json, 'webhookId')),
    timestamp: isoAt(json, 'timestamp'),
  };
}

/** Provider deliveries put the channel where others put the type; they are told apart by their address fields. */
function vendorType(json: Json): string {
  const type = textAt(json, 'type');
  if (type === 'SMS' || type === 'Email') {
    const toProvider = own(json, 'phone') !== undefined || own(json, 'emailTo') !== undefined;
    if (toProvider && idAt(json, 'contactId') !== undefined) return 'ProviderOutboundMessage';
  }
  return label(type) ?? 'unknown';
}

function contactIdOf(type: string, json: Json): string | undefined {
  if (type.startsWith('Contact')) return idAt(json, 'id') ?? idAt(json, 'contactId');
  return idAt(json, 'contactId') ?? idAt(objectAt(json, 'appointment'), 'contactId');
}

function workflowEnvelope(json: Json): Envelope {
  const custom = objectAt(json, 'customData');
  const name = label(textAt(custom, 'event') ?? textAt(json, 'event'));
  return {
    type: name ?? 'workflow',
    kind:
      (name === undefined ? undefined : kindOfWorkflowEvent(name)) ??
      (carriesReply(json) ? 'message.inbound' : 'workflow'),
    appId: idAt(json, 'appId'),
    locationId: idAt(objectAt(json, 'location'), 'id') ?? idAt(json, 'location_id') ?? idAt(json, 'locationId'),
    contactId: idAt(json, 'contact_id') ?? idAt(json, 'contactId'),
    eventKey: key(textAt(custom, 'idempotency_key') ?? textAt(json, 'idempotency_key')),
    timestamp: isoAt(json, 'timestamp') ?? isoAt(custom, 'timestamp') ?? isoAt(json, 'sent_at'),
  };
}

/** A workflow triggered by a customer's reply carries the message: an opt-out in it must not wait for anything. */
function carriesReply(json: Json): boolean {
  const message = objectAt(json, 'message');
  return textAt(message, 'direction')?.toLowerCase() === 'inbound' && textAt(message, 'body') !== undefined;
}

/** A type ends in metrics labels and workflow signals: nothing a person wrote may pass for one. */
function label(text: string | undefined): string | undefined {
  return text !== undefined && /^[A-Za-z0-9_.-]{1,64}$/.test(text) ? text : undefined;
}

/** Longer keys than any index likes are no keys. */
function key(text: string | undefined): string | undefined {
  return text !== undefined && text.length <= 200 ? text : undefined;
}
