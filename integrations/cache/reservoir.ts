/** Plain bytes of a written value, a copy, and whose they are. */
export interface Sample {
  readonly location: string;
  readonly bytes: Uint8Array;
}

/** A fair choice of all that was offered, within bounds. */
export interface Reservoir {
  offer(location: string, bytes: Uint8Array): void;
  samples(): readonly Sample[];
  /** Nothing of a location stays. */
  forget(location: string): void;
  clear(): void;
}

/** @param cut  of longer ones the first bytes are kept; absent: all */
export function createReservoir({
  most,
  mostBytes,
  cut = Infinity,
  random,
}: {
  most: number;
  mostBytes: number;
  cut?: number;
  random: () => number;
}): Reservoir {
  let kept: Sample[] = [];
  let bytesKept = 0;
  let offered = 0;

  const put = (at: number, sample: Sample): void => {
    bytesKept += sample.bytes.length - (kept[at]?.bytes.length ?? 0);
    kept[at] = sample;
  };

  return {
    offer(location, bytes) {
      offered += 1;
      const room = kept.length < most && bytesKept + Math.min(bytes.length, cut) <= mostBytes;
      const at = room || kept.length === 0 ? kept.length : Math.floor(random() * offered);
      if (at > kept.length || (at === kept.length && !room && at > 0)) return;
      put(at, { location, bytes: Uint8Array.from(bytes.subarray(0, cut)) });
    },
    samples: () => kept,
    forget(location) {
      kept = kept.filter((sample) => sample.location !== location);
      bytesKept = kept.reduce((sum, { bytes }) => sum + bytes.length, 0);
    },
    clear() {
      kept = [];
      bytesKept = offered = 0;
    },
  };
}
