import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath, runCommand, ticking } from './command.ts';
import { downloadOfficial } from './download.ts';
import { installed } from './install.ts';
import type { ServiceOptions } from './postgres.ts';

const VERSION = '1.38.0';

/**
 * Temporal's time-skipping test server: cached, else the official download, else from Maven's central repository with a script
 * that runs it on the local Java. Give the path to `TestWorkflowEnvironment.createTimeSkipping({ server: { executable } })`, without
 * `--enable-time-skipping`: the flag starts it unlocked, and workflows run into their time-outs.
 * @returns full path of a program that takes the port as its first argument and can be ended by its pid
 * @throws naming the ways
 */
export async function findTestServer(
  options: Pick<ServiceOptions, 'cache' | 'env' | 'progress'>,
): Promise<{ readonly kind: string; readonly path: string }> {
  return installed({
    name: 'test server',
    cache: options.cache,
    entry: `temporal-test-server-${VERSION}`,
    program: 'temporal-test-server',
    ways: [
      {
        what: 'official download',
        fill: (folder) => downloadOfficial('temporal-test-server', 'temporal-test-server', folder),
      },
      { what: 'Maven', fill: (folder) => fromMaven(folder, options) },
    ],
    help: [
      'install Java 17 and Maven (Debian: apt-get install maven), so that it can be fetched',
      `put Temporal's test server at temporal-test-server-${VERSION}/temporal-test-server in the cache folder`,
    ],
    progress: options.progress,
  });
}

async function fromMaven(folder: string, { env, progress }: Pick<ServiceOptions, 'env' | 'progress'>): Promise<void> {
  const maven = await findOnPath('mvn', env);
  if (!maven || !(await findOnPath('java', env))) throw new Error('Java or Maven is not installed');
  await writeFile(join(folder, 'pom.xml'), POM);
  const libraries = join(folder, 'libs');
  await mkdir(libraries);
  await runCommand(
    maven,
    ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${libraries}`, '-DincludeScope=runtime'],
    { env, cwd: folder, timeoutMs: 5 * 60_000, tick: ticking(progress, 'test server: fetching it with Maven') },
  );
  // `exec`, because the SDK ends the test server by the pid it started: a shell in between would leave Java behind.
  await writeFile(join(folder, 'temporal-test-server'), WRAPPER, { mode: 0o755 });
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>leadwright</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

const WRAPPER = `#!/bin/sh
exec java -XX:TieredStopAtLevel=1 -cp "$(dirname "$0")/libs/*" io.temporal.testserver.TestServer "$@"
`;
