import type { Command } from '../command.ts';
import { askFor, GATEWAY_NOTES, GATEWAY_OPTIONS } from '../gateway-client.ts';
import { wholeNumber } from '../options.ts';
import { coloured, missingSources, reportLines, type SourceOutcomeRow } from '../report-lines.ts';

const QUERY = `query Upcoming($to: DateTime!) {
  forecast(to: $to) {
    complete
    runs(first: 500) { at basis expectedDuration insideWindow job { name source { key } } }
    swallowed { reason opensAt closesAt run { at job { name } } }
    clockWarnings { explanation job { name } }
    sources { source { key } outcome error { kind } }
  }
}`;

interface Answer {
  readonly forecast: {
    readonly complete: boolean;
    readonly runs: readonly {
      readonly at: string;
      readonly basis: string;
      readonly expectedDuration: string | null;
      readonly insideWindow: boolean | null;
      readonly job: { readonly name: string | null; readonly source: { readonly key: string } };
    }[];
    readonly swallowed: readonly {
      readonly reason: string;
      readonly opensAt: string | null;
      readonly closesAt: string | null;
      readonly run: { readonly at: string; readonly job: { readonly name: string | null } };
    }[];
    readonly clockWarnings: readonly { readonly explanation: string; readonly job: { readonly name: string | null } }[];
    readonly sources: readonly SourceOutcomeRow[];
  };
}

const HOUR_MS = 3_600_000;
const MAX_HOURS = 92 * 24;

export const upcoming: Command = {
  name: 'upcoming',
  summary: 'Prints the coming runs of all sources, and what will go wrong with them by the clock alone',
  positionals: [],
  options: {
    ...GATEWAY_OPTIONS,
    hours: { type: 'string', value: 'N', help: `How far ahead, 1 to ${MAX_HOURS} hours; default 24` },
  },
  notes: [
    ...GATEWAY_NOTES,
    'Exit code 1: a window will swallow a run, or a source is not whole in the forecast. Made for cron.',
  ],
  async run(input, io) {
    const hours = wholeNumber('--hours', input.text('hours'), 1, MAX_HOURS) ?? 24;
    const to = new Date(Date.now() + hours * HOUR_MS).toISOString();
    const { forecast } = (await askFor(QUERY, input, io, { to })) as Answer;
    const inColour = io.outIsTerminal;
    const rows = forecast.runs.map(({ at, basis, expectedDuration, insideWindow, job }) => ({
      tone: insideWindow === false ? ('bad' as const) : ('plain' as const),
      cells: {
        at,
        job: job.name,
        source: job.source.key,
        takes: expectedDuration,
        window: insideWindow === null ? undefined : insideWindow ? 'open' : 'closed',
        basis,
      },
    }));
    if (rows.length === 0) io.out('nothing is due');
    else for (const line of reportLines(rows, inColour)) io.out(line);
    const warnings = [
      ...forecast.swallowed.map(({ run, reason, opensAt, closesAt }) => {
        const when = reason === 'STARTS_OUTSIDE' ? `opens ${opensAt ?? 'never'}` : `closes ${closesAt ?? 'then'}`;
        return coloured(`${run.job.name ?? 'a job'} at ${run.at}: ${reason}, the window ${when}`, 'bad', inColour);
      }),
      ...forecast.clockWarnings.map(({ job, explanation }) =>
        coloured(`${job.name ?? 'a job'}: ${explanation}`, 'warning', inColour),
      ),
      ...missingSources(forecast.sources, inColour),
    ];
    if (warnings.length > 0) io.out('');
    for (const line of warnings) io.out(line);
    return forecast.complete && forecast.swallowed.length === 0 ? 0 : 1;
  },
};
