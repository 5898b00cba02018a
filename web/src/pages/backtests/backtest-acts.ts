import type { TypedDocumentNode } from '@urql/vue';
import { ref } from 'vue';
import { useRouter } from 'vue-router';
import type { Problem } from '../../api/auth';
import { client } from '../../api/client';
import { sentence } from '../../api/live';
import { NO_ANSWER, send } from '../../api/send';
import { count, duration, NO_FIGURE } from './figures';
import { useNotices } from '../../stores/notices.store';
import {
  BacktestFileDocument,
  BacktestPageDocument,
  type BacktestFieldsFragment,
  type SweepFieldsFragment,
} from '../../generated/graphql';

/** Cancels, begins anew, removes. */
type OfOne = TypedDocumentNode<Record<string, { readonly id: string } | Problem>, { id: string }>;

/** What a person does to one backtest or sweep, and is told of it. */
export function useRunActs(id: () => string, refresh: () => Promise<unknown>) {
  const router = useRouter();
  const notices = useNotices();
  const busy = ref(false);
  const removing = ref(false);
  async function act(document: OfOne, done: string): Promise<void> {
    busy.value = true;
    const answer = await send(document, { id: id() });
    busy.value = false;
    if ('problem' in answer) notices.failed(answer.problem.message);
    else notices.done(done);
    await refresh();
  }
  async function remove(document: OfOne, done: string): Promise<void> {
    const answer = await send(document, { id: id() });
    removing.value = false;
    if ('problem' in answer) return notices.failed(answer.problem.message);
    notices.done(done);
    await router.push('/backtests');
  }
  return { busy, removing, act, remove };
}

/** Hands the report to the person as one file. Resolves with what went wrong, or with nothing. */
export async function downloadReport(id: string, as: 'html' | 'json'): Promise<string> {
  const result =
    as === 'html'
      ? await client.query(BacktestPageDocument, { id }).toPromise()
      : await client.query(BacktestFileDocument, { id }).toPromise();
  if (result.error || !result.data) return result.error ? sentence(result.error) : NO_ANSWER;
  const text = 'backtestPage' in result.data ? result.data.backtestPage : result.data.backtestFile;
  const type = as === 'html' ? 'text/html' : 'application/json';
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `backtest-${id.slice(0, 8)}.${as}`;
  link.click();
  URL.revokeObjectURL(address);
  return '';
}

export const backtestPath = (id: string): string => `/backtests/${encodeURIComponent(id)}`;
export const isOver = ({ state }: Pick<BacktestFieldsFragment, 'state'>): boolean =>
  state !== 'waiting' && state !== 'running';

/** `1,200,000 of 5,000,000 events, about 12 s left`. */
export function progressText(run: BacktestFieldsFragment): string {
  if (run.state === 'waiting') return 'waits for a worker';
  if (run.state !== 'running') return '';
  const left = run.leftMs === null ? '' : `, about ${duration(run.leftMs)} left`;
  return `${count(run.done)} of ${run.total > 0 ? count(run.total) : NO_FIGURE} events${left}`;
}

export const sweepPath = (id: string): string => `/backtests/sweeps/${encodeURIComponent(id)}`;

/** `12 of 80 backtests, 1 failed, about 3 min left`. */
export function sweepText({ over, runs, failed, leftMs }: SweepFieldsFragment): string {
  const wrong = failed > 0 ? `, ${count(failed)} failed` : '';
  const left = leftMs === null || leftMs === undefined ? '' : `, about ${duration(leftMs)} left`;
  return `${count(over)} of ${count(runs)} backtests${wrong}${left}`;
}
