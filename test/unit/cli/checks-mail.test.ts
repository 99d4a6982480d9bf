import { describe, expect, it } from '@jest/globals';
import { mailLink } from '../../../cli/checks-mail.ts';

const one = [{ status: 'active' }] as const;

describe('where links of e-mails lead', () => {
  it.each([
    ['sandbox', undefined, 'pass'],
    ['sandbox', 'http://127.0.0.1:8080', 'pass'],
    ['live', 'https://leads.example.com', 'pass'],
    ['live', 'http://leads.example.com', 'warn'],
    ['live', 'https://localhost:8080', 'warn'],
    ['dry-run', 'https://127.0.0.1', 'warn'],
    ['live', undefined, 'fail'],
    ['dry-run', undefined, 'fail'],
  ] as const)('in mode %s at %s: %s', (mode, publicUrl, verdict) => {
    expect(mailLink({ mode, publicUrl }, one)).toMatchObject({ verdict });
  });

  it('is no matter of urgency while no location is installed', () => {
    const config = { mode: 'live', publicUrl: undefined } as const;
    expect(mailLink(config, [])).toMatchObject({ verdict: 'warn' });
    expect(mailLink(config, [{ status: 'uninstalled' }])).toMatchObject({ verdict: 'warn' });
  });
});
