import type { Link, Row } from './simulator-format.ts';
import {
  doneShare,
  isRunning,
  statusOf,
  typesOf,
  type Account,
  type BackupSet,
  type Computer,
  type OtherAction,
  type Run,
} from './simulator-state.ts';
import { ZONES, printLocal } from './simulator-time.ts';

/** One row for each set's latest job; one set in the house is told of twice, with the job before beside the latest. */
export function reportRows(sets: readonly BackupSet[], now: number): Row[] {
  return sets.flatMap((set) => {
    const runs = set.number === TOLD_TWICE ? set.runs.slice(-2) : set.runs.slice(-1);
    return runs.map((run) => reportRow(run, now));
  });
}

const TOLD_TWICE = 6;

function reportRow(run: Run, now: number): Row {
  const { computer } = run.set;
  const types = typesOf(run, now);
  return {
    report_date: printLocal(ZONES[0], Math.floor(now / 1000) * 1000),
    username: computer.account.rowUsername,
    computer_id: computer.id,
    computer_name: computer.name,
    backupset_name: run.set.name,
    local_start: run.missed && run.set.number % 2 === 0 ? '' : printLocal(computer.zone, run.at),
    local_end: reportEnd(run, now),
    condition_status: statusOf(types, computer.account.rules),
    condition_types: types,
    errors: isRunning(run, now) ? 0 : run.errors,
    warnings: isRunning(run, now) ? 0 : run.warnings,
  };
}

/** While a job runs this is the last update, which comes every quarter of a minute. Without a value: empty, null or missing. */
function reportEnd(run: Run, now: number): string | null | undefined {
  if (run.missed) return ['', null, undefined][run.set.number % 3];
  const { zone } = run.set.computer;
  if (!isRunning(run, now)) return printLocal(zone, run.endsAt);
  const seconds = Math.max(0, Math.floor((now - run.at) / 15_000) * 15);
  return printLocal(zone, run.at + seconds * 1000);
}

/** The value that a row sorts by, and the row. */
export interface Action {
  readonly at: number;
  readonly type: string;
  readonly status: string;
  row(): Row;
}

/** What ran on a computer. Ids count per computer, so that an account's list has them several times. */
export function actionsOf(computer: Computer, now: number): Action[] {
  if (computer.oldAgent) return [];
  const backups = computer.sets.flatMap((set, index) =>
    set.runs.filter((run) => !run.missed).map((run) => backupAction(run, index, now)),
  );
  return [...backups, ...computer.otherActions.map((action) => otherAction(computer, action))];
}

function backupAction(run: Run, index: number, now: number): Action {
  const { set } = run;
  const { computer } = set;
  const running = isRunning(run, now);
  const status = actionStatus(run, now);
  const share = doneShare(run, now);
  const types = typesOf(run, now);
  const row = (): Row => ({
    action_id: 1000 * (index + 1) + run.number,
    username: computer.account.rowUsername,
    computer_id: computer.id,
    type: 'BACKUP',
    backupset_name: set.name,
    plugin: set.plugin,
    status,
    local_start: printLocal(computer.zone, run.at),
    local_end: running ? '' : printLocal(computer.zone, run.endsAt),
    total_files: status === 'UNINITIALIZED' ? 0 : run.files,
    processed_files: Math.floor(run.files * share),
    bytes: Math.floor(run.bytes * share),
    condition_status: statusOf(types, computer.account.rules),
    condition_types: types,
    errors: running ? 0 : run.errors,
    warnings: running ? 0 : run.warnings,
  });
  return { at: run.at, type: 'BACKUP', status, row };
}

/** One run in a while is COMPLETED, as the vendor's sample has it although the list of words has not. */
function actionStatus(run: Run, now: number): string {
  const canceled = run.types.includes('CANCELED');
  if (isRunning(run, now)) {
    if (now < run.at + 5_000) return 'UNINITIALIZED';
    if (run.pausedFrom !== undefined && now >= run.pausedFrom) return 'PAUSED';
    return canceled && now >= run.endsAt - 15_000 ? 'CANCELING' : 'RUNNING';
  }
  if (canceled) return 'CANCELED';
  if (run.types.includes('ERRORS')) return 'ERROR';
  return (run.set.number + run.number) % 11 === 0 ? 'COMPLETED' : 'SUCCESS';
}

function otherAction(computer: Computer, action: OtherAction): Action {
  const { at, type, status, endsAt, types } = action;
  const row = (): Row => ({
    action_id: action.id,
    username: computer.account.rowUsername,
    computer_id: computer.id,
    type,
    backupset_name: '',
    plugin: 'FILE',
    status,
    local_start: printLocal(computer.zone, at),
    local_end: endsAt === undefined ? '' : printLocal(computer.zone, endsAt),
    total_files: action.files,
    processed_files: endsAt === undefined ? Math.floor(action.files / 3) : action.files,
    bytes: action.bytes,
    condition_status: statusOf(types, computer.account.rules),
    condition_types: types,
    errors: 0,
    warnings: 0,
  });
  return { at, type, status, row };
}

export function accountRow(account: Account): Row {
  return {
    account_id: 4000 + account.number,
    username: account.username,
    signup_date: printLocal(ZONES[0], account.signupAt),
    status: account.status,
    usage: account.computers.reduce((sum, computer) => sum + usageOf(computer), 0),
    reference_code: account.number % 2 === 0 ? `REF-00${account.number}` : '',
  };
}

/** A computer's usage is text, an account's a number. */
export function computerRow(computer: Computer): Row {
  return {
    username: computer.account.username,
    computer_id: computer.id,
    signup_date: printLocal(ZONES[0], computer.signupAt),
    status: computer.status,
    usage: String(usageOf(computer)),
    ...computer.contact,
    name: computer.name,
  };
}

export function usageOf(computer: Computer): number {
  return computer.sets.reduce((sum, set) => sum + (set.runs.at(-1)?.bytes ?? 0), 0);
}

const ACCOUNT_LINKS = [
  'info',
  'action_history',
  'usage_history',
  'addresses',
  'cancellation',
  'available_plans',
  'computers',
  'reports',
  'password',
];
const COMPUTER_LINKS = [
  'info',
  'action_history',
  'usage_history',
  'notification_emails',
  'notification_options',
  'reports',
  'password',
];

export function relatedLinks(path: string, of: 'account' | 'computer'): Link[] {
  const titles = of === 'account' ? ACCOUNT_LINKS : COMPUTER_LINKS;
  return titles.map((title) => ({ title, rel: 'related', path: `${path}/${title}` }));
}
