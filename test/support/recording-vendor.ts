import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Ajv, type ValidateFunction } from 'ajv';
import { ghlDocuments, type OpenApi, type OperationDocument } from './ghl-documents.ts';

/** A request as it came over the wire, and what the vendor's documents have against it. */
export interface Recorded {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  readonly faults: readonly string[];
}

export type Script = (request: Recorded, response: ServerResponse, socket: Socket) => void;

export interface RecordingVendor {
  readonly url: string;
  readonly calls: readonly Recorded[];
  /** What the next requests are answered; the last one stays. */
  answer(...scripts: readonly Script[]): void;
  close(): Promise<void>;
}

/** RFC 3339 with a zone. */
const formats = { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/ };

const documented = new Map(loadOperations().map((operation) => [operation.id, operation]));

/** What an answer has against the document of its operation; empty when it is as promised. */
export function faultsOfAnswer(operation: string, body: unknown): readonly string[] {
  const check = documented.get(operation)?.answer?.();
  if (check === undefined) return [`no answer of ${operation} is documented`];
  return check(body) ? [] : (check.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}

/** A server that judges each request by the vendor's OpenAPI documents and answers what it is told; it knows nothing of the adapter. */
export async function startRecordingVendor(): Promise<RecordingVendor> {
  const documents = [...documented.values()];
  const calls: Recorded[] = [];
  let scripts: readonly Script[] = [json(200, {})];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const recorded = record(documents, request, Buffer.concat(chunks).toString());
      calls.push(recorded);
      const script = scripts[0];
      if (scripts.length > 1) scripts = scripts.slice(1);
      script?.(recorded, response, request.socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer: (...next) => (scripts = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Script {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(JSON.stringify(body));
  };
}

export function raw(status: number, contentType: string, body: string): Script {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': contentType });
    response.end(body);
  };
}

/** Half of the answer, then the line is cut. */
export const halfAnswer: Script = (_request, response, socket) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
  response.write('{"messageId":"m1","conv', () => socket.destroy());
};

export const cutLine: Script = (_request, _response, socket) => void socket.destroy();
export const silence: Script = () => undefined;

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly pattern: RegExp;
  readonly version: string;
  readonly query: Readonly<Record<string, { required: boolean; check: Check }>>;
  readonly body: Check | undefined;
  /** The answer that the document promises, if it describes one. */
  readonly answer: Check | undefined;
}

/** Compiled when it is first asked for: all of them take a second of the processor's time, and a test asks for some. */
type Check = () => ValidateFunction;

function once(compile: Check): Check {
  let compiled: ValidateFunction | undefined;
  return () => (compiled ??= compile());
}

function loadOperations(): Operation[] {
  return [...ghlDocuments()].flatMap(([name, document]) => {
    const open = knowing(name, () => document);
    // GHL refuses unknown keys in bodies (422), which the documents' schemas alone would let pass.
    const closed = knowing(name, () => withClosedBodies(document));
    return Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        id: operation.operationId,
        method: method.toUpperCase(),
        pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
        version: versionOf(operation),
        query: queryOf(operation),
        body: compiled(closed, name, operation.requestBody),
        answer: compiled(open, name, operation.responses['200'] ?? operation.responses['201']),
      })),
    );
  });
}

function versionOf(operation: OperationDocument): string {
  const pin = operation.parameters?.find((parameter) => parameter.in === 'header' && parameter.name === 'Version');
  return String(pin?.schema.enum?.[0]);
}

/** The one compiler of a document, made when its first check is. */
function knowing(name: string, document: () => OpenApi): () => Ajv {
  let ajv: Ajv | undefined;
  return () => {
    if (ajv === undefined) {
      ajv = new Ajv({ strict: false, formats });
      ajv.addSchema(document(), name);
    }
    return ajv;
  };
}

/** Query values are texts on the wire, so that their types are judged after coercion. */
function queryOf(operation: OperationDocument): Operation['query'] {
  const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
  return Object.fromEntries(
    parameters.map(({ name, required, schema }) => [
      name,
      {
        required: required === true,
        check: once(() => coercing().compile({ type: 'object', properties: { value: schema } })),
      },
    ]),
  );
}

let coercingAjv: Ajv | undefined;
const coercing = () => (coercingAjv ??= new Ajv({ strict: false, coerceTypes: true }));

function withClosedBodies(document: OpenApi): OpenApi {
  const copy = structuredClone(document);
  for (const operation of Object.values(copy.paths).flatMap((methods) => Object.values(methods))) {
    const name = operation.requestBody?.content?.['application/json']?.schema.$ref?.replace(
      '#/components/schemas/',
      '',
    );
    const schema = copy.components.schemas[name ?? ''];
    if (schema) schema.additionalProperties = false;
  }
  return copy;
}

function compiled(ajv: () => Ajv, name: string, part: OperationDocument['requestBody']): Check | undefined {
  const schema = part?.content?.['application/json']?.schema;
  if (schema === undefined) return undefined;
  return once(() =>
    ajv().compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', `"${name}#/components/`)) as object),
  );
}

function record(operations: readonly Operation[], request: IncomingMessage, text: string): Recorded {
  const url = new URL(request.url ?? '/', 'http://vendor');
  const method = request.method ?? '';
  // A fixed path wins over one with a placeholder.
  const operation = operations.find((candidate) => candidate.method === method && candidate.pattern.test(url.pathname));
  const body = text === '' ? undefined : (JSON.parse(text) as unknown);
  const query = Object.fromEntries(url.searchParams);
  const faults = operation ? judge(operation, request, query, body) : [`no operation ${method} ${url.pathname}`];
  return { operation: operation?.id ?? '', method, path: url.pathname, query, headers: request.headers, body, faults };
}

function judge(
  operation: Operation,
  request: IncomingMessage,
  query: Readonly<Record<string, string>>,
  body: unknown,
): string[] {
  const faults: string[] = [];
  if (request.headers['version'] !== operation.version) faults.push(`Version is ${String(request.headers['version'])}`);
  if (!/^Bearer \S+$/.test(request.headers.authorization ?? '')) faults.push('no bearer token');
  for (const [name, value] of Object.entries(query)) {
    const parameter = operation.query[name];
    if (!parameter) faults.push(`unknown query parameter ${name}`);
    else if (!parameter.check()({ value })) faults.push(`query parameter ${name} has the wrong type`);
  }
  for (const [name, parameter] of Object.entries(operation.query)) {
    if (parameter.required && !(name in query)) faults.push(`query parameter ${name} is missing`);
  }
  if (operation.body === undefined && body !== undefined) faults.push('a body where none belongs');
  if (operation.body !== undefined) {
    if (!/^application\/json/.test(request.headers['content-type'] ?? '')) faults.push('content type is not JSON');
    const check = operation.body();
    if (!check(body)) {
      for (const error of check.errors ?? []) faults.push(`body${error.instancePath} ${error.message ?? ''}`);
    }
  }
  return faults;
}
