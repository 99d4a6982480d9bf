import { migrate } from '../../integrations/postgres/migrate.ts';

// A migrator in a process of its own, for tests that kill it: `migrate-child.ts <database url> <folder>`. Its locks are waited for
// without end, so that it stays where the test wants it.
const [url, folder] = process.argv.slice(2);
if (url === undefined || folder === undefined) throw new Error('expected a database url and a folder');
await migrate(url, { folder, lockMs: 600_000 });
