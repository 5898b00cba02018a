import { exactDollars, LIMIT_INFO, sizeText, spellingOf, type NumericLimit } from '#core';
import type { BacktestHeader, LatencyRule, Made } from '#engine';
import { configFields, type ConfigField } from '../registry/config-fields.js';
import type { PluginRegistry } from '../registry/registry.types.js';

const percent = (ppm: number): string => `${ppm / 10_000} %`;
const time = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** A header in words, each number with its unit: what two runs of it have in common. */
export function madeOf(
  header: BacktestHeader,
  tape: { readonly lane: number; readonly toSeq: number },
  build: string,
  plugins: PluginRegistry,
): Made {
  const several = header.workflows.length > 1;
  return [
    ['Build', build === '' ? 'not begun yet' : build],
    ['Tape', `lane ${tape.lane}, events 1 … ${tape.toSeq.toLocaleString('en-US')}`],
    ['From', header.fromAt === null ? 'the tape’s beginning' : time(header.fromAt)],
    ['To', header.toAt === null ? 'the tape’s end' : time(header.toAt)],
    ...header.workflows.flatMap((one): Made => {
      const of = several ? ` of ${one.title}` : '';
      const { scope } = one;
      return [
        [`Plugin${of}`, `${one.plugin} ${one.pluginVersion}`],
        ...settings(plugins, one.plugin, one.config, of),
        ...one.models.flatMap((model) => [
          [`Model ${model.plugin}${of}`, model.version] as const,
          ...settings(plugins, model.plugin, model.config, ` of model ${model.plugin}${of}`),
        ]),
        ...Object.entries(scope)
          .filter(([, value]) => value.length > 0)
          .map(
            ([name, value]) => [`Scope, ${name}${of}`, typeof value === 'string' ? value : value.join(', ')] as const,
          ),
        ...Object.entries(one.limits).map(
          ([name, value]) => [`Tightened ${limitTitle(name)}${of}`, limitText(name, value)] as const,
        ),
      ];
    }),
    ['Order latency', latencyText(header.latency)],
    ['Time to decide', msText({ '*': header.decisionMs, ...header.decisionMsOf })],
    ['Delay of the feeds', header.feedMs === undefined ? 'as recorded' : msText(header.feedMs)],
    ['Fees', `${percent(header.feesPpm)} of the venues’ own`],
    ['Cost of capital', `${percent(header.capitalRatePpm)} a year`],
    ['Least coverage', percent(header.minCoverage * 1_000_000)],
    ['Seed', String(header.seed)],
    ...header.accounts.flatMap((account) => [
      [`Opening cash of ${account.title}`, exactDollars(account.openingCash)] as const,
      ...Object.entries(account.limits).map(([name, value]) => [limitTitle(name), limitText(name, value)] as const),
    ]),
    ...(header.placed.length === 0 ? [] : [['Acts of the session', String(header.placed.length)] as const]),
  ];
}

/** As the plugin's own schema calls and counts them; what it does not know any more by its bare name. */
function settings(plugins: PluginRegistry, plugin: string, config: object, of: string): Made {
  const known = plugins.find(plugin)?.plugin;
  const fields = known === undefined ? [] : configFields(known.configSchema);
  return Object.entries(flat(config)).map(([path, value]) => {
    const field = fields.find((one) => one.path === path);
    return [`${field?.title ?? path.slice(1)}${of}`, valueText(field, value)];
  });
}

function valueText(field: ConfigField | undefined, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return JSON.stringify(value);
  switch (field?.unit ?? '') {
    case '':
      return String(value);
    case 'micro-dollars':
      return exactDollars(value);
    case 'micro-dollars per contract':
      return `${value / 10_000} ¢ a contract`;
    case 'hundredths':
      return `${sizeText(value)} contracts`;
    case 'ppm':
      return percent(value);
    default:
      return `${value} ${field!.unit}`;
  }
}

/** By JSON pointer, also what stands within another. */
function flat(value: object, path = ''): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) {
    const here = `${path}/${key}`;
    if (typeof each === 'object' && each !== null && !Array.isArray(each))
      Object.assign(found, flat(each as object, here));
    else found[here] = each;
  }
  return found;
}

const msText = (ms: Readonly<Record<string, number>>): string =>
  Object.entries(ms)
    .map(([venue, each]) => (venue === '*' ? `${each} ms` : `${each} ms at ${venue}`))
    .join(', ');

function latencyText(latency: LatencyRule): string {
  switch (latency.kind) {
    case 'recorded':
      return `as measured and recorded, until then ${msText(latency.ms)}`;
    case 'constant':
      return `always ${msText(latency.ms)}`;
    case 'sampled':
      return `drawn: ${Object.entries(latency.venues)
        .map(
          ([venue, { medianMs, p95Ms }]) =>
            `half of them below ${medianMs} ms, 95 % below ${p95Ms} ms${venue === '*' ? '' : ` at ${venue}`}`,
        )
        .join('; ')}`;
  }
}

const infoOf = (name: string) => (name in LIMIT_INFO ? LIMIT_INFO[name as NumericLimit] : undefined);
const limitTitle = (name: string): string => infoOf(name)?.title ?? name;
function limitText(name: string, value: unknown): string {
  const info = infoOf(name);
  if (typeof value !== 'number' || info === undefined) return String(value);
  return info.unit === 'hundredths' ? `${sizeText(value)} contracts` : spellingOf(info.unit)(value);
}
