import { defineConfig } from 'vitest/config';

const SECOND = 1000;

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
        // Real scanners against real servers: one at a time, or they would measure each other.
        extends: true,
        test: {
          ...database,
          name: 'story',
          include: ['tests/story/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 600 * SECOND,
          hookTimeout: 300 * SECOND,
        },
      },
    ],
  },
});
