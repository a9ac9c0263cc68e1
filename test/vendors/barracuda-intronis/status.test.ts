import { describe, expect, it } from 'vitest';
import {
  mapActionKind,
  mapActionStatus,
  mapConditions,
  mapConditionStatus,
  mapHistoryStatus,
  mapReportStatus,
  worseReading,
  type ConditionData,
} from '../../../src/vendors/barracuda-intronis/status.ts';

function data(
  status: string | undefined,
  types: readonly string[] = [],
  errors?: number,
  warnings?: number,
): ConditionData {
  return { status, types, errors, warnings };
}

describe('vendors/barracuda-intronis/status', () => {
  it.each([
    ['COMPLETED', 'SUCCEEDED'],
    ['RUNNING', 'RUNNING'],
    ['WARNING', 'WARNING'],
    ['FAILURE', 'FAILED'],
    ['completed', 'UNKNOWN'],
    ['FROZEN', 'UNKNOWN'],
    [undefined, 'UNKNOWN'],
  ])('reads condition_status %s as %s and keeps the word', (raw, status) => {
    expect(mapConditionStatus(raw)).toEqual({ status, raw });
    expect(mapReportStatus(data(raw), {})).toEqual({ status, raw });
  });

  it.each([
    ['UNINITIALIZED', 'QUEUED'],
    ['RUNNING', 'RUNNING'],
    ['PAUSED', 'RUNNING'],
    ['SUCCESS', 'SUCCEEDED'],
    ['COMPLETED', 'SUCCEEDED'],
    ['CANCELING', 'CANCELING'],
    ['CANCELED', 'CANCELED'],
    ['ERROR', 'FAILED'],
    ['SLEEPING', 'UNKNOWN'],
    [undefined, 'UNKNOWN'],
  ])('reads history status %s as %s and keeps the word', (raw, status) => {
    expect(mapHistoryStatus(raw)).toEqual({ status, raw });
  });

  it.each([
    ['BACKUP', 'BACKUP'],
    [undefined, 'BACKUP'],
    ['RESTORE', 'OTHER'],
    ['DELETE', 'OTHER'],
    ['VERIFY', 'UNKNOWN'],
    ['backup', 'UNKNOWN'],
  ])('reads the action type %s as %s', (type, kind) => {
    expect(mapActionKind(type)).toBe(kind);
  });

  it.each([
    ['WARNINGS', 'WARNINGS', 'WARNING'],
    ['CANCELED', 'CANCELED', 'WARNING'],
    ['ERRORS', 'ERRORS', 'ERROR'],
    ['MISSED', 'MISSED', 'ERROR'],
    ['EXCEPTION', 'EXCEPTION', 'ERROR'],
    ['NO_DATA_RESTORED', 'NOTHING_RESTORED', 'INFO'],
    ['NO_DATA_DELETED', 'NOTHING_DELETED', 'INFO'],
    ['NO_FILE_DATA_BACKED_UP', 'NO_NEW_FILE_DATA', 'WARNING'],
    ['NO_EXCHANGE_OR_SQL_DATA_BACKED_UP', 'NO_EXCHANGE_OR_SQL_DATA', 'WARNING'],
    ['TAPE_ON_FIRE', 'UNMAPPED', 'WARNING'],
  ])('reads condition type %s as %s of severity %s', (nativeKind, kind, severity) => {
    expect(mapConditions([nativeKind])).toEqual([{ kind, nativeKind, severity }]);
  });

  it('sees no condition in the types that repeat the status, and each other one once', () => {
    expect(mapConditions(['COMPLETED', 'RUNNING'])).toEqual([]);
    expect(mapConditions(['ERRORS', 'ERRORS']).map(({ kind }) => kind)).toEqual(['ERRORS']);
  });

  it.each([
    ['COMPLETED', ['CANCELED'], 'CANCELED'],
    ['WARNING', ['WARNINGS', 'CANCELED'], 'CANCELED'],
    ['FAILURE', ['CANCELED', 'ERRORS'], 'CANCELED'],
    ['COMPLETED', ['MISSED'], 'MISSED'],
    ['FAILURE', ['MISSED'], 'MISSED'],
    ['COMPLETED', ['MISSED', 'CANCELED'], 'CANCELED'],
    ['RUNNING', ['RUNNING', 'CANCELED'], 'RUNNING'],
    ['FROZEN', ['CANCELED'], 'CANCELED'],
    ['COMPLETED', ['COMPLETED'], 'SUCCEEDED'],
    ['COMPLETED', ['WARNINGS'], 'SUCCEEDED'],
    ['COMPLETED', ['NO_FILE_DATA_BACKED_UP'], 'SUCCEEDED'],
    ['COMPLETED', ['ERRORS'], 'WARNING'],
    ['COMPLETED', ['COMPLETED', 'EXCEPTION'], 'WARNING'],
    ['COMPLETED', ['TAPE_ON_FIRE'], 'WARNING'],
    ['COMPLETED', ['canceled'], 'WARNING'],
    ['COMPLETED', ['Missed'], 'WARNING'],
    ['COMPLETED', [' ERRORS'], 'WARNING'],
    ['COMPLETED', ['NO_EXCHANGE_OR_SQL_DATA_BACKED_UP'], 'SUCCEEDED'],
    ['COMPLETED', ['NO_DATA_RESTORED'], 'SUCCEEDED'],
    ['COMPLETED', ['NO_DATA_DELETED'], 'SUCCEEDED'],
    ['COMPLETED', ['RUNNING'], 'RUNNING'],
    ['', ['COMPLETED'], 'UNKNOWN'],
    ['FAILURE', ['ERRORS'], 'FAILED'],
  ])('reads status %s with types %j as %s', (status, types, expected) => {
    expect(mapReportStatus(data(status, types), {})).toEqual({ status: expected, raw: status });
  });

  it('shows no green beside logged errors, even when the types do not name them', () => {
    expect(mapReportStatus(data('COMPLETED', ['COMPLETED'], 3), {}).status).toBe('WARNING');
    expect(mapReportStatus(data('COMPLETED', ['COMPLETED'], 0), {}).status).toBe('SUCCEEDED');
  });

  it("leaves it to the partner's rules, and then to the operator, whether logged warnings count", () => {
    const logged = data('COMPLETED', ['COMPLETED'], 0, 3);
    expect(mapReportStatus(logged, {}).status).toBe('SUCCEEDED');
    expect(mapReportStatus(logged, { WARNINGS: 'warning' }).status).toBe('WARNING');
    expect(mapReportStatus({ ...logged, status: 'WARNING' }, {}).status).toBe('WARNING');
  });

  it.each([
    [{ CANCELED: 'completed' }, 'FAILURE', ['CANCELED'], 'SUCCEEDED'],
    [{ CANCELED: 'failed' }, 'COMPLETED', ['CANCELED'], 'FAILED'],
    [{ MISSED: 'failed' }, 'COMPLETED', ['MISSED'], 'FAILED'],
    [{ ERRORS: 'completed' }, 'FAILURE', ['ERRORS'], 'SUCCEEDED'],
    [{ WARNINGS: 'completed', ERRORS: 'failed' }, 'WARNING', ['WARNINGS', 'ERRORS'], 'FAILED'],
    [{ WARNINGS: 'completed', ERRORS: 'warning' }, 'FAILURE', ['ERRORS', 'WARNINGS'], 'WARNING'],
    [{ NO_FILE_DATA_BACKED_UP: 'failed' }, 'COMPLETED', ['COMPLETED', 'NO_FILE_DATA_BACKED_UP'], 'FAILED'],
    [{ TAPE_ON_FIRE: 'completed' }, 'COMPLETED', ['TAPE_ON_FIRE'], 'SUCCEEDED'],
    [{ WARNINGS: 'failed' }, 'COMPLETED', ['COMPLETED'], 'SUCCEEDED'],
    [{ CANCELED: 'failed' }, 'RUNNING', ['CANCELED'], 'RUNNING'],
  ] as const)('lets the operator say with %j that %s %j is %s', (rules, status, types, expected) => {
    expect(mapReportStatus(data(status, types), rules).status).toBe(expected);
  });

  it.each([
    [{ WARNINGS: 'completed' }, 'FAILURE', ['WARNINGS', 'ERRORS'], 'FAILED'],
    [{ NO_FILE_DATA_BACKED_UP: 'completed' }, 'WARNING', ['WARNINGS', 'NO_FILE_DATA_BACKED_UP'], 'WARNING'],
    [{ CANCELED: 'completed' }, 'COMPLETED', ['CANCELED', 'MISSED'], 'MISSED'],
    [{ WARNINGS: 'completed' }, 'FROZEN', ['WARNINGS'], 'UNKNOWN'],
  ] as const)('lets %j not cover up what it does not name: %s %j is %s', (rules, status, types, expected) => {
    expect(mapReportStatus(data(status, types), rules).status).toBe(expected);
  });

  it('is not fooled by a condition word that every object has as a member', () => {
    expect(mapReportStatus(data('COMPLETED', ['constructor']), {}).status).toBe('WARNING');
  });

  it('counts logged errors as a condition that needs a verdict of its own', () => {
    expect(mapReportStatus(data('FAILURE', ['WARNINGS'], 4, 1), { WARNINGS: 'completed' }).status).toBe('FAILED');
    expect(
      mapReportStatus(data('FAILURE', ['WARNINGS'], 4, 1), { WARNINGS: 'completed', ERRORS: 'warning' }).status,
    ).toBe('WARNING');
  });

  it.each([
    ['SUCCESS', data('COMPLETED', ['COMPLETED']), 'SUCCEEDED', 'SUCCESS'],
    ['SUCCESS', data('FAILURE', ['ERRORS']), 'FAILED', 'FAILURE'],
    ['SUCCESS', data('WARNING', ['WARNINGS']), 'WARNING', 'WARNING'],
    ['SUCCESS', data('COMPLETED', ['ERRORS']), 'WARNING', 'COMPLETED'],
    ['SUCCESS', data('FROZEN'), 'UNKNOWN', 'FROZEN'],
    ['SUCCESS', data(undefined), 'SUCCEEDED', 'SUCCESS'],
    ['SUCCESS', data(undefined, [], 2), 'WARNING', 'SUCCESS'],
    ['SUCCESS', data(undefined, ['CANCELED']), 'CANCELED', 'SUCCESS'],
    ['ERROR', data('COMPLETED', ['COMPLETED']), 'FAILED', 'ERROR'],
    ['ERROR', data('FAILURE', ['CANCELED']), 'FAILED', 'ERROR'],
    ['CANCELED', data('COMPLETED'), 'CANCELED', 'CANCELED'],
    ['CANCELED', data('FAILURE', ['MISSED']), 'CANCELED', 'CANCELED'],
    ['RUNNING', data('RUNNING', ['RUNNING']), 'RUNNING', 'RUNNING'],
    ['RUNNING', data('COMPLETED'), 'RUNNING', 'RUNNING'],
    ['RUNNING', data('WARNING', ['WARNINGS']), 'RUNNING', 'RUNNING'],
    ['RUNNING', data('FAILURE', ['ERRORS']), 'FAILED', 'FAILURE'],
    ['UNINITIALIZED', data(undefined), 'QUEUED', 'UNINITIALIZED'],
    ['SLEEPING', data('COMPLETED'), 'UNKNOWN', 'SLEEPING'],
    [undefined, data('COMPLETED'), 'SUCCEEDED', 'COMPLETED'],
    [undefined, data(undefined), 'UNKNOWN', undefined],
  ])('lets the worse of history status %s and %j win: %s', (word, conditions, status, raw) => {
    expect(mapActionStatus(word, conditions, {})).toEqual({ status, raw });
  });

  it.each([
    ['CANCELED', data('FAILURE', ['CANCELED']), { CANCELED: 'completed' }, 'SUCCEEDED'],
    ['CANCELED', data(undefined), { CANCELED: 'completed' }, 'SUCCEEDED'],
    ['ERROR', data('FAILURE', ['ERRORS']), { ERRORS: 'warning' }, 'WARNING'],
    ['SUCCESS', data('COMPLETED', ['NO_FILE_DATA_BACKED_UP']), { NO_FILE_DATA_BACKED_UP: 'failed' }, 'FAILED'],
    ['ERROR', data('COMPLETED'), { ERRORS: 'completed' }, 'FAILED'],
    ['ERROR', data('RUNNING', ['WARNINGS']), { WARNINGS: 'completed' }, 'FAILED'],
    ['SLEEPING', data('COMPLETED', ['WARNINGS']), { WARNINGS: 'completed' }, 'UNKNOWN'],
  ] as const)('heeds the operator for history status %s, %j and %j: %s', (word, conditions, rules, status) => {
    expect(mapActionStatus(word, conditions, rules).status).toBe(status);
  });

  it('keeps the first of two readings that are alike', () => {
    expect(worseReading({ status: 'FAILED', raw: 'ERROR' }, { status: 'FAILED', raw: 'FAILURE' }).raw).toBe('ERROR');
  });
});
