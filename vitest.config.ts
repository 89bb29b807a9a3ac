import { defineConfig } from 'vitest/config';

const SECOND = 1000;

/** Stories about files alone: no browser, no server, no time to wait for. */
const OF_FILES = 'tests/story/{any-order,corpus,expected-counts,formats,fuzz,hostile,profiles}.test.ts';
/** Stories about a server and nobody at a screen: whatever runs beside them makes them slower, not wrong. */
const OF_SERVERS = 'tests/story/{isolation,isolation-inside,isolation-names,notices-killed}.test.ts';
/** What is measured is time: how long scanners wait for an answer, how fast and until when they may ask. */
const OF_SCANNERS =
  'tests/story/{engines,killed-runner,outside-authorization,probes,retest-load,walk}.test.ts';
/** What is polled for comes when a server, a scanner or a browser is done with it: as long as a locator waits. */
const PATIENT = {
  testTimeout: 600 * SECOND,
  hookTimeout: 300 * SECOND,
  expect: { poll: { timeout: 30 * SECOND, interval: 100 } },
};

/** One postmaster serves all tests that use a database (tests/support/database.ts). */
const database = { globalSetup: ['tests/support/database-setup.ts'] };

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'rules',
          include: [
            'packages/{core,scans,contract,engines}/src/**/*.test.ts',
            'tests/architecture.test.ts',
            'scripts/**/*.test.ts',
          ],
          testTimeout: 30 * SECOND,
        },
      },
      {
        extends: true,
        test: {
          ...database,
          name: 'application',
          include: ['packages/{db,server,cli,web}/src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'],
          exclude: ['tests/architecture.test.ts', 'tests/story/**'],
          testTimeout: 60 * SECOND,
          hookTimeout: 60 * SECOND,
        },
      },
      {
        extends: true,
        // More would take the processors from the files that run beside it.
        test: { ...database, ...PATIENT, name: 'files', include: [OF_FILES], maxConcurrency: 2 },
      },
      {
        extends: true,
        test: { ...database, ...PATIENT, name: 'server', include: [OF_SERVERS] },
      },
      {
        extends: true,
        test: {
          ...database,
          ...PATIENT,
          name: 'story',
          include: ['tests/story/**/*.test.ts'],
          exclude: [OF_FILES, OF_SERVERS, OF_SCANNERS],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // One at a time and with nothing beside it, or they would measure each other; so are browsers above.
        extends: true,
        test: {
          ...database,
          ...PATIENT,
          name: 'scanner',
          include: [OF_SCANNERS],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
