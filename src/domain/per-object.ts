/**
 * A function of one object that works its result out once for each object, and forgets it with the object.
 *
 * For what follows from rows that many answers share. The object must not be changed afterwards.
 */
export function perObject<Key extends object, Value>(work: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    let result = known.get(key);
    if (result === undefined) {
      result = { value: work(key) };
      known.set(key, result);
    }
    return result.value;
  };
}
