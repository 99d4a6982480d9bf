import type { Location } from '../domain/leads/settings.ts';
import type { Config } from '../platform/config.ts';
import type { Check } from './checks.ts';

/**
 * The link in e-mails must work for years, from everywhere: without an address of ours that people reach no e-mail that solicits goes out.
 * That each location has a postal address is told with what its settings name.
 */
export function mailLink(
  { mode, publicUrl }: Pick<Config, 'mode' | 'publicUrl'>,
  installed: readonly Pick<Location, 'status'>[],
): Omit<Check, 'name'> {
  if (publicUrl !== undefined && (mode === 'sandbox' || isPublic(publicUrl)))
    return { verdict: 'pass', finding: `links of e-mails lead to ${publicUrl}` };
  if (mode === 'sandbox') return { verdict: 'pass', finding: 'links of e-mails lead to the API of this machine' };
  const verdict = installed.some(({ status }) => status !== 'uninstalled') ? 'fail' : 'warn';
  const fix = 'set LEADWRIGHT_PUBLIC_URL to the https address at which people reach the API, for api and worker';
  if (publicUrl === undefined)
    return { verdict, finding: 'no e-mail that solicits goes out: it is not known where people reach us', fix };
  return { verdict: 'warn', finding: 'people cannot use links to this machine, or without TLS, for years', fix };
}

function isPublic(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' && !/^(localhost|127\.|\[::1\]$|0\.0\.0\.0$)/.test(hostname);
}
