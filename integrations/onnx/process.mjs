// The scoring process: it hands requests to its threads and their answers back. What kills it (native code may abort) kills
// nobody else; whoever started it starts it anew. So it repairs nothing: a thread that fails ends the whole process.
// Plain JavaScript, for the same reason as the threads' file.
import process from 'node:process';
import { Worker } from 'node:worker_threads';

const file = new URL('./worker.mjs', import.meta.url);
const patienceMs = 5_000;

let closing = false;
let lastId = 0;

function startThread() {
  const worker = new Worker(file, { execArgv: [] });
  const waiting = new Map();
  worker.on('message', (reply) => {
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  worker.on('error', (error) => {
    throw error;
  });
  worker.on('exit', () => {
    if (!closing) process.exit(1);
  });
  return {
    busy: () => waiting.size,
    ask(request, transfer = []) {
      const id = ++lastId;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        worker.postMessage({ ...request, id }, transfer);
      });
    },
  };
}

const threads = Array.from({ length: Number(process.argv[2]) }, startThread);

async function answer(request) {
  if (request.kind === 'run') {
    const idle = threads.reduce((best, thread) => (thread.busy() < best.busy() ? thread : best));
    // What a message brought may lie in memory that others share; only a copy can be handed over.
    const features = request.features.slice();
    return idle.ask({ ...request, features }, [features.buffer]);
  }
  const replies = await Promise.all(threads.map((thread) => thread.ask(request)));
  return replies.find((reply) => reply.kind === 'failed') ?? replies[0];
}

process.on('message', async (request) => {
  const reply = await answer(request);
  // Whoever is gone needs no answer, and its going is told by the channel.
  if (process.connected) process.send({ ...reply, id: request.id }, () => {});
});

// The end comes with the channel, whether its owner closed it or died; a signal meant for the owner's group is the owner's.
process.on('disconnect', () => {
  closing = true;
  for (const thread of threads) void thread.ask({ kind: 'close' });
  setTimeout(() => process.exit(1), patienceMs).unref();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
