/**
 * Bundles workflow code: `node bundle-process.mjs <entry> <file>`. In a process of its own, since the bundler, once loaded, keeps some 45 MiB
 * of its process for good.
 */
import { writeFile } from 'node:fs/promises';
import { bundleWorkflowCode } from '@temporalio/worker';

const [entry, file] = process.argv.slice(2);
const silent = () => undefined;
const logger = { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent };
const { code } = await bundleWorkflowCode({ workflowsPath: entry, logger });
await writeFile(file, code);
