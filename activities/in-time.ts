import { isAppError } from '../domain/errors.ts';

/** What a lead's event waits for an answer; a process that hangs is found out much later than the event's level may end. */
export const ANSWER_MS = 800;

/** Null: it came to nothing, or not within so many ms, and the rules have to stand in. */
export async function inTime<T>(ms: number, word: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  try {
    return await Promise.race([word, late]);
  } catch (error) {
    if (isAppError(error)) return null;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
