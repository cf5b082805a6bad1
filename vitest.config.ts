import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { temporaryFolder } from './test/temporary.ts'

// For every process of the tests.
process.env['TMPDIR'] = temporaryFolder()

/** What holds something of the process for good when it is opened, or starts programs: folders of pictures, pools, servers, environments. */
const alone = [
  'src/*.test.ts',
  'src/{elements,media}/**/*.test.ts',
  'src/platform/server/{backup,images,postgres}/**/*.test.ts',
  'src/platform/server/{images,lock,outside,postgres,typeset,with-database}*.test.ts',
  'src/routes/media/**/*.test.ts',
  'test/**/*.test.ts',
  'scripts/**/*.test.ts',
  'bench/**/*.test.ts',
]
const limits = { testTimeout: 20_000, hookTimeout: 60_000 }
/** Journeys wait for pages and processes. */
const ofJourneys = { testTimeout: 120_000, hookTimeout: 180_000 }
const globalSetup = ['test/global-set-up.ts']

export default defineConfig({
  plugins: [svelte({ configFile: false })],
  test: {
    maxWorkers: 2,
    projects: [
      {
        // One worker reads what it imports once for all its files: that costs as much as the tests themselves.
        extends: true,
        test: {
          name: 'quick',
          globalSetup,
          include: ['src/**/*.test.ts'],
          exclude: alone,
          isolate: false,
          ...limits,
        },
      },
      { extends: true, test: { name: 'alone', globalSetup, include: alone, ...limits } },
      {
        // What begins with nothing shares no product, and goes on beside those that do.
        extends: true,
        test: {
          name: 'apart',
          globalSetup: ['test/build-set-up.ts'],
          include: ['test/apart/*.spec.ts'],
          ...ofJourneys,
        },
      },
      {
        // They share one product, and one process reads once for all of them what they import.
        extends: true,
        test: {
          name: 'e2e',
          globalSetup: ['test/build-set-up.ts', 'test/e2e-set-up.ts'],
          include: ['test/e2e/*.spec.ts'],
          fileParallelism: false,
          isolate: false,
          ...ofJourneys,
        },
      },
      {
        // What stops, kills or overfills its product has one of its own; a process knows one site for good.
        extends: true,
        test: {
          name: 'own',
          globalSetup: ['test/build-set-up.ts', 'test/own-set-up.ts'],
          include: ['test/own/*.spec.ts'],
          fileParallelism: false,
          ...ofJourneys,
        },
      },
    ],
  },
})
