import type { Command, CommandIo } from '../command.ts';
import { askFor, GATEWAY_NOTES, GATEWAY_OPTIONS } from '../gateway-client.ts';
import { coloured, missingSources, reportLines, type SourceOutcomeRow, type Tone } from '../report-lines.ts';

const QUERY = `query Report {
  statusReport {
    complete
    totals { successRate counts { status count } }
    rpo { met atRisk breached neverProtected unknown }
    entries(first: 500) {
      nodes { status object { name source { key } } job { name } lastSuccess { startedAt } rpo { verdict dueBy } consecutiveFailures }
      totalCount
      pageInfo { hasNextPage }
    }
    sources { source { key } outcome error { kind } }
  }
}`;

interface Answer {
  readonly statusReport: {
    readonly complete: boolean;
    readonly totals: {
      readonly successRate: number | null;
      readonly counts: readonly { readonly status: string; readonly count: number }[];
    };
    readonly rpo: Readonly<Record<string, number>>;
    readonly entries: {
      readonly nodes: readonly {
        readonly status: string;
        readonly object: { readonly name: string; readonly source: { readonly key: string } };
        readonly job: { readonly name: string | null } | null;
        readonly lastSuccess: { readonly startedAt: string | null } | null;
        readonly rpo: { readonly verdict: string; readonly dueBy: string | null } | null;
        readonly consecutiveFailures: number | null;
      }[];
      readonly pageInfo: { readonly hasNextPage: boolean };
    };
    readonly sources: readonly SourceOutcomeRow[];
  };
}

export const report: Command = {
  name: 'report',
  summary: 'Prints how every protected object stands, worst first',
  positionals: [],
  options: GATEWAY_OPTIONS,
  notes: [
    ...GATEWAY_NOTES,
    'Exit code 1: something FAILED, was MISSED or is BREACHED, or a source is not whole in the report. Made for cron.',
  ],
  async run(input, io) {
    const { statusReport } = (await askFor(QUERY, input, io)) as Answer;
    const { totals, entries, sources } = statusReport;
    const inColour = io.outIsTerminal;
    const rows = entries.nodes.map(({ status, object, job, lastSuccess, rpo, consecutiveFailures }) => ({
      tone: toneOf(status, rpo?.verdict),
      cells: {
        status,
        object: object.name,
        source: object.source.key,
        job: job?.name,
        'failed in a row': consecutiveFailures === null ? undefined : String(consecutiveFailures),
        rpo: rpo?.verdict,
        'due by': rpo?.dueBy,
        'last good copy': lastSuccess?.startedAt,
      },
    }));
    if (rows.length === 0) io.out('nothing is protected');
    else for (const line of reportLines(rows, inColour)) io.out(line);
    if (entries.pageInfo.hasNextPage) io.out('… and more: ask statusReport for further pages');
    io.out('');
    io.out(`last 24 hours: ${totalsText(totals)}`);
    io.out(`objectives: ${countsText(statusReport.rpo)}`);
    for (const line of missingSources(sources, inColour)) io.out(line);
    return verdict(rows, statusReport.complete, io);
  },
};

function toneOf(status: string, verdict: string | undefined): Tone {
  if (status === 'FAILED' || status === 'MISSED') return 'bad';
  if (verdict === 'BREACHED' || verdict === 'NEVER_PROTECTED') return 'bad';
  if (verdict === 'AT_RISK') return 'warning';
  // A success of which nobody knows whether it is enough is no green.
  if (status === 'SUCCEEDED') return verdict === 'MET' ? 'good' : 'plain';
  return status === 'RUNNING' || status === 'QUEUED' ? 'plain' : 'warning';
}

function totalsText({ counts, successRate }: Answer['statusReport']['totals']): string {
  const all = counts.map(({ status, count }) => `${count} ${status}`).join(', ') || 'no runs';
  return successRate === null ? all : `${all}; ${Math.round(successRate * 1000) / 10} % good`;
}

/** `3 met, 1 at risk`, from members such as `atRisk`. */
function countsText(counts: Readonly<Record<string, number>>): string {
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  return told.map(([name, count]) => `${count} ${words(name)}`).join(', ') || 'none';
}

/** `at risk`, from `atRisk`. */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function verdict(rows: readonly { readonly tone: Tone }[], complete: boolean, io: CommandIo): number {
  const bad = rows.filter(({ tone }) => tone === 'bad').length;
  if (bad === 0 && complete) return 0;
  const parts = [...(bad > 0 ? [`${bad} bad`] : []), ...(complete ? [] : ['not complete'])];
  io.out(coloured(parts.join(', '), 'bad', io.outIsTerminal));
  return 1;
}
