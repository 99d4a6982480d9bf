import { type ProxyOptions, type ProxyTest, proxyTest } from '../judge/proxy-test.ts';
import type { RawColumn } from '../data/table.ts';
import { type Encoder, featuresOf } from '../trainer/encoder.ts';
import type { Columns } from '../trainer/tree-model.ts';
import { watchedFeatures } from './lead-features.ts';
import { plainName } from './registry.ts';

/** How well a model's features tell one attribute that it must not know: all of them together, and each watched one by itself. */
export interface ProxyWatch {
  readonly all: ProxyTest;
  readonly watched: readonly { readonly feature: string; readonly test: ProxyTest }[];
}

/**
 * Asks the proxy test. The attribute comes from an audit and is kept apart: no trainer reads it, no lead's row holds it. An alarm of `all`
 * says that the model's features stand for the attribute, whichever of them; one of a watched feature says which to take out first.
 * @param attribute name and values of the audited column, row by row as the model's columns
 */
export function proxyWatch(
  attribute: { readonly name: string; readonly values: RawColumn },
  model: { readonly encoder: Encoder; readonly columns: Columns },
  options: ProxyOptions,
): ProxyWatch {
  const test = (columns: Columns): ProxyTest => proxyTest(attribute.name, attribute.values, columns, options);
  const watched = watchedFeatures.flatMap((feature) => {
    const own = model.columns.filter((_, i) => featuresOf(model.encoder.columns[i]!).map(plainName).includes(feature));
    return own.length === 0 ? [] : [{ feature, test: test(own) }];
  });
  return { all: test(model.columns), watched };
}
