import type { Registry } from '../main.ts';
import { json, wholeNumber } from '../options.ts';

/** Verbs that judge: they measure, set the figure beside its bar, and fail where it is missed. */
export function addValidate({ program, io, exitWith }: Registry): void {
  const validate = program.command('validate').description('judge parts of this installation; exit 1 when one fails');

  json(validate.command('ml').description('the scoring engine, on the data sets that come with the project'))
    .option('--batch-size <leads>', 'leads that are scored together', '100')
    .action(async (options: { batchSize: string; json?: true }) => {
      const batchSize = wholeNumber('--batch-size', options.batchSize, 1, 10_000);
      // Trees and data are loaded only by whoever asks for them.
      const { validateMl } = await import('../validate-ml.ts');
      exitWith((await validateMl(io, { batchSize, json: options.json })) ? 0 : 1);
    });
}
