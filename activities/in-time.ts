import { isAppError } from '../domain/errors.ts';

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
