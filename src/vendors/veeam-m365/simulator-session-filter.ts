import { statusOf, type Run } from './simulator-state.ts';

/**
 * What `GET JobSessions` narrows by: from v6 on `jobType` and `endTimeLowerBound`, from v7 on also `jobId` and
 * `endTimeUpperBound`, in v8 also `status`. Answers a message for a value that the server refuses; other names are ignored.
 */
export function sessionFilter(version: number, query: URLSearchParams, now: number): ((run: Run) => boolean) | string {
  const since = version >= 6 ? instantIn(query, 'endTimeLowerBound') : undefined;
  const until = version >= 7 ? instantIn(query, 'endTimeUpperBound') : undefined;
  if (Number.isNaN(since) || Number.isNaN(until)) return 'The bound is not a date.';
  const copies = version >= 6 && (query.get('jobType') ?? 'Backup').toLowerCase() !== 'backup';
  const jobId = version >= 7 ? query.get('jobId')?.toLowerCase() : undefined;
  const word = version >= 8 ? query.get('status') : null;
  const status = word === null ? undefined : STATUS_FILTER[word.toLowerCase()];
  if (word !== null && status === undefined) return `The value ${word} is not valid for status.`;
  return (run) => {
    if (copies || (jobId !== undefined && run.job.id !== jobId)) return false;
    // A run without an end is inside no bound.
    const ended = now >= run.endsAt;
    if (since !== undefined && !(ended && run.endsAt >= since)) return false;
    if (until !== undefined && !(ended && run.endsAt <= until)) return false;
    return status === undefined || statusOf(run, now) === status;
  };
}

/** The filter has another word for success than the sessions themselves. */
const STATUS_FILTER: Readonly<Record<string, string>> = {
  stopped: 'Stopped',
  running: 'Running',
  succeeded: 'Success',
  failed: 'Failed',
  warning: 'Warning',
};

function instantIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text === null ? undefined : Date.parse(text);
}
