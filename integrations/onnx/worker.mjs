// The thread that owns onnxruntime: it loads one model and answers requests in order.
// Plain JavaScript, so that the same file runs from the sources, under jest and from a build, without a loader.
import { parentPort, workerData } from 'node:worker_threads';

// Since 1.29 onnxruntime reports usage to its maker unless told otherwise before it loads. The thread is started with the
// process's own environment: a copy would be changed here without the native code ever seeing it.
process.env.ORT_DISABLE_TELEMETRY = '1';
const { InferenceSession, Tensor } = (await import('onnxruntime-node')).default;

const outputs = ['contributions', 'logOdds', 'value', 'confidence'];

/** @type {import('onnxruntime-node').InferenceSession | undefined} */
let session;
try {
  session = await InferenceSession.create(workerData, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    // Errors only: warnings of the native library would go past our log to stderr.
    logSeverityLevel: 3,
  });
  parentPort.postMessage({ kind: 'ready' });
} catch (error) {
  parentPort.postMessage({ kind: 'refused', detail: String(error?.message ?? error) });
}

parentPort.on('message', async (request) => {
  if (request.kind === 'close') {
    await session?.release();
    // Ends the thread: nothing else keeps it alive.
    parentPort.close();
    return;
  }
  try {
    const columns = request.features.length / request.rows;
    const answer = await session.run(
      { features: new Tensor('float32', request.features, [request.rows, columns]) },
      outputs,
    );
    // Copied before they are handed over: the memory may still belong to the native side.
    const arrays = outputs.map((name) => answer[name].data.slice());
    const named = Object.fromEntries(outputs.map((name, i) => [name, arrays[i]]));
    const buffers = arrays.map((array) => array.buffer);
    parentPort.postMessage({ kind: 'answer', id: request.id, outputs: named }, buffers);
  } catch (error) {
    parentPort.postMessage({ kind: 'failed', id: request.id, detail: String(error?.message ?? error) });
  }
});
