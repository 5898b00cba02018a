// The floors of docs/decisions/0001 and ARCHITECTURE.md, for a machine: arrows point down only, through front doors.
const below = (floor) => `^(${floor.join('|')})/`;
const CORE = 'libs/core';
const QUANT = 'libs/quant';
const ENGINE = 'libs/engine';
const SDK = 'libs/plugin-sdk';
const DATA = 'libs/data';
const QUEUE = 'libs/queue';
const PLUGINS = 'libs/plugins';
const HOST = 'libs/host';

const floor = (name, from, to) => ({
  name,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: '\\.spec(-support)?\\.ts$' },
  to: { path: '^(libs|apps|web|migrations|test)/', pathNot: [`^${from}/`, ...(to.length > 0 ? [below(to)] : [])] },
});
const npmOnlyIn = (name, packages, rooms) => ({
  name,
  severity: 'error',
  from: { path: '^(libs|apps|migrations)/', pathNot: [...rooms, '\\.spec(-support)?\\.ts$', '/testing/'] },
  to: { path: packages.map((pkg) => `node_modules/${pkg}(/|$)`) },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    { name: 'resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'core-takes-no-package',
      severity: 'error',
      from: { path: `^${CORE}/`, pathNot: '\\.spec(-support)?\\.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'core'] },
    },
    floor('ground-core', CORE, []),
    floor('floor-1-quant', QUANT, [CORE]),
    floor('floor-2-plugin-sdk', SDK, [CORE, QUANT]),
    floor('floor-2-engine', ENGINE, [CORE, QUANT, SDK]),
    floor('floor-3-data', DATA, [CORE, QUANT, SDK, ENGINE, 'migrations']),
    floor('floor-3-queue', QUEUE, [CORE]),
    floor('floor-3-plugins', PLUGINS, [CORE, QUANT, SDK]),
    floor('floor-4-host', HOST, [CORE, QUANT, SDK, ENGINE, DATA, QUEUE, PLUGINS]),
    floor('floor-5-api', 'apps/api', ['libs']),
    floor('floor-5-worker', 'apps/worker', ['libs']),
    floor('floor-5-simulator', 'apps/simulator', ['libs']),
    // The benchmark runs the worker's own lane, recorder and sockets' turns: a copy of them would measure something else.
    floor('floor-5-cli-bench', 'apps/cli/src/bench', [
      'libs',
      'apps/cli',
      'apps/worker/src/lane',
      'apps/worker/src/venues',
      'apps/worker/src/news',
    ]),
    // The truth of a simulated market is known to the simulator's model alone.
    floor('floor-5-cli-truth', 'apps/cli/src/truth', [
      'libs',
      'apps/cli',
      'apps/simulator/src/model',
      'apps/simulator/src/news',
    ]),
    floor('floor-5-cli', 'apps/cli(?!/src/(bench|truth))', ['libs', 'apps/cli']),
    floor('roof-web', 'web', []),
    {
      name: 'front-doors-only',
      comment: 'another library is entered through its index.ts',
      severity: 'error',
      from: { path: '^(libs/[^/]+|apps/[^/]+|web)/', pathNot: '^migrations/' },
      to: {
        path: '^libs/([^/]+)/',
        pathNot: [
          '^libs/$1/',
          '^libs/[^/]+/src/index\\.ts$',
          '^libs/[^/]+/src/testing/index\\.ts$',
          '^libs/plugins/index\\.ts$',
          '^$1/',
        ],
      },
    },
    npmOnlyIn('typeorm-in-data', ['typeorm', '@nestjs/typeorm'], ['^libs/data/', '^migrations/']),
    npmOnlyIn('bullmq-in-queue', ['bullmq', 'ioredis', '@nestjs/bullmq'], ['^libs/queue/']),
    npmOnlyIn('pg-in-data-and-queue', ['pg'], ['^libs/data/', '^libs/queue/', '^migrations/']),
    npmOnlyIn(
      'ws-in-sockets',
      ['ws'],
      ['^apps/worker/src/venues/', '^apps/worker/src/news/', '^apps/simulator/', '^apps/cli/src/bench/', '^apps/api/'],
    ),
    npmOnlyIn('transformers-in-enrichers', ['@huggingface'], ['^libs/plugins/enrichers/']),
    {
      name: 'no-io-below-floor-3',
      severity: 'error',
      from: { path: below([CORE, QUANT, ENGINE, SDK]), pathNot: ['\\.spec(-support)?\\.ts$', '/testing/'] },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?v8$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules|generated)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['development', 'import', 'require', 'node', 'default'],
    },
  },
};
