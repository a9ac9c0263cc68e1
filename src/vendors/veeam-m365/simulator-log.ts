import { statusOf, type Run, type VeeamState } from './simulator-state.ts';
import { printInstant, printLocalText, type InstantForm } from './simulator-time.ts';

export type LogType = 'Success' | 'Warning' | 'Error' | 'Running' | 'Stop';

export interface LogItem {
  readonly id: string;
  /** Grows with time, with large jumps. */
  readonly usn: number;
  readonly type: LogType;
  readonly text: string;
  /** The line stands without a bracketed type, in the versions that have brackets. */
  readonly bare: boolean;
  readonly createdAt: number;
  readonly endsAt: number;
}

/** The log of a run as far as it is written at `now`, oldest first; the same lines whenever it is asked for. */
export function logOf(state: VeeamState, run: Run, now: number): LogItem[] {
  const random = state.random(run.job.number, 100_000 + run.number);
  const lines = linesOf(run, random.integer(5, 20));
  const items: LogItem[] = [];
  const stepMs = (run.plannedEndsAt - run.startedAt) / lines.length;
  let usn = random.integer(1, 1_000_000);
  for (const [index, { type, text, bare = false }] of lines.entries()) {
    const createdAt = Math.floor(run.startedAt + index * stepMs);
    usn += random.integer(1, 5000);
    const id = random.uuid();
    if (createdAt > Math.min(now, run.endsAt)) break;
    items.push({
      id,
      usn,
      type,
      text,
      bare,
      createdAt,
      endsAt: Math.min(run.endsAt, Math.floor(createdAt + stepMs * 0.9)),
    });
  }
  if (now < run.endsAt) return items;
  usn += random.integer(1, 5000);
  const last = { id: state.random(run.job.number, 200_000 + run.number).uuid(), usn, bare: false };
  return [...items, { ...last, ...closingLine(run), createdAt: run.endsAt, endsAt: run.endsAt }];
}

/** As the versions write it: a bracketed title up to v7, type and message in v8. */
export function logItemView(version: number, item: LogItem, run: Run, now: number, sessionHref: string): object {
  const open = item.endsAt > now;
  const type = open ? 'Running' : item.type;
  const form: InstantForm = run.number % 2 === 0 ? 'foreign-offset' : 'utc';
  const endTime = open ? (version >= 6 ? { endTime: null } : {}) : { endTime: printInstant(item.endsAt, form) };
  return {
    id: item.id,
    usn: item.usn,
    ...(version >= 8 ? { type, message: item.text } : { title: item.bare ? item.text : `[${type}] ${item.text}` }),
    creationTime: printInstant(item.createdAt, form),
    ...endTime,
    _links: { jobsessions: { href: sessionHref } },
  };
}

interface Line {
  readonly type: LogType;
  readonly text: string;
  readonly bare?: boolean;
}

function linesOf(run: Run, mailboxes: number): Line[] {
  const { job, outcome } = run;
  const lines: Line[] = [
    { type: 'Success', text: `Job started at ${printLocalText(run.startedAt)}` },
    { type: 'Success', text: `Connected to organization: ${job.organization.name}` },
    { type: 'Success', text: 'Collecting objects', bare: true },
  ];
  // Failing runs write long logs, so that they do not fit one page.
  const count = outcome === 'Failed' ? mailboxes + 30 : mailboxes;
  for (let index = 1; index <= count; index += 1) {
    const object = `postfach${String(index).padStart(3, '0')}@${job.organization.name}`;
    if (outcome === 'Failed' && index % 8 === 0) {
      lines.push({
        type: 'Error',
        text: `Processing mailbox ${object} failed with error: Zugriff verweigert [E_ACCESSDENIED]`,
      });
    } else if (outcome !== 'Success' && index % 7 === 0) {
      lines.push({ type: 'Warning', text: `Mailbox ${object} has no valid license: „Grüße" & <mehr>` });
    } else {
      lines.push({ type: 'Success', text: `Processing mailbox ${object}` });
    }
  }
  return lines;
}

function closingLine(run: Run): Line {
  const at = printLocalText(run.endsAt);
  if (run.endReason === 'user') return { type: 'Stop', text: `Job was stopped by LAB\\operator at ${at}` };
  if (run.endReason === 'window') return { type: 'Error', text: `Backup window exceeded, job terminated at ${at}` };
  switch (statusOf(run, run.endsAt)) {
    case 'Success':
      return { type: 'Success', text: `Job finished at ${at}` };
    case 'Warning':
      return { type: 'Warning', text: `Job finished with warnings at ${at}` };
    default:
      return { type: 'Error', text: `Job finished with ${run.outcome} at ${at}` };
  }
}
