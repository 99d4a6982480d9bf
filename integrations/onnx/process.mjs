// The scoring process: threads that each serve a pipe of their own. What kills it (native code may abort) kills nobody else;
// whoever started it starts it anew. So it repairs nothing: a thread that ends ends the whole process.
// Plain JavaScript, for the same reason as the threads' file.
import process from 'node:process';
import { Worker } from 'node:worker_threads';

const file = new URL('./worker.mjs', import.meta.url);
/** Standard input, output and errors come before the pipes. */
const firstPipe = 3;

/** Nothing milder ends threads that wait for their pipes. */
const end = () => process.kill(process.pid, 'SIGKILL');

for (let i = 0; i < Number(process.argv[2]); i++) {
  const worker = new Worker(file, { execArgv: [], workerData: firstPipe + i });
  worker.on('error', (error) => console.error(error));
  worker.on('exit', end);
}

// The end comes with the input, whether its owner closed it or died; a signal meant for the owner's group is the owner's.
process.stdin.on('close', end).resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
