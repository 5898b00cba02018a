// docs/graphql.md from the schema: run by `npm run codegen`, and held by its check. CommonJS, as the generator loads its plugins.
const {
  GraphQLNonNull,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
} = require('graphql');

const ROOTS = ['Query', 'Mutation', 'Subscription'];
const anchor = (name) => `[\`${name}\`](#${name.toLowerCase()})`;
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const said = (thing) => (thing.description ? `${thing.description.trim()}\n\n` : '');

/** `[Market!]!` with the type's name leading to its own section. */
function typeText(type) {
  const text = String(type);
  const name = text.replace(/[![\]]/g, '');
  const [before, after] = text.split(name);
  return isKnown(name) ? `${before}${anchor(name)}${after}`.replaceAll('[[', '\\[[') : `\`${text}\``;
}
let known = new Set();
const isKnown = (name) => known.has(name);

function argument({ name, type, defaultValue, description }) {
  const value = defaultValue === undefined ? '' : ` = \`${JSON.stringify(defaultValue)}\``;
  const need = type instanceof GraphQLNonNull && defaultValue === undefined ? '' : ' (may be left out)';
  return `- \`${name}\`: ${typeText(type)}${value}${need}${description ? `: ${cell(description)}` : ''}`;
}

function operation(field) {
  const args = field.args.length > 0 ? `\n\n${field.args.map(argument).join('\n')}` : '';
  return `### ${field.name}\n\n${said(field)}Answers ${typeText(field.type)}.${args}\n`;
}

const table = (fields) =>
  [
    '| field | type | |',
    '| --- | --- | --- |',
    ...fields.map((field) => `| \`${field.name}\` | ${typeText(field.type)} | ${cell(field.description ?? '')} |`),
  ].join('\n');

function typeSection(type) {
  const head = `### ${type.name}\n\n${said(type)}`;
  if (isUnionType(type))
    return `${head}One of ${type
      .getTypes()
      .map(({ name }) => anchor(name))
      .join(', ')}.\n`;
  if (isEnumType(type))
    return `${head}${type
      .getValues()
      .map(({ name }) => `\`${name}\``)
      .join(', ')}\n`;
  if (isScalarType(type)) return head;
  return `${head}${table(Object.values(type.getFields()))}\n`;
}

exports.plugin = (schema) => {
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !ROOTS.includes(type.name) && !isSpecifiedScalarType(type))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  known = new Set(types.map(({ name }) => name));
  const roots = [
    ['Queries', schema.getQueryType()],
    ['Mutations', schema.getMutationType()],
    ['Subscriptions', schema.getSubscriptionType()],
  ].flatMap(([title, root]) => (root ? [`## ${title}\n`, ...Object.values(root.getFields()).map(operation)] : []));
  const kinds = [
    ['Types', isObjectType],
    ['Inputs', isInputObjectType],
    ['Unions', isUnionType],
    ['Enums', isEnumType],
    ['Scalars', isScalarType],
  ].flatMap(([title, is]) => {
    const own = types.filter(is);
    return own.length > 0 ? [`## ${title}\n`, ...own.map(typeSection)] : [];
  });
  return [
    '# GraphQL',
    '',
    '<!-- Made by `npm run codegen` from schema.graphql: change the resolvers, not this page. -->',
    '',
    'Everything the page does goes through `/graphql`, over HTTP and over WebSocket (graphql-ws), for whoever is signed in. A',
    'program sends an API token, made in Settings, as `Authorization: Bearer …`. What a person can mend comes back as a `Problem`',
    'with the path of each field; lists come in pages of `items`, `endCursor` and `hasNextPage`. Money, prices and sizes are whole',
    'numbers: micro-dollars and hundredths of a contract.',
    '',
    ...roots,
    ...kinds,
  ].join('\n');
};
