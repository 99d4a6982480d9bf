/** Which word of a list was meant by one that no list knows: letters too many, too few, wrong or in the wrong order, or spelled as spoken. */
interface SlipReader {
  (word: string, name: boolean): string | undefined;
}

/** What is left of a word when all that slips most is taken away: vowels, doubled letters, h, and letters that sound alike. */
function soundOf(word: string): string {
  const sound = word
    .replace(/ph/g, 'f')
    .replace(/ck/g, 'k')
    .replace(/c(?=[eiy])/g, 's')
    .replace(/[cq]/g, 'k')
    .replace(/z/g, 's')
    .replace(/h/g, '');
  const bare = sound.charAt(0).replace(/[aeiouy]/, 'a') + sound.slice(1).replace(/[aeiouy]/g, '');
  return bare.replace(/(.)\1+/g, '$1');
}

/** How many letters are wrong, missing, too many or swapped with the next one. */
function edits(a: string, b: string): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_none, at) => at)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}

function without(word: string): readonly string[] {
  return Array.from(word, (_letter, at) => word.slice(0, at) + word.slice(at + 1));
}

/** A table of words with one letter (long ones: two letters) left out, so that a look-up costs as much for a long list as for a short one. */
export function slipReader(list: readonly string[]): SlipReader {
  const near = new Map<string, string>();
  const sounds = new Map<string, string>();
  const add = (key: string, word: string) => {
    if (!near.has(key)) near.set(key, word);
  };
  const sorted = list.toSorted((a, b) => a.length - b.length);
  for (const word of sorted) {
    const sound = soundOf(word);
    if (sound.length > 2 && !sounds.has(sound)) sounds.set(sound, word);
    if (word.length > 3) add(word.split('').toSorted().join('') + '#', word);
    if (word.length < 5) continue;
    for (const one of without(word)) {
      add(one, word);
      if (word.length > 8) for (const two of without(one)) add(two, word);
    }
    add(word, word);
  }
  return (written, name) => {
    const word = written.replace(/([a-z])\1{2,}/g, '$1');
    if (word.length < 3 || word.length > 24) return undefined;
    const one =
      word.length > 4
        ? (near.get(word) ??
          without(word)
            .map((cut) => near.get(cut))
            .find(Boolean))
        : undefined;
    if (name) return one !== undefined && word.length > 6 ? one : undefined;
    const candidates = [
      near.get(word.split('').toSorted().join('') + '#'),
      one,
      sounds.get(soundOf(word)),
      word.length > 8
        ? without(word)
            .flatMap(without)
            .map((cut) => near.get(cut))
            .find(Boolean)
        : undefined,
    ];
    const most = word.length < 5 ? 1 : 2;
    return candidates.find(
      (meant) => meant?.charAt(0) === word.charAt(0) && meant.length > 2 && edits(word, meant) <= most,
    );
  };
}
