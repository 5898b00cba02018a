import { ref, watch, type Ref } from 'vue';
import type { Problem } from '../api/auth';
import { configFrom, fromTyped, toTyped, valueAt, type ConfigFieldShape } from '../format/config-value';

export interface PluginForm {
  /** What stands in each field, by its path. */
  readonly values: Ref<Record<string, string>>;
  /** What the server said of the form. */
  readonly problem: Ref<Problem>;
  /** What is wrong with a place of the form, `/title` or `/config/…`; empty when nothing is. */
  readonly at: (path: string) => string;
  readonly forget: (path: string) => void;
  /** The config as it is stored; `null` while a field cannot be read. */
  readonly config: () => object | null;
}

export const NO_PROBLEM: Problem = { message: '', fields: [] };

/** The settings of a plugin as typed, with what is wrong of each. `saved` is a stored config of it, `null` for a new one. */
export function usePluginForm(
  plugin: () => { readonly fields: readonly ConfigFieldShape[] } | null,
  saved: () => unknown,
): PluginForm {
  const values = ref<Record<string, string>>({});
  const problem = ref<Problem>(NO_PROBLEM);
  const fields = (): readonly ConfigFieldShape[] => plugin()?.fields ?? [];
  const read = (field: ConfigFieldShape) => fromTyped(field, values.value[field.path] ?? '');
  watch(
    plugin,
    () => {
      values.value = Object.fromEntries(
        fields().map((field) => [field.path, toTyped(field, valueAt(saved(), field.path) ?? field.default)]),
      );
    },
    { immediate: true },
  );
  return {
    values,
    problem,
    at: (path) => {
      const field = fields().find((one) => `/config${one.path}` === path);
      const typed = field && read(field);
      if (typed && 'problem' in typed) return typed.problem;
      return problem.value.fields.find((one) => one.path === path)?.message ?? '';
    },
    forget: (path) => {
      problem.value = { ...problem.value, fields: problem.value.fields.filter((one) => one.path !== path) };
    },
    config: () => {
      const typed = fields().map((field) => [field.path, read(field)] as const);
      if (typed.some(([, one]) => 'problem' in one)) return null;
      return configFrom(typed.map(([path, one]) => [path, 'value' in one ? one.value : null]));
    },
  };
}
