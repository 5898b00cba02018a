import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

const swcForDecorators = swc.vite({ module: { type: 'nodenext' }, jsc: { target: 'es2023' } });

/**
 * Beside the code as well, but on real sockets, on real timers, through a whole lane or over thousands of random worlds:
 * seconds each, so they are part of `npm test` and not of `npm run check`.
 */
const SECONDS_EACH = [
  'apps/simulator/src/simulator*.spec.ts',
  'apps/simulator/src/captures/capture-feed.spec.ts',
  'apps/simulator/src/model/model-feed.spec.ts',
  'apps/worker/src/worker.spec.ts',
  'apps/worker/src/jobs/{jobs,regimes.job}.spec.ts',
  'apps/worker/src/lane/{lane,lane.run}.spec.ts',
  'apps/worker/src/news/stream.reader.spec.ts',
  'apps/worker/src/notices/notice.post.spec.ts',
  'apps/worker/src/venues/venue.feed.spec.ts',
  'apps/worker/src/venues/rest.io.spec.ts',
  'apps/cli/src/launch/kept.spec.ts',
  'apps/cli/src/tape.frames.spec.ts',
  'libs/engine/src/backtest/{backtest,checkpoint,monotone,parity}.spec.ts',
  'libs/engine/src/chaos.properties.spec.ts',
  'libs/engine/src/kernel.properties.spec.ts',
  'libs/engine/src/{risk-view,unheard-rows}.spec.ts',
  'libs/plugins/venues/continuity.properties.spec.ts',
];

/**
 * Five projects: `unit` beside the code, `slow` the same for what takes seconds, `database` on the embedded PostgreSQL, `api`
 * through the real server, and `system` on all of it, after the others.
 */
export default defineConfig({
  // graphql must be loaded once: Node takes its CommonJS build for Nest, Vite would take the other one for us.
  resolve: { conditions: ['development'], alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  ssr: { resolve: { conditions: ['development'] } },
  plugins: [swcForDecorators],
  test: {
    testTimeout: 20_000,
    setupFiles: ['test/properties.setup.ts'],
    // Vitest leaves one core to its own work; of two that is half the machine.
    maxWorkers: '100%',
    // What a file compiles to, kept by its content: the next run begins at once.
    experimental: { fsModuleCache: true, fsModuleCachePath: 'node_modules/.cache/arbintel/vitest' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // They change no globals, so the modules of a worker are loaded once for all its files: half the time.
          isolate: false,
          include: [
            'libs/{core,quant,engine,plugin-sdk,host,plugins}/**/*.spec.ts',
            'apps/**/*.spec.ts',
            'web/src/**/*.spec.ts',
          ],
          exclude: SECONDS_EACH,
        },
      },
      { extends: true, test: { name: 'slow', include: SECONDS_EACH } },
      {
        extends: true,
        test: {
          name: 'database',
          include: ['libs/{data,queue}/**/*.spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'api',
          include: ['test/{api,history}/**/*.spec.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/system/**/*.spec.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // After all others, two at a time: each has its own folder and ports, and waits more than it works.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
