import type { SimTime } from './question.types.js';

export interface Task {
  readonly at: SimTime;
  /** Breaks ties the same way in every run. */
  readonly order: number;
  readonly run: () => void;
}

/** What happens next: a heap by (at, order). */
export class Agenda {
  readonly #tasks: Task[] = [];

  get next(): SimTime {
    return this.#tasks.length > 0 ? this.#tasks[0].at : Infinity;
  }

  push(task: Task): void {
    const tasks = this.#tasks;
    let i = tasks.push(task) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(task, tasks[parent])) break;
      tasks[i] = tasks[parent];
      i = parent;
    }
    tasks[i] = task;
  }

  pop(): Task | undefined {
    const tasks = this.#tasks;
    const top = tasks[0];
    const last = tasks.pop();
    if (last === undefined || tasks.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= tasks.length) break;
      if (child + 1 < tasks.length && before(tasks[child + 1], tasks[child])) child++;
      if (!before(tasks[child], last)) break;
      tasks[i] = tasks[child];
      i = child;
    }
    tasks[i] = last;
    return top;
  }
}

const before = (a: Task, b: Task): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
