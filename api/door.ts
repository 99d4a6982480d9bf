import type { Location } from '../domain/leads/settings.ts';
import type { Acceptance, Dispatchable, InboxStore } from '../domain/ports/inbox.ts';
import type { LeadStore } from '../domain/ports/leads.ts';
import type { Pauses } from '../domain/ports/pauses.ts';
import type { Envelope } from '../domain/webhooks/event.ts';
import { AppError } from '../domain/errors.ts';
import { eventKeyOf, needsInstalledLocation, readEnvelope } from '../domain/webhooks/envelope.ts';
import { tooFarAhead } from '../domain/webhooks/freshness.ts';
import { canonicalBody, readJsonObject, type Json } from '../domain/webhooks/payload.ts';
import type { Metrics } from '../platform/metrics.ts';
import { sha256 } from '../platform/secrets.ts';
import { clearStop, optOutAtTheDoor } from './door-opt-out.ts';
import type { LocationLookup } from './location-lookup.ts';
import { type Storing, type ToStore, untilStored } from './until-stored.ts';

export interface DoorDeps extends Storing {
  readonly inbox: Pick<InboxStore, 'accept'>;
  readonly leads: Pick<LeadStore, 'load'>;
  readonly lookup: LocationLookup;
  /** Our app's id: a valid signature of the vendor proves only that some app was meant. */
  readonly appId: string;
  readonly verify: (raw: Buffer, header: string | undefined) => 'ok' | 'missing' | 'invalid';
  readonly hashPerson: (address: string) => string;
  /** Told after the commit, and never waited for. */
  readonly onCommitted: (row: Dispatchable) => void;
  readonly metrics: Pick<Metrics, 'signature' | 'unknownType'>;
  readonly pauses: Pauses;
  readonly now: () => Date;
}

/** One delivery as it came over the wire. */
export interface Delivery {
  readonly raw: Buffer;
  readonly contentType: string | undefined;
  readonly signature: string | undefined;
  /** Workflow webhooks only. */
  readonly secret: string | undefined;
  /** Headers worth keeping; none of them a secret. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface DoorAnswer {
  readonly eventId: string;
  readonly duplicate: boolean;
}

/**
 * A marketplace webhook, from raw bytes to a durable event. The order matters: what is cheap and says least comes first, nothing is
 * parsed before its signature holds, and the answer is given only once the event is committed.
 * @throws AppError with the code of the first check that failed; CANNOT_STORE whenever the vendor should send it again
 */
export async function receiveMarketplace(deps: DoorDeps, delivery: Delivery): Promise<DoorAnswer> {
  requireJsonType(delivery.contentType);
  requireSignature(deps, delivery);
  const json = parsed(delivery.raw);
  const envelope = readEnvelope('marketplace', json);
  if (envelope.appId !== deps.appId) {
    throw new AppError('APP_UNKNOWN', `expected the appId of this app, got ${envelope.appId ? 'another' : 'none'}`);
  }
  requireNotAhead(envelope, deps.now());
  // Before the database is asked for anything: what a long text takes is not the database's to answer for.
  const stop = clearStop('marketplace', envelope, json);
  return untilStored(deps, event, async () => {
    if (needsInstalledLocation(envelope)) await requireInstalled(deps, envelope);
    return store(deps, delivery, { source: 'marketplace', envelope, json, stop });
  });
}

/**
 * A workflow-action webhook: unsigned, so a secret of the location stands in for the signature, and the location is the secret's.
 * @throws AppError as above; WORKFLOW_SECRET for a wrong secret
 */
export async function receiveWorkflow(deps: DoorDeps, delivery: Delivery): Promise<DoorAnswer> {
  const secret = delivery.secret;
  if (secret === undefined || secret.length < 8 || secret.length > 200) throw wrongSecret();
  return untilStored(deps, event, async () => {
    const location = await deps.lookup.bySecretHash(sha256(secret));
    if (location === undefined) throw wrongSecret();
    requireJsonType(delivery.contentType);
    const json = parsed(delivery.raw);
    const read = readEnvelope('workflow', json);
    requireNotAhead(read, deps.now());
    if (location.status === 'uninstalled') throw notInstalled('uninstalled');
    // A secret opens the door of its own location only, whatever the body claims.
    if (read.locationId !== undefined && read.locationId !== location.locationId) throw notInstalled('another');
    const envelope = { ...read, locationId: location.locationId };
    const stop = clearStop('workflow', envelope, json);
    return store(deps, delivery, { source: 'workflow', envelope, json, stop });
  });
}

interface Reading {
  readonly source: 'marketplace' | 'workflow';
  readonly envelope: Envelope;
  readonly json: Json;
  readonly stop: ReturnType<typeof clearStop>;
}

async function store(
  deps: DoorDeps,
  delivery: Delivery,
  { source, envelope, json, stop }: Reading,
): Promise<DoorAnswer> {
  const optOut = await optOutAtTheDoor(deps, source, envelope, json, stop);
  await deps.pauses.at('door.before-commit');
  const acceptance = await deps.inbox.accept({
    source,
    eventKey: eventKeyOf(source, envelope, json, deps.now().toISOString(), sha256),
    bodyHash: sha256(canonicalBody(json)),
    type: envelope.type,
    kind: envelope.kind,
    locationId: envelope.locationId ?? null,
    contactId: envelope.contactId ?? null,
    occurredAt: envelope.timestamp ?? null,
    body: delivery.raw,
    headers: delivery.headers,
    ...(optOut === undefined ? {} : { optOut }),
  });
  await deps.pauses.at('door.after-commit');
  return answered(deps, envelope, acceptance);
}

function answered(deps: DoorDeps, envelope: Envelope, acceptance: Acceptance): DoorAnswer {
  switch (acceptance.kind) {
    case 'accepted':
      if (envelope.kind === 'unknown') deps.metrics.unknownType(envelope.type);
      deps.onCommitted({
        inboxId: acceptance.inboxId,
        kind: envelope.kind,
        type: envelope.type,
        locationId: envelope.locationId ?? null,
        contactId: envelope.contactId ?? null,
        receivedAt: acceptance.receivedAt,
      });
      return { eventId: acceptance.inboxId, duplicate: false };
    case 'duplicate':
      return { eventId: acceptance.inboxId, duplicate: true };
    case 'conflict':
      throw new AppError('EVENT_CONFLICT', `expected the body of event ${acceptance.inboxId}, got another`);
  }
}

const event: ToStore = {
  what: 'the event',
  lost: 'an event could not be stored; its sender is asked to come again',
  refusals: [
    'CONTENT_TYPE',
    'BODY_MALFORMED',
    'EVENT_FROM_FUTURE',
    'LOCATION_UNKNOWN',
    'WORKFLOW_SECRET',
    'EVENT_CONFLICT',
    'BAD_VALUE',
  ],
};

function requireJsonType(contentType: string | undefined): void {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith('charset='));
  const isJson = /^application\/([\w.+-]+\+)?json$/.test(type.trim());
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  if (!isJson || !isUtf8) throw new AppError('CONTENT_TYPE', 'expected application/json in UTF-8');
}

