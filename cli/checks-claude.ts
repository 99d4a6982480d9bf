import type { LanguageModel } from '../platform/compose-assistant.ts';
import type { Check } from './checks.ts';

const PATIENCE_MS = 5_000;

/** Is Claude reached, and does it take our key? That is asked for something that costs nothing. */
export async function claudeKey({ claude, modelUsage }: LanguageModel): Promise<Omit<Check, 'name'>> {
  if (claude === null) {
    const finding = 'no key: there is no assistant, and all else works';
    return { verdict: 'pass', finding };
  }
  const tried = await claude.tryKey({ withinMs: PATIENCE_MS });
  if (tried === 'taken') {
    const report = modelUsage === null ? '; its usage report is not read, for want of ANTHROPIC_ADMIN_KEY' : '';
    return { verdict: 'pass', finding: `answers, and takes our key${report}` };
  }
  const { then, code } = tried;
  if (then === 'key')
    return { verdict: 'fail', finding: `does not take our key (${code})`, fix: 'set a valid ANTHROPIC_API_KEY' };
  if (then === 'spend')
    return {
      verdict: 'fail',
      finding: `a limit of spending is reached (${code})`,
      fix: 'raise it in the Claude Console',
    };
  const fix = 'check ANTHROPIC_BASE_URL and the way there; until it answers templates and people do';
  return { verdict: 'warn', finding: `does not answer (${code})`, fix };
}
