import type { Card } from '../domain/scoring/card/card.ts';
import { percent, plain, range } from '../domain/scoring/card/words.ts';
import { verdictOn } from '../domain/scoring/judge/selection-rates.ts';
import { table } from './output.ts';

/** What was left out of a model and what it would have won; how well the model's features tell what they must not; who is put on top. */
export function auditText({ refused, fairness: { proxies, selection } }: Card): string {
  const groups = selection.flatMap(({ column, groups: rates }) =>
    rates.map((rate) => ({ ...rate, of: `${column}: ${rate.level}` })),
  );
  const leaks = table(refused, [
    { title: 'LEFT OUT', of: ({ why }) => why },
    { title: 'FIGURE', of: ({ won }) => won?.figure ?? null },
    { title: 'WITHOUT', of: ({ won }) => won && plain(won.without), right: true },
    { title: 'WITH', of: ({ won }) => won && plain(won.with), right: true },
  ]);
  const told = table(proxies, [
    { title: 'BARRED', of: ({ column }) => column },
    { title: 'TOLD BEST', of: ({ levels }) => levels[0]?.level ?? null },
    { title: 'AUC', of: ({ auc }) => (auc === null ? null : plain(auc)), right: true },
    { title: '95 % INTERVAL', of: ({ levels }) => range(levels[0]?.interval ?? null) },
    { title: 'VERDICT', of: ({ verdict }) => verdict },
  ]);
  const rated = table(groups, [
    { title: 'GROUP', of: ({ of }) => of },
    { title: 'N', of: ({ n }) => String(n), right: true },
    { title: 'PUT ON TOP', of: ({ rate }) => percent(rate), right: true },
    { title: 'TO THE HIGHEST', of: ({ ratio }) => (ratio === null ? null : plain(ratio)), right: true },
    { title: '95 % INTERVAL', of: ({ ratioInterval }) => (ratioInterval === null ? null : range(ratioInterval)) },
    { title: 'VERDICT', of: ({ ratio }) => verdictOn(ratio) },
  ]);
  return [refused.length > 0 ? leaks : '', proxies.length > 0 ? told : '', groups.length > 0 ? rated : ''].join('');
}
