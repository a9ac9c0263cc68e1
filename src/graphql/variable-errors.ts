import {
  GraphQLError,
  coerceInputValue,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import { expectation } from './input-errors.ts';
import { holdsNamesOnly, isShownName } from './known-messages.ts';
import { SECRET_RULE } from './scalars.ts';

/** At most so many are told; looking for more would take long for variables that are all wrong. */
const MOST_TOLD = 20;

/**
 * What is wrong with the variables of an operation: the place, and the type that is expected there; never a value.
 *
 * The engine would find the same later on, but its messages quote the values. Empty when nothing is wrong.
 */
export function variableErrors(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): GraphQLError[] {
  const errors: GraphQLError[] = [];
  for (const definition of operation.variableDefinitions ?? []) {
    const type: unknown = typeFromAST(schema, definition.type);
    // Anything else has been refused by the validation of the document.
    if (isInputType(type)) checkVariable(definition, type, variables, errors);
    if (errors.length >= MOST_TOLD) break;
  }
  return errors;
}

class Enough extends Error {}

function checkVariable(
  definition: VariableDefinitionNode,
  type: GraphQLInputType,
  variables: Readonly<Record<string, unknown>>,
  errors: GraphQLError[],
): void {
  const name = definition.variable.name.value;
  const shown = isShownName(name) ? `Variable "$${name}"` : 'A variable';
  const add = (what: string): void => void errors.push(badInput(`${shown} ${what}`, definition));
  if (!Object.hasOwn(variables, name)) {
    if (isNonNullType(type) && definition.defaultValue === undefined)
      add(`of required type "${String(type)}" was not provided.`);
    return;
  }
  if (variables[name] === null && isNonNullType(type))
    return add(`of non-null type "${String(type)}" must not be null.`);
  try {
    coerceInputValue(variables[name], type, (path, value, { message }) => {
      const at = path.length === 0 ? '' : ` at "${isShownName(name) ? name : '…'}${pathText(path)}"`;
      add(`is not valid${at}. ${complaint(typeAt(type, path), value, message)}`);
      if (errors.length >= MOST_TOLD) throw new Enough();
    });
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
}

/** The engine's message where it holds names only; that of a leaf never, for it is the one that quotes the value. */
function complaint(type: GraphQLInputType, value: unknown, message: string): string {
  if (value === null || value === undefined) return `${expectation(type)} It must not be null.`;
  if (message === SECRET_RULE) return message;
  if (!isInputObjectType(getNamedType(type))) return expectation(type);
  return holdsNamesOnly(message) ? message : `A field is not defined by type "${String(getNamedType(type))}".`;
}

/** The type at a path of fields of inputs and places in lists; a value that stands for a list of one has no place of its own. */
function typeAt(type: GraphQLInputType, path: readonly (string | number)[]): GraphQLInputType {
  let current = type;
  for (const key of path) {
    let bare = getNullableType(current);
    if (typeof key === 'number') {
      if (isListType(bare)) current = bare.ofType;
      continue;
    }
    while (isListType(bare)) bare = getNullableType(bare.ofType);
    const field = isInputObjectType(bare) ? bare.getFields()[key] : undefined;
    if (field !== undefined) current = field.type;
  }
  return current;
}

/** `.target.hours[3]`; the fields of a path are those of the schema. */
function pathText(path: readonly (string | number)[]): string {
  return path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
}

function badInput(message: string, definition: VariableDefinitionNode): GraphQLError {
  return new GraphQLError(message, { nodes: definition, extensions: { code: 'BAD_USER_INPUT' } });
}