function requireSignature(deps: DoorDeps, delivery: Delivery): void {
  const result = deps.verify(delivery.raw, delivery.signature);
  deps.metrics.signature(result);
  if (result === 'missing') throw new AppError('SIGNATURE_MISSING', 'expected X-GHL-Signature, got none');
  if (result === 'invalid') throw new AppError('SIGNATURE_INVALID', 'expected a signature of these very bytes');
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parsed(raw: Buffer): Json {
  let text: string;
  try {
    text = utf8.decode(raw);
  } catch {
    // The cause could only repeat the body's bytes.
    throw new AppError('BODY_MALFORMED', 'expected UTF-8');
  }
  const read = readJsonObject(text);
  if (!read.ok) throw new AppError('BODY_MALFORMED', `expected a JSON object, got one that is ${read.why}`);
  return read.json;
}

function requireNotAhead(envelope: Envelope, now: Date): void {
  if (envelope.timestamp !== undefined && tooFarAhead(envelope.timestamp, now.toISOString())) {
    throw new AppError('EVENT_FROM_FUTURE', 'expected a timestamp at most five minutes ahead');
  }
}

async function requireInstalled(deps: DoorDeps, envelope: Envelope): Promise<Location> {
  if (envelope.locationId === undefined) throw notInstalled('none');
  const location = await deps.lookup.byId(envelope.locationId);
  if (location === undefined) throw notInstalled('another');
  if (location.status === 'uninstalled') throw notInstalled('uninstalled');
  return location;
}

function notInstalled(what: 'none' | 'another' | 'uninstalled'): AppError {
  const got = what === 'uninstalled' ? 'one that has uninstalled the app' : what;
  return new AppError('LOCATION_UNKNOWN', `expected the locationId of an installed location, got ${got}`);
}

function wrongSecret(): AppError {
  return new AppError('WORKFLOW_SECRET', 'nothing answers at this address');
}
