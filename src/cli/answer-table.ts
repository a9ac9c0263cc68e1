type Row = Readonly<Record<string, unknown>>;

/**
 * An answer for people: the rows of its first list as a table, nested members flattened, and below it what became of the sources.
 *
 * What writes answer is a row for each of them; their errors are told elsewhere.
 */
export function answerTable(data: unknown): string[] {
  const payloads = payloadsIn(data);
  if (payloads.length > 0) {
    const told = payloads.map(withoutUserErrors).filter((row) => Object.keys(row).length > 0);
    return told.length === 0 ? [] : table(told);
  }
  const connection = findFirst(data, isConnection);
  const rows = connection === undefined ? (findFirst(data, isRowList) ?? singleRow(data)) : rowsOf(connection);
  const lines = rows.length === 0 ? ['no rows'] : table(rows.map((row) => flatten(row)));
  const told = hasSources(connection) ? connection : (findFirst(data, hasSources) ?? connection);
  return [...lines, ...summary(told)];
}

/** Everything in the `userErrors` of what writes answered. */
export function userErrorsIn(data: unknown): readonly Row[] {
  return payloadsIn(data).flatMap(({ userErrors }) => userErrors);
}

function payloadsIn(data: unknown): readonly (Row & { readonly userErrors: readonly Row[] })[] {
  return isRow(data) ? Object.values(data).filter(isPayload) : [];
}

function withoutUserErrors(payload: Row): Record<string, string> {
  return flatten(Object.fromEntries(Object.entries(payload).filter(([name]) => name !== 'userErrors')));
}

function isPayload(value: unknown): value is Row & { readonly userErrors: readonly Row[] } {
  return isRow(value) && isRowList(value['userErrors']);
}

/** The nearest value that fits, breadth first: what stands further up is what was asked for. */
function findFirst<T>(data: unknown, fits: (value: unknown) => value is T): T | undefined {
  let level: readonly unknown[] = [data];
  while (level.length > 0) {
    const found = level.find(fits);
    if (found !== undefined) return found;
    level = level.flatMap((value) => (isRow(value) ? Object.values(value) : []));
  }
  return undefined;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRowList(value: unknown): value is readonly Row[] {
  return Array.isArray(value) && value.every(isRow);
}

function isConnection(value: unknown): value is Row {
  return isRow(value) && (isRowList(value['nodes']) || isRowList(value['edges']));
}

function hasSources(value: unknown): value is Row {
  return isRow(value) && isRowList(value['sources']) && value['sources'].some((source) => 'outcome' in source);
}

function rowsOf(connection: Row): readonly Row[] {
  if (isRowList(connection['nodes'])) return connection['nodes'];
  const edges = isRowList(connection['edges']) ? connection['edges'] : [];
  return edges.map((edge) => (isRow(edge['node']) ? edge['node'] : edge));
}

function singleRow(data: unknown): readonly Row[] {
  if (!isRow(data)) return [];
  const values = Object.values(data);
  const [only] = values;
  return values.length === 1 && isRow(only) ? [only] : [data];
}

/** Members of members as `source.key`; lists as one text. */
function flatten(row: Row, prefix = ''): Record<string, string> {
  const cells: Record<string, string> = {};
  for (const [name, value] of Object.entries(row)) {
    if (isRow(value)) Object.assign(cells, flatten(value, `${prefix}${name}.`));
    else cells[`${prefix}${name}`] = cell(value);
  }
  return cells;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(item).join(', ');
  return typeof value === 'string' ? printable(value) : JSON.stringify(value);
}

function item(value: unknown): string {
  return isRow(value) ? Object.values(flatten(value)).join('/') : cell(value);
}

/** Text without characters that steer a terminal: names come from vendors. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ').trim();
}

/** Rows under the names of their members, in columns. */
export function table(rows: readonly Record<string, string>[]): string[] {
  // A member that is null in one row and an object in the next has both forms of columns; the plain one is then left out.
  const all = [...new Set(rows.flatMap(Object.keys))];
  const names = all.filter((name) => !all.some((other) => other.startsWith(`${name}.`)));
  const cells = [names, ...rows.map((row) => names.map((name) => row[name] ?? '-'))];
  const widths = names.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells.map((line) =>
    line
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** One line for each source that was asked, and how many rows there are in all. */
function summary(connection: Row | undefined): string[] {
  if (connection === undefined) return [];
  const { totalCount, sources } = connection;
  const lines = isRowList(sources) ? table(sources.map((source) => flatten(source))) : [];
  return [
    ...(typeof totalCount === 'number' ? ['', `${totalCount} in all`] : []),
    ...(lines.length === 0 ? [] : ['', 'sources:', ...lines.map((line) => `  ${line}`)]),
  ];
}
