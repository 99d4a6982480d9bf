import { boundsOf, isSame, type Method, type Prices } from '../../domain/cache/cost.ts';
import { policies, type Policy } from '../../domain/cache/policies.ts';
import { choicesOf, type ToldChoice } from './analyze-facts.ts';
import type { Tally } from './analyze-tally.ts';
import type { ChoiceInForce } from './coder.ts';

/** What processes said of how values of a kind and size band are stored, and what other ways would change. */
export interface BandReport {
  /** Plain bytes from here on, and below there; the last band has no end. */
  readonly from: number;
  readonly below: number;
  readonly values: number;
  /** As many processes have it, the most common first; empty where none said so. */
  readonly inForce: readonly {
    readonly method: Method;
    readonly why: ChoiceInForce['why'];
    /** What values that stay are stored with anew. */
    readonly slow: Method | null;
    readonly processes: number;
    readonly toldAt: string;
  }[];
  /** As the last trial knew it; null where there was none, as of what is pinned. */
  readonly use: {
    readonly samples: number;
    readonly lifeHours: number;
    readonly readsPerWrite: number;
  } | null;
  readonly policies: readonly Policy[] | null;
}

export interface Told {
  readonly processes: number;
  readonly choices: readonly ToldChoice[];
  /** Of a value of the kind: as its band's trial knew it, or that of another band. */
  keyBytes(kind: string, band: number): number | undefined;
}

export function toldOf(texts: readonly string[], kinds: ReadonlySet<string>): Told {
  const processes = texts.map((text) => choicesOf(text, kinds)).filter(({ length }) => length > 0);
  const choices = processes.flat().sort((a, b) => b.at - a.at);
  return {
    processes: processes.length,
    choices,
    keyBytes(kind, band) {
      const tried = choices.filter((choice) => choice.kind === kind && choice.use !== undefined);
      return (tried.find((choice) => choice.band === band) ?? tried[0])?.use?.keyBytes;
    },
  };
}

export function bandsOf(
  kind: string,
  { tally, told, prices }: { tally: Tally; told: Told; prices: Prices },
): BandReport[] {
  const choices = told.choices.filter((choice) => choice.kind === kind);
  const bands = new Set([...tally.bands.keys(), ...choices.map(({ band }) => band)]);
  return [...bands]
    .sort((a, b) => a - b)
    .map((band) => {
      const values = tally.bands.get(band) ?? 0;
      const ofBand = choices.filter((choice) => choice.band === band);
      const inForce = groupsOf(ofBand);
      const tried = ofBand.find(({ use }) => use !== undefined);
      const method = inForce[0]?.method;
      return {
        ...{ ...boundsOf(band), values, inForce },
        use: tried?.use
          ? {
              samples: tried.use.plainBytes.length,
              lifeHours: tried.use.lifeHours,
              readsPerWrite: tried.use.readsPerWrite,
            }
          : null,
        policies:
          tried?.use && tried.candidates && method
            ? policies(tried.candidates, { use: tried.use, prices, inForce: method, values })
            : null,
      };
    });
}

/** The newest first among those that as many have. */
function groupsOf(choices: readonly ToldChoice[]): BandReport['inForce'] {
  const groups: { readonly choice: ToldChoice; processes: number }[] = [];
  for (const choice of choices) {
    const group = groups.find((one) => isSame(one.choice.method, choice.method) && one.choice.why === choice.why);
    if (group === undefined) groups.push({ choice, processes: 1 });
    else group.processes += 1;
  }
  return groups
    .sort((a, b) => b.processes - a.processes)
    .map(({ choice: { method, why, slow, at }, processes }) => ({
      ...{ method, why, slow: slow ?? null, processes, toldAt: new Date(at).toISOString() },
    }));
}
