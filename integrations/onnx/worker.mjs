// A thread that owns sessions of onnxruntime, one per model, each with one compute thread; it answers requests in order. It reads
// and writes its pipe itself, and waits while it does: between two requests it has nothing else to do.
// Plain JavaScript, so that the same file runs from the sources, under jest and from a build, without a loader.
import { readSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { workerData as pipe } from 'node:worker_threads';
import runtime from 'onnxruntime-node';

const { InferenceSession, Tensor } = runtime;

/** @type {Map<number, import('onnxruntime-node').InferenceSession>} */
const sessions = new Map();

const options = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  // Errors only: warnings of the native library would go past our log to stderr.
  logSeverityLevel: 3,
};

const handlers = {
  async load({ model, bytes }) {
    sessions.set(model, await InferenceSession.create(bytes, options));
    return {};
  },
  async unload({ model }) {
    await sessions.get(model)?.release();
    sessions.delete(model);
    return {};
  },
  async run({ model, features, rows }) {
    const session = sessions.get(model);
    if (session === undefined) throw new Error('the model is not loaded');
    const answer = await session.run({ features: new Tensor('float32', features, [rows, features.length / rows]) });
    return Object.fromEntries(session.outputNames.map((name) => [name, answer[name].data]));
  },
};

async function answerTo(request) {
  try {
    return { ok: true, outputs: await handlers[request.kind](request) };
  } catch (error) {
    return { ok: false, why: 'failed', detail: String(error?.message ?? error) };
  }
}

/** So many bytes, or null when the pipe ends before. */
function read(count) {
  const bytes = Buffer.allocUnsafeSlow(count);
  for (let at = 0; at < count;) {
    const more = readSync(pipe, bytes, at, count - at);
    if (more === 0) return null;
    at += more;
  }
  return bytes;
}

function write(bytes) {
  for (let at = 0; at < bytes.length;) at += writeSync(pipe, bytes, at);
}

/** A frame is the length of what is said, in four bytes, and what is said. */
function readFrame() {
  const length = read(4);
  const body = length && read(length.readUInt32LE());
  return body && deserialize(body);
}

function writeFrame(value) {
  const body = serialize(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  write(Buffer.concat([length, body]));
}

for (let request = readFrame(); request !== null; request = readFrame()) writeFrame(await answerTo(request));
