/** Imports point one way: apps → adapters → contracts → domain → nothing. Adapters do not know each other.
 *  `#x` resolves to dist/libs/x after a build and to nothing before one, so a lib is named in all three forms. */
const lib = (names) => `^(#(${names})$|(dist/)?libs/(${names})/)`;
const adapters = 'kafka|postgres|redis|http|spool|presets';
const notSpec = 'spec\\.ts$';
const rule = (name, from, to) => ({ name, severity: 'error', from, to });

/** Folders of libs/domain from the ground up. A folder imports what is below it, never what is beside or above it. */
const domainFloors = [
  ['click-id', '[a-z-]+\\.ts$'],
  ['money'],
  ['reading'],
  ['report-file'],
  ['conversion', 'template', 'advice'],
  ['delivery', 'reconciliation'],
];
const inFloor = (name) => (name.includes('.') ? name : `${name}/`);
const domainFloorRules = domainFloors.flatMap((floor, height) =>
  floor.flatMap((own) => {
    const beside = floor.filter((name) => name !== own && height > 0);
    const forbidden = [...beside, ...domainFloors.slice(height + 1).flat()].map(inFloor).join('|');
    if (forbidden === '') return [];
    const from = { path: `^libs/domain/${inFloor(own)}`, pathNot: '^libs/domain/index\\.ts$' };
    return [rule(`domain-floor-${height}`, from, { path: `^libs/domain/(${forbidden})` })];
  }),
);

module.exports = {
  forbidden: [
    rule('no-circle', {}, { circular: true }),
    rule(
      'domain-imports-nothing',
      { path: '^libs/domain/' },
      { path: [lib(`contracts|runtime|${adapters}`), '^(apps|stack|demo|ops|bench)/'] },
    ),
    ...domainFloorRules,
    rule(
      'domain-is-pure',
      { path: '^libs/domain/', pathNot: notSpec },
      { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    ),
    rule(
      'domain-knows-no-framework',
      { path: '^libs/domain/' },
      { path: 'node_modules/(@nestjs|kafkajs|typeorm|pg|ioredis|undici|fastify)/' },
    ),
    rule(
      'contracts-import-domain-only',
      { path: '^libs/contracts/' },
      { path: [lib(`runtime|${adapters}`), '^(apps|stack|demo|ops|bench)/'] },
    ),
    rule(
      'runtime-imports-no-lib',
      { path: '^libs/runtime/' },
      { path: [lib(`domain|contracts|${adapters}`), '^(apps|stack|demo|ops|bench)/'] },
    ),
    ...adapters.split('|').map((name) =>
      rule(
        `${name}-knows-no-other-adapter`,
        { path: `^libs/${name}/`, pathNot: notSpec },
        {
          path: lib(
            adapters
              .split('|')
              .filter((other) => other !== name)
              .join('|'),
          ),
        },
      ),
    ),
    rule(
      'libs-do-not-import-apps',
      { path: '^libs/', pathNot: notSpec },
      { path: '^(apps|stack|demo|ops|test|bench)/' },
    ),
    rule(
      'apps-do-not-import-each-other',
      { path: '^apps/([^/]+)/', pathNot: notSpec },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    rule(
      'kafkajs-stays-in-its-lib',
      { pathNot: '^(libs/kafka|test|bench|stack|demo|ops)/' },
      { path: 'node_modules/kafkajs/' },
    ),
    rule(
      'ioredis-stays-in-its-lib',
      { pathNot: '^(libs/redis|test|bench|stack|demo|ops)/' },
      { path: 'node_modules/ioredis/' },
    ),
    rule(
      'undici-stays-in-its-lib',
      { pathNot: '^(libs/http|test|bench|stack|demo|ops)/|spec\\.ts$' },
      { path: 'node_modules/undici/' },
    ),
    rule(
      'one-door-out-of-a-lib',
      { path: '^(apps|stack|demo|ops|bench|test)/' },
      { path: '^libs/[^/]+/(?!index\\.ts$)' },
    ),
    rule(
      'a-lib-does-not-use-its-own-door',
      { path: '^libs/([^/]+)/.*(?<!index)\\.ts$' },
      { path: '^libs/$1/index\\.ts$' },
    ),
    rule(
      'no-dead-file',
      { orphan: true, pathNot: ['spec\\.ts$', 'main\\.ts$', '\\.d\\.ts$', '^(stack|demo|ops|bench|test)/'] },
      {},
    ),
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['import', 'node', 'default'] },
  },
};
