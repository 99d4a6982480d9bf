import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { searchAttributes } from '../../workflows/contract.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const compose = read('docker-compose.yml');

describe('the container files', () => {
  it('register exactly the search attributes of the workflow contract', () => {
    const found = [...read('ops/temporal/create-namespace.sh').matchAll(/--name (\w+) --type (\w+)/g)];
    expect(Object.fromEntries(found.map(([, name, type]) => [name, type]))).toEqual(searchAttributes);
  });

  it('publish ports on the loopback address only', () => {
    const published = [...compose.matchAll(/^ +- (\S+:\d+)$/gm)].map(([, port]) => port);
    expect(published.length).toBeGreaterThan(4);
    expect(published.filter((port) => !port?.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('pin every image to a version', () => {
    const images = [...compose.matchAll(/^ +image: (\S+)$/gm)].map(([, image]) => image);
    expect(images.length).toBeGreaterThan(6);
    expect(images.filter((image) => !/:v?\d+\.\d+/.test(image ?? ''))).toEqual([]);
  });

  it('run the product compiled, as it is measured', () => {
    const image = read('ops/docker/Dockerfile');
    expect(image).toMatch(/^RUN npm run build\b/m);
    expect(image).toContain('COPY --from=packages /app/dist ./dist');
  });

  it('give the production Temporal server the settings that the local one has', () => {
    const local = [...read('sandbox/services/temporal.ts').matchAll(/^ {2}'([\w.]+)': (true|\d+),$/gm)];
    const production = read('ops/temporal/dynamic-config.yaml');
    const missing = local.map(([, key]) => `${key}:`).filter((key) => !production.includes(key));
    expect(local.length).toBeGreaterThan(6);

    expect(missing).toEqual([]);
  });
});
