import { configFields, type ConfigField } from '#host';
import type { Plugin } from '#plugin-sdk';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const value = (what: unknown): string => (what === '' ? 'empty' : `\`${JSON.stringify(what)}\``);

/** Kinds in the order of the road, with what stands over each in the index. */
const KINDS: readonly (readonly [Plugin['kind'], string])[] = [
  ['venue', 'Venues'],
  ['news', 'News'],
  ['enricher', 'Enrichers'],
  ['model', 'Models'],
  ['strategy', 'Strategies'],
  ['notifier', 'Notifiers'],
];
const MADE = '<!-- Made by `npm run docs` from the manifest and the config schema: change those, not this page. -->';

/** The page of one plugin, of nothing but its manifest and its schema. */
export function pluginPage(plugin: Plugin): string {
  const { id, title, summary, version, sdk, needs, permissions = [] } = plugin.manifest;
  const facts = [
    ['Id', `\`${id}\``],
    ['Kind', plugin.kind],
    ['Version', version],
    ['Written for sdk', `\`${sdk}\``],
    ...(plugin.kind === 'strategy' ? [['Scope', `its workflows select ${plugin.scope}`]] : []),
    ...(needs?.models?.length ? [['Needs models', needs.models.map((one) => `\`${one}\``).join(', ')]] : []),
    ...(needs?.news ? [['Needs news', 'yes']] : []),
    ...(permissions.length > 0 ? [['Permissions', permissions.map((one) => `\`${one}\``).join(', ')]] : []),
  ];
  const fields = configFields(plugin.configSchema);
  return [
    `# ${title}`,
    '',
    MADE,
    '',
    summary,
    '',
    '| | |',
    '| --- | --- |',
    ...facts.map(([name, fact]) => `| ${name} | ${cell(fact)} |`),
    '',
    '## Config',
    '',
    ...(fields.length === 0 ? ['Nothing is to be set.', ''] : fields.flatMap(fieldLines)),
  ].join('\n');
}

function fieldLines(field: ConfigField): readonly string[] {
  const unit = field.unit === null ? '' : ` ${field.unit}`;
  const range =
    field.minimum === null && field.maximum === null
      ? ''
      : `, ${field.minimum ?? 'any'} to ${field.maximum ?? 'any'}${unit}`;
  const choices = field.enum === null ? '' : `, one of ${field.enum.map(value).join(', ')}`;
  return [
    `### ${field.title}`,
    '',
    field.description,
    '',
    `\`${field.path}\`: ${field.type}${range}${choices}; default ${value(field.default)}${typeof field.default === 'number' ? unit : ''}.`,
    '',
    ...(field.entry === null ? [] : [...field.entry.map(entryLine), '']),
  ];
}

/** A field of one entry of a list. */
function entryLine({ path, title, type, minimum, maximum, unit, description }: ConfigField): string {
  const range =
    minimum === null && maximum === null
      ? ''
      : `, ${minimum ?? 'any'} to ${maximum ?? 'any'}${unit === null ? '' : ` ${unit}`}`;
  return `- \`${path.slice(1)}\` (${type}${range}): ${title}. ${description}`;
}

/** The list of all pages, by kind. */
export function pluginIndex(plugins: readonly Plugin[]): string {
  const sections = KINDS.flatMap(([kind, heading]) => {
    const own = plugins.filter((plugin) => plugin.kind === kind);
    if (own.length === 0) return [];
    return [
      `## ${heading}`,
      '',
      ...own.map(({ manifest }) => `- [${manifest.title}](${manifest.id}.md): ${manifest.summary}`),
      '',
    ];
  });
  return [
    '# Built-in plugins',
    '',
    MADE,
    '',
    'What a plugin is and how one from outside is made and loaded: [plugins](../plugins.md).',
    '',
    ...sections,
  ].join('\n');
}

/** Every page by its file name. */
export const pluginPages = (plugins: readonly Plugin[]): ReadonlyMap<string, string> =>
  new Map([
    ['README.md', pluginIndex(plugins)],
    ...plugins.map((plugin) => [`${plugin.manifest.id}.md`, pluginPage(plugin)] as const),
  ]);
