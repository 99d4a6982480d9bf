// A thread that owns sessions of onnxruntime, one per model, each with one compute thread; it answers requests in order.
// Plain JavaScript, so that the same file runs from the sources, under jest and from a build, without a loader.
import { parentPort } from 'node:worker_threads';
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
  },
  async unload({ model }) {
    await sessions.get(model)?.release();
    sessions.delete(model);
  },
  async run({ model, features, rows }) {
    const session = sessions.get(model);
    if (session === undefined) throw new Error('the model is not loaded');
    const answer = await session.run({ features: new Tensor('float32', features, [rows, features.length / rows]) });
    // Copied before they are handed over: the memory may still belong to the native side.
    return Object.fromEntries(session.outputNames.map((name) => [name, answer[name].data.slice()]));
  },
  async close() {
    await Promise.all([...sessions.values()].map((session) => session.release()));
    // Ends the thread: nothing else keeps it alive.
    parentPort.close();
  },
};

async function handle(request) {
  try {
    const outputs = await handlers[request.kind](request);
    const buffers = Object.values(outputs ?? {}).map((array) => array.buffer);
    parentPort.postMessage({ id: request.id, kind: 'done', outputs }, buffers);
  } catch (error) {
    parentPort.postMessage({ id: request.id, kind: 'failed', detail: String(error?.message ?? error) });
  }
}

let last = Promise.resolve();
parentPort.on('message', (request) => {
  last = last.then(() => handle(request));
});
