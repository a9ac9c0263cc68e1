import type { RunCondition, RunConditionKind, Severity } from '../../domain/backup-run.ts';
import { isActive, statusSeverityRank, type BackupStatus, type StatusReading } from '../../domain/backup-status.ts';

/** What an operator may let a condition count as (setting `conditions`). */
export const CONDITION_VERDICTS = ['completed', 'warning', 'failed'] as const;
export type ConditionVerdict = (typeof CONDITION_VERDICTS)[number];
/** Verdict by the vendor's condition word. */
export type ConditionRules = Readonly<Record<string, ConditionVerdict>>;

/** Condition types that repeat the status and are no condition. */
export const NEUTRAL_TYPES: ReadonlySet<string> = new Set(['COMPLETED', 'RUNNING']);

/** What a row of the status report or of the action history says about the outcome of a run. */
export interface ConditionData {
  /** `condition_status`, the outcome of rules that a partner can change; undefined when not told. */
  readonly status: string | undefined;
  /** `condition_types`, which no rule changes. */
  readonly types: readonly string[];
  readonly errors: number | undefined;
  readonly warnings: number | undefined;
}

/** `condition_status` of the status report and of the action history, by itself. */
export function mapConditionStatus(raw: string | undefined): StatusReading {
  switch (raw) {
    case 'COMPLETED':
      return { status: 'SUCCEEDED', raw };
    case 'RUNNING':
      return { status: 'RUNNING', raw };
    case 'WARNING':
      return { status: 'WARNING', raw };
    case 'FAILURE':
      return { status: 'FAILED', raw };
    default:
      return { status: 'UNKNOWN', raw };
  }
}

/** `status` of the action history. COMPLETED is not in the vendor's list of words but stands in its sample. */
export function mapHistoryStatus(raw: string | undefined): StatusReading {
  switch (raw) {
    case 'UNINITIALIZED':
      return { status: 'QUEUED', raw };
    case 'RUNNING':
    case 'PAUSED':
      return { status: 'RUNNING', raw };
    case 'CANCELING':
      return { status: 'CANCELING', raw };
    case 'CANCELED':
      return { status: 'CANCELED', raw };
    case 'SUCCESS':
    case 'COMPLETED':
      return { status: 'SUCCEEDED', raw };
    case 'ERROR':
      return { status: 'FAILED', raw };
    default:
      return { status: 'UNKNOWN', raw };
  }
}

/** Kinds of actions in the history. An UNKNOWN one is told in a word that no document lists. */
export type ActionKind = 'BACKUP' | 'OTHER' | 'UNKNOWN';

/** `type` of the action history. A row that does not tell it is a backup: nothing else was asked for. */
export function mapActionKind(type: string | undefined): ActionKind {
  switch (type) {
    case undefined:
    case 'BACKUP':
      return 'BACKUP';
    case 'RESTORE':
    case 'DELETE':
      return 'OTHER';
    default:
      return 'UNKNOWN';
  }
}

/** One condition type in our words; the two that repeat the status (`NEUTRAL_TYPES`) are not asked here. */
export function mapCondition(nativeKind: string): RunCondition {
  const condition = (kind: RunConditionKind, severity: Severity): RunCondition => ({ kind, nativeKind, severity });
  switch (nativeKind) {
    case 'WARNINGS':
      return condition('WARNINGS', 'WARNING');
    case 'ERRORS':
      return condition('ERRORS', 'ERROR');
    case 'EXCEPTION':
      return condition('EXCEPTION', 'ERROR');
    case 'CANCELED':
      return condition('CANCELED', 'WARNING');
    case 'MISSED':
      return condition('MISSED', 'ERROR');
    case 'NO_FILE_DATA_BACKED_UP':
      return condition('NO_NEW_FILE_DATA', 'WARNING');
    case 'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP':
      return condition('NO_EXCHANGE_OR_SQL_DATA', 'WARNING');
    case 'NO_DATA_RESTORED':
      return condition('NOTHING_RESTORED', 'INFO');
    case 'NO_DATA_DELETED':
      return condition('NOTHING_DELETED', 'INFO');
    default:
      return condition('UNMAPPED', 'WARNING');
  }
}

/** The conditions among the types, each once, in the vendor's order. */
export function mapConditions(types: readonly string[]): readonly RunCondition[] {
  return [...new Set(types)].filter((type) => !NEUTRAL_TYPES.has(type)).map(mapCondition);
}

