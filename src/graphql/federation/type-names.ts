/** New names of types, by the names that they have. */
export type TypeNames = Readonly<Record<string, string>>;

/** Types cannot be called as asked. The message tells the operator why. */
export class TypeNamesError extends Error {
  override readonly name = 'TypeNamesError';
}
