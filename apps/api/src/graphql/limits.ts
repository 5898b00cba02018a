import {
  getNamedType,
  getNullableType,
  GraphQLError,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';

export interface OperationLimits {
  readonly depth: number;
  /** Rough number of values an answer may hold. */
  readonly cost: number;
}

export const LIMITS: OperationLimits = { depth: 8, cost: 100_000 };

/** What a list is taken to hold when nothing says more. */
const LIST = 10;
/** What `first` is taken to be when it comes in a variable. */
const FIRST = 100;
/** Fragments within fragments; also ends the walk of a cycle. */
const NESTED_FRAGMENTS = 20;

/** Refuses an operation before it runs when it nests too deep or asks for too much. Fragments count where they are spread. */
export function operationLimits(limits: OperationLimits): ValidationRule {
  return (context) => ({
    OperationDefinition: (operation) => {
      const root = context.getSchema().getRootType(operation.operation);
      if (!root) return;
      const complaint = measure(
        context.getSchema(),
        root,
        operation.selectionSet,
        (name) => context.getFragment(name),
        limits,
      );
      if (complaint)
        context.reportError(new GraphQLError(complaint, { nodes: operation, extensions: { code: 'TOO_MUCH' } }));
    },
  });
}

function measure(
  schema: GraphQLSchema,
  root: GraphQLCompositeType,
  selectionSet: SelectionSetNode,
  fragment: (name: string) => FragmentDefinitionNode | null | undefined,
  limits: OperationLimits,
): string | null {
  let cost = 0;
  let complaint: string | null = null;
  const walk = (
    set: SelectionSetNode,
    parent: GraphQLCompositeType | null,
    depth: number,
    factor: number,
    nested: number,
  ): void => {
    for (const node of set.selections) {
      if (complaint) return;
      // A spread costs as well, or a few fragments of fragments would make a walk without end.
      cost += factor;
      if (cost > limits.cost)
        complaint = `The operation asks for more than ${limits.cost} values at once; ask for fewer fields or smaller pages.`;
      else if (node.kind === Kind.FRAGMENT_SPREAD || node.kind === Kind.INLINE_FRAGMENT) {
        const definition = node.kind === Kind.FRAGMENT_SPREAD ? fragment(node.name.value) : node;
        if (nested >= NESTED_FRAGMENTS) complaint = `Fragments nest deeper than ${NESTED_FRAGMENTS}.`;
        else if (definition) {
          const type = definition.typeCondition ? schema.getType(definition.typeCondition.name.value) : parent;
          walk(definition.selectionSet, isCompositeType(type) ? type : null, depth, factor, nested + 1);
        }
      } else if (!node.name.value.startsWith('__')) {
        if (depth > limits.depth) complaint = `The operation nests deeper than ${limits.depth} fields.`;
        else if (node.selectionSet) {
          const field =
            isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
          const type = field?.type;
          const named = type && getNamedType(type);
          const first = node.arguments?.find(({ name }) => name.value === 'first');
          const many = first
            ? first.value.kind === Kind.INT
              ? Math.max(1, Number(first.value.value))
              : FIRST
            : field?.args.some(({ name }) => name === 'first')
              ? FIRST
              : type && isListType(getNullableType(type)) && node.name.value !== 'items'
                ? LIST
                : 1;
          walk(node.selectionSet, named && isCompositeType(named) ? named : null, depth + 1, factor * many, nested);
        }
      }
    }
  };
  walk(selectionSet, root, 1, 1, 0);
  return complaint;
}
