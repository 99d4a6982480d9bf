import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Config } from './config.ts';

/** TLS and key for a Temporal that asks for them. Files are read here, once. */
export function temporalSecurity(config: Config) {
  const { apiKey, tls } = config.temporal;
  const read = (file: string | undefined) =>
    file === undefined ? undefined : readFileSync(isAbsolute(file) ? file : join(process.cwd(), file));
  const ca = read(tls?.caFile);
  const crt = read(tls?.certFile);
  const key = read(tls?.keyFile);
  return {
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined
      ? apiKey === undefined
        ? {}
        : { tls: true as const }
      : {
          tls: {
            ...(ca === undefined ? {} : { serverRootCACertificate: ca }),
            ...(crt === undefined || key === undefined ? {} : { clientCertPair: { crt, key } }),
            ...(tls.serverName === undefined ? {} : { serverNameOverride: tls.serverName }),
          },
        }),
  };
}
