import { regimeOf } from '../../charts/belief-series';

interface Step {
  readonly part: string;
  readonly label: string;
  readonly value: number | null;
  readonly unit: string;
  readonly how: string;
}

export interface ShownStep {
  readonly label: string;
  readonly text: string;
  readonly how: string;
  readonly tone: string;
}

const TITLES: Readonly<Record<string, string>> = {
  estimate: 'What the model believes',
  pool: 'What it was pooled from',
  market: 'The book it read',
  yes: 'Buying YES',
  no: 'Buying NO',
  regime: 'Regime',
};

/** Steps by part, in the order they come, with their numbers spelled for a person. */
export function partsOf(steps: readonly Step[]): { readonly title: string; readonly steps: readonly ShownStep[] }[] {
  const parts: {
    readonly part: string;
    readonly title: string;
    readonly steps: ShownStep[];
  }[] = [];
  for (const step of steps) {
    let last = parts.at(-1);
    if (last?.part !== step.part)
      parts.push(
        (last = {
          part: step.part,
          title: TITLES[step.part] ?? step.part,
          steps: [],
        }),
      );
    last.steps.push({
      label: step.label,
      text: step.label === 'Regime' && step.value !== null ? regimeOf(step.value) : shown(step.value, step.unit),
      how: step.how,
      tone: step.label === 'Edge' && step.value !== null ? (step.value > 0 ? 'gain' : 'loss') : '',
    });
  }
  return parts;
}

/** With a true minus, as the desk's other numbers have it. */
function shown(value: number | null, unit: string): string {
  if (value === null) return '–';
  return spelled(value, unit).replace('-', '−');
}

function spelled(value: number, unit: string): string {
  switch (unit) {
    case 'probability':
      return `${(value * 100).toFixed(2)} %`;
    case 'share':
      return `${(value * 100).toFixed(2)} %`;
    case 'dollars':
      return `${(value * 100).toFixed(2)}¢`;
    case 'contracts':
      return value.toLocaleString('en-GB', { maximumFractionDigits: 2 });
    default:
      return value.toFixed(3);
  }
}
