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
    const anagram = near.get(word.split('').toSorted().join('') + '#');
    if (anagram !== undefined && anagram.charAt(0) === word.charAt(0)) return anagram;
    if (one !== undefined && Math.abs(one.length - word.length) < 2) return one;
    const heard = sounds.get(soundOf(word));
    if (heard !== undefined && heard.charAt(0) === word.charAt(0) && Math.abs(heard.length - word.length) < 4)
      return heard;
    if (word.length > 8)
      return (
        one ??
        without(word)
          .flatMap(without)
          .map((cut) => near.get(cut))
          .find(Boolean)
      );
    return undefined;
  };
}
