import { judgeDraft } from '../../domain/assistant/reply/judge.ts';
import { fairHousingFindings } from '../../domain/assistant/reply/fair-housing.ts';
import { assistantCorpus, corpusSum, type Harmless, type Violation } from '../support/assistant-corpora.ts';
import { wilson } from '../support/opt-out-corpus.ts';
import { factsOf } from './assistant-own-cost-world.ts';
import type { AssistantPart } from './assistant-part.ts';
import type { Table } from './report.ts';

type Gate = (text: string) => boolean;
interface Told {
  readonly group: string;
  readonly n: number;
  readonly stopped: number;
}

/** The fifth sets are blind; the gate's weights learn from all of the first four: see the sets' page. */
interface Sets<T> {
  readonly first: readonly T[];
  readonly second: readonly T[];
  readonly third: readonly T[];
  readonly fourth: readonly T[];
  readonly blind: readonly T[];
}

const bars = { recall: 0.98, falseBlocks: 0.03 };
const byGate: Gate = (text) => fairHousingFindings(text).length > 0;
const facts = factsOf('2026-11-20T18:00:00.000Z');
/** Does any gate stop it as a draft? Others are narrow for other reasons: this tells what a lead could come to read. */
const byAny =
  (language: 'en' | 'es'): Gate =>
  (text) =>
    !judgeDraft({ text, question: 'none', language, human: false }, facts).ok;

/** A gate as one writes it in ten minutes: words anywhere, whatever they are said of. */
const wordList =
  /\b(?:kids?|child(?:ren)?|famil(?:y|ies)|adults?|couples?|singles?|christian|church|jewish|muslim|catholic|white|black|asian|hispanic|mexicans?|race|color|disab\w*|handicap\w*|wheelchair|wom[ae]n|m[ae]n|gay|section 8|vouchers?|seniors?|married|veterans?|immigrants?|safe|crime|schools?|exclusive|niños|hijos|familias?|cristian\w+|segur[oa])\b/iu;
const byWords: Gate = (text) => wordList.test(text);

/** What the gate of fair housing stops of what must not be said, and of what may be; a bare list of words beside it. */
export function assistantFairHousing(): AssistantPart {
  const violations: Sets<Violation> = {
    first: assistantCorpus('fair-housing-violations'),
    second: assistantCorpus('fair-housing-violations-2'),
    third: assistantCorpus('fair-housing-violations-3'),
    fourth: assistantCorpus('fair-housing-violations-4'),
    blind: assistantCorpus('fair-housing-violations-5'),
  };
  const harmless: Sets<Harmless> = {
    first: assistantCorpus('fair-housing-harmless'),
    second: assistantCorpus('fair-housing-harmless-2'),
    third: assistantCorpus('fair-housing-harmless-3'),
    fourth: assistantCorpus('fair-housing-harmless-4'),
    blind: assistantCorpus('fair-housing-harmless-5'),
  };
  const grey = assistantCorpus('fair-housing-grey');
  const share = (lines: readonly Line[], gate: Gate) => stopped(lines, gate) / lines.length;
  const [caught, blocked] = [share(violations.blind, byGate), share(harmless.blind, byGate)];
  const told = {
    normal: thousandths(caught - blocked),
    value: thousandths(share(violations.blind, byWords) - share(harmless.blind, byWords)),
  };
  const shares = (of: keyof Sets<unknown>) => ({
    recall: shareOf(stopped(violations[of], byGate), violations[of].length),
    falseBlocks: shareOf(stopped(harmless[of], byGate), harmless[of].length),
  });
  return {
    metrics: {},
    targets: [
      { metric: 'fairHousingRecall', min: bars.recall, value: thousandths(caught), pass: caught >= bars.recall },
      {
        ...{ metric: 'fairHousingFalseBlocks', max: bars.falseBlocks },
        ...{ value: thousandths(blocked), pass: blocked <= bars.falseBlocks },
      },
    ],
    control: {
      'fair-housing-words': {
        ...{ what: 'a bare list of words', metric: 'recall less false blocks' },
        ...{ ...told, worse: told.value < told.normal },
      },
    },
    tables: [
      grouped('Violations that the gate of fair housing stops, blind (95 % by Wilson)', violations.blind, [
        'class',
        'kind',
        'lang',
      ]),
      grouped('Harmless replies that it stops, blind', harmless.blind, ['kind', 'lang']),
    ],
    parts: {
      fairHousing: {
        blind: shares('blind'),
        learntFrom: {
          first: shares('first'),
          second: shares('second'),
          third: shares('third'),
          fourth: shares('fourth'),
        },
        stoppedByAnyGate: shareOf(
          violations.blind.filter(({ text, lang }) => byAny(lang)(text)).length,
          violations.blind.length,
        ),
        greyStopped: shareOf(stopped(grey, byGate), grey.length),
        wordList: {
          recall: shareOf(stopped(violations.blind, byWords), violations.blind.length),
          falseBlocks: shareOf(stopped(harmless.blind, byWords), harmless.blind.length),
        },
        sets: {
          violations: corpusSum('fair-housing-violations'),
          harmless: corpusSum('fair-housing-harmless'),
          violations2: corpusSum('fair-housing-violations-2'),
          harmless2: corpusSum('fair-housing-harmless-2'),
          violations3: corpusSum('fair-housing-violations-3'),
          harmless3: corpusSum('fair-housing-harmless-3'),
          violations4: corpusSum('fair-housing-violations-4'),
          harmless4: corpusSum('fair-housing-harmless-4'),
          violations5: corpusSum('fair-housing-violations-5'),
          harmless5: corpusSum('fair-housing-harmless-5'),
          grey: corpusSum('fair-housing-grey'),
        },
      },
    },
  };
}

function stopped(lines: readonly { readonly text: string }[], gate: Gate): number {
  return lines.filter(({ text }) => gate(text)).length;
}

type Line = Omit<Violation, 'class'> & { readonly class?: string };

/** Whoever mends the gate reads this and no sentence. */
function grouped(title: string, lines: readonly Line[], by: readonly (keyof Line)[]): Table {
  const groups = by.flatMap((field) =>
    [...new Set(lines.map((line) => line[field] ?? ''))].map((value): Told => {
      const own = lines.filter((line) => line[field] === value);
      return { group: `${field} ${value}`, n: own.length, stopped: stopped(own, byGate) };
    }),
  );
  const rows = [...groups, { group: 'all', n: lines.length, stopped: stopped(lines, byGate) }].map((told) => {
    const [low, high] = wilson(told.stopped, told.n).map(thousandths);
    return [told.group, told.n, told.stopped, thousandths(told.stopped / told.n), `${low}–${high}`];
  });
  return { title, head: ['set', 'n', 'stopped', 'share', 'between'], rows };
}

function shareOf(hits: number, n: number) {
  return { hits, n, share: thousandths(hits / n), between: wilson(hits, n).map(thousandths) };
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