/**
 * Outcome of a row of the status report.
 *
 * In this order: a RUNNING row runs. Conditions that the operator gave a verdict count as that, the worst wins. As soon as a
 * condition without a verdict is there (or none at all, or the status word is unknown), the vendor's own word takes part:
 * CANCELED, then MISSED stand before the status, because the partner's rules decide the status and may call a backup that never
 * happened completed; and COMPLETED beside errors, an exception or a condition nobody knows is a WARNING at least.
 */
export function mapReportStatus(data: ConditionData, rules: ConditionRules): StatusReading {
  return settle(mapConditionStatus(data.status), data, rules);
}

/**
 * Outcome of a row of the action history, which has a status of its own beside the condition data.
 *
 * The worse of the two wins, where the operator's verdicts do not cover everything. A run that is under way ends only by what is
 * surely an end: a WARNING beside RUNNING means «so far».
 */
export function mapActionStatus(word: string | undefined, data: ConditionData, rules: ConditionRules): StatusReading {
  if (word === undefined) return mapReportStatus(data, rules);
  const told = mapHistoryStatus(word);
  const said = told.status === 'CANCELED' ? { ...data, types: [...data.types, 'CANCELED'] } : data;
  const conditioned = settle(data.status === undefined ? told : mapConditionStatus(data.status), said, rules);
  if (isActive(told.status)) return conditioned.status === 'WARNING' ? told : worseReading(told, conditioned);
  const ruled = told.status !== 'UNKNOWN' && !isActive(conditioned.status) && isRuled(conditionWords(said), rules);
  return ruled ? conditioned : worseReading(told, conditioned);
}

/**
 * False for a backup that was missed or cancelled, whatever rules and verdicts let it count as: there is no copy of it. Else undefined,
 * because the vendor does not say.
 */
export function mapRestorable(word: string | undefined, types: readonly string[]): false | undefined {
  const hasNoCopy =
    mapHistoryStatus(word).status === 'CANCELED' || types.includes('CANCELED') || types.includes('MISSED');
  return hasNoCopy ? false : undefined;
}

/** The reading that needs a person's eye more; the first of two alike. */
export function worseReading(a: StatusReading, b: StatusReading): StatusReading {
  return statusSeverityRank(b.status) < statusSeverityRank(a.status) ? b : a;
}

function settle(told: StatusReading, data: ConditionData, rules: ConditionRules): StatusReading {
  if (isActive(told.status)) return told;
  const { raw } = told;
  if (told.status === 'SUCCEEDED' && data.types.includes('RUNNING') && !data.types.includes('COMPLETED'))
    return { status: 'RUNNING', raw };
  const words = conditionWords(data);
  const readings = words.filter((word) => Object.hasOwn(rules, word)).map((word) => byVerdict(rules[word], raw));
  const others = words.filter((word) => !Object.hasOwn(rules, word));
  if (told.status === 'UNKNOWN' || others.length > 0 || readings.length === 0) readings.push(byVendor(told, others));
  return readings.reduce(worseReading);
}

/** The row's conditions; logged errors and warnings are conditions even where the types do not name them. */
function conditionWords({ types, errors, warnings }: ConditionData): readonly string[] {
  const words = new Set(types.filter((type) => !NEUTRAL_TYPES.has(type)));
  if ((errors ?? 0) > 0) words.add('ERRORS');
  if ((warnings ?? 0) > 0) words.add('WARNINGS');
  return [...words];
}

function isRuled(words: readonly string[], rules: ConditionRules): boolean {
  return words.length > 0 && words.every((word) => Object.hasOwn(rules, word));
}

function byVerdict(verdict: ConditionVerdict | undefined, raw: string | undefined): StatusReading {
  switch (verdict) {
    case 'completed':
      return { status: 'SUCCEEDED', raw };
    case 'warning':
      return { status: 'WARNING', raw };
    case 'failed':
      return { status: 'FAILED', raw };
    default:
      return { status: 'UNKNOWN', raw };
  }
}

function byVendor(told: StatusReading, conditions: readonly string[]): StatusReading {
  const as = (status: BackupStatus): StatusReading => ({ status, raw: told.raw });
  if (conditions.includes('CANCELED')) return as('CANCELED');
  if (conditions.includes('MISSED')) return as('MISSED');
  if (told.status === 'SUCCEEDED' && conditions.some(contradictsSuccess)) return as('WARNING');
  return told;
}

function contradictsSuccess(word: string): boolean {
  const { kind } = mapCondition(word);
  return kind === 'ERRORS' || kind === 'EXCEPTION' || kind === 'UNMAPPED';
}
