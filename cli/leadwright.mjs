#!/usr/bin/env node
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
