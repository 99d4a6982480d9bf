/** Sentences that tell an accuracy without all that it means nothing without. */
export function bareAccuracy(text: string): string[] {
  const lines = text.replace(/<\/(?:p|li|t[dh]|caption|h\d|title|desc)>/g, '\n').split('\n');
  const told = lines.filter((line) => /\d\s*(?:%|per ?cent)\s*accura|accuracy[^a-z]{0,12}\d/i.test(line));
  return told.filter(
    (line) => !['coverage', 'base rate', 'n ', 'window', 'stage'].every((part) => line.includes(part)),
  );
}
