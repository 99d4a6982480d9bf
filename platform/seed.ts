/** Puts made rows into an empty database, all or nothing, and says what each part took. */
export { type LoadProgress, type LoadStep, loadSeed as seedRows } from '../integrations/postgres/seed-load.ts';
