import { printable, table } from './answer-table.ts';

/** How much a line needs an eye. */
export type Tone = 'good' | 'warning' | 'bad' | 'plain';

/** A row of a report for people, with its tone. */
export interface ReportRow {
  readonly tone: Tone;
  readonly cells: Readonly<Record<string, string | null | undefined>>;
}

/** What became of a source, as every list of the gateway tells it. */
export interface SourceOutcomeRow {
  readonly source: { readonly key: string };
  readonly outcome: string;
  readonly error?: { readonly kind: string } | null;
}

const COLOURS: Readonly<Record<Tone, string>> = { good: '32', warning: '33', bad: '31', plain: '' };

/** Rows under their heads, in colour where that is wanted. */
export function reportLines(rows: readonly ReportRow[], inColour: boolean): string[] {
  const cells = rows.map((row) =>
    Object.fromEntries(Object.entries(row.cells).map(([name, text]) => [name, printable(text ?? '') || '-'])),
  );
  const [head = '', ...lines] = cells.length === 0 ? [] : table(cells);
  return [head, ...lines.map((line, index) => coloured(line, rows[index]?.tone ?? 'plain', inColour))];
}

export function coloured(text: string, tone: Tone, inColour: boolean): string {
  return inColour && COLOURS[tone] !== '' ? `\u001b[${COLOURS[tone]}m${text}\u001b[0m` : text;
}

/** One line for each source that is not whole in the answer. */
export function missingSources(sources: readonly SourceOutcomeRow[], inColour: boolean): string[] {
  return sources
    .filter(({ outcome }) => outcome !== 'OK')
    .map(({ source, outcome, error }) => {
      const why = error === null || error === undefined ? '' : ` (${error.kind})`;
      return coloured(printable(`${source.key}: ${outcome}${why}`), outcome === 'STALE' ? 'warning' : 'bad', inColour);
    });
}
