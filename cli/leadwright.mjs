#!/usr/bin/env -S node --max-semi-space-size=64
// The flag, here, in the npm scripts and in the container: at Node's default of 16 MiB short-lived objects are collected four times as
// often, which costs a sixth of the processor time of an event (docs/benchmarks.md). It can only be given to Node from outside.
import { existsSync } from 'node:fs';

// Two ways to run the same command: compiled in production, straight from the sources everywhere else.
const compiled = new URL('../dist/cli/main.js', import.meta.url);
if (process.env.NODE_ENV === 'production' && existsSync(compiled)) {
  const { runProcess } = await import(compiled.href);
  await runProcess();
} else {
  const { register } = await import('tsx/esm/api');
  register();
  const { runProcess } = await import('./main.ts');
  await runProcess();
}
