import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

const swcForDecorators = swc.vite({ module: { type: 'nodenext' }, jsc: { target: 'es2023' } });

/** Three projects: `unit` beside the code (no I/O), `database` and `system` need the embedded PostgreSQL and sockets. */
export default defineConfig({
  // graphql must be loaded once: Node takes its CommonJS build for Nest, Vite would take the other one for us.
  resolve: { conditions: ['development'], alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  ssr: { resolve: { conditions: ['development'] } },
  plugins: [swcForDecorators],
  test: {
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'libs/{core,quant,engine,plugin-sdk,host,plugins}/**/*.spec.ts',
            'apps/**/*.spec.ts',
            'web/src/**/*.spec.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: ['libs/{data,queue}/**/*.spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/**/*.spec.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
